"""Which client a headline names: pure. News comes from no client's domain, so its words must do."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from apps.ingestion.engines.text import fold_invisible

# Shorter names are words of the language, or parts of other names, too often.
SHORTEST_NAME = 4

_WORD = re.compile(r"\w+")
# Typesetters' own: whoever enters a client's name types the plain ones.
_TYPESET: Final = str.maketrans(dict.fromkeys("’‘ʼ", "'") | dict.fromkeys("‐‑‒–—", "-"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The `clients` of one business by name, as names are compared, and the longest in words."""

    clients: Mapping[str, frozenset[int]]
    most_words: int


def names_of(clients: Iterable[tuple[int, str]]) -> Names:
    """Of (client, name); what is shorter than SHORTEST_NAME is left out."""
    found: dict[str, frozenset[int]] = {}
    most_words = 0
    for client_id, name in clients:
        spans = _spans(plain := _plain(name))
        key = plain[spans[0][0] : spans[-1][1]] if spans else ""
        if len(key) >= SHORTEST_NAME:
            found[key] = found.get(key, frozenset()) | {client_id}
            most_words = max(most_words, len(spans))
    return Names(clients=found, most_words=most_words)


def named_in(title: str, names: Names) -> int | None:
    """The one client whose name stands in `title` in whole words, in any case and typesetting.

    The longest name takes its words from shorter ones. None where no client is named, or several.
    """
    named: set[int] = set()
    taken: list[tuple[int, int]] = []
    for start, end, clients in sorted(_found(_plain(title), names), key=_longest_first):
        if not any(start < last and first < end for first, last in taken):
            taken.append((start, end))
            named |= clients
    return named.pop() if len(named) == 1 else None


def _found(text: str, names: Names) -> list[tuple[int, int, frozenset[int]]]:
    """Every name in `text`, with where it begins and ends."""
    spans = _spans(text)
    return [
        (start, end, names.clients[text[start:end]])
        for index, (start, _) in enumerate(spans)
        for _, end in spans[index : index + names.most_words]
        if text[start:end] in names.clients
    ]


def _longest_first(found: tuple[int, int, frozenset[int]]) -> tuple[int, int]:
    start, end, _ = found
    return start - end, start


def _spans(text: str) -> list[tuple[int, int]]:
    return [word.span() for word in _WORD.finditer(text)]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", fold_invisible(text)).casefold()
    return " ".join(folded.translate(_TYPESET).split())
