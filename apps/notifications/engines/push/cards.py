"""What the service worker is told, as JSON that fits into one message."""

import json
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

# More than this no notification shows; the page has the whole text.
MOST_BODY_CHARACTERS = 1_000

_CUT = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """What the worker sends when it is pressed, and what it is called."""

    action: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`tag` is the notification's id, `group` what may be gathered, `at` Unix milliseconds.

    `url` is a path of this installation. `token` is what `actions` are done with.
    """

    title: str
    body: str
    tag: str
    group: str
    url: str
    at: int
    urgent: bool
    actions: tuple[Button, ...] = ()
    token: str = ""


def card_json(card: Card, *, most_bytes: int) -> bytes:
    """UTF-8; the body is shortened until it fits, then the title."""
    body = _cut(card.body, MOST_BODY_CHARACTERS)
    fitting = _fitted(card, body, lambda text: replace(card, body=text), most_bytes)
    if _size(fitting) > most_bytes:
        bare = fitting
        fitting = _fitted(bare, bare.title, lambda text: replace(bare, title=text), most_bytes)
    return _encoded(fitting)


def _fitted(card: Card, text: str, with_text: Callable[[str], Card], most_bytes: int) -> Card:
    """`card` with as much of `text` as there is room for."""
    whole = with_text(text)
    if _size(whole) <= most_bytes:
        return whole
    lengths = range(len(text))
    room = bisect_right(lengths, most_bytes, key=lambda n: _size(with_text(_cut(text, n))))
    return with_text(_cut(text, room - 1) if room else "")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + _CUT


def _size(card: Card) -> int:
    return len(_encoded(card))


def _encoded(card: Card) -> bytes:
    return json.dumps(asdict(card), ensure_ascii=False, separators=(",", ":")).encode()
