"""What a reader of a message cannot see but a model would read: found, named and taken out.

Much of it is innocent (an emoji's joiner, a direction mark in Hebrew): that is taken out without a
word. A name stands for what has hardly any other purpose than to hide.

Markup is read before an event is made, by `ingestion.engines.markup`, and the fact says what kinds
of text were hidden in it. A preheader, which nearly every newsletter hides at its top, is no reason
for a flag. The flag is information: what was hidden has reached no model, so a verdict is none the
worse for it, and a second layout for small screens is hidden just like an attack. The exception is
text that speaks to a model (ORDERS): nobody hides that by accident, see `bounds`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from apps.classification.types import Signal, Verdict
from apps.ingestion.engines.concealed import Hidden
from apps.ingestion.engines.markup import looks_like_html, read_markup
from apps.ingestion.engines.text import fold_invisible

SIGNAL_CODE: Final = "hidden_text"

_CHARACTERS: Final = {
    # Flags of England, Scotland and Wales are a black flag and tag characters.
    "tag_characters": re.compile("(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0000-\U000e007f]"),
    "bidi_controls": re.compile("[\u202a-\u202e\u2066-\u2069]"),
    # Inside a word; around words it is the padding of newsletters.
    "zero_width": re.compile(
        "(?<=\\w)[\u200b\u2060-\u2064\ufeff]+(?=\\w)|(?<=[A-Za-z])[\u200c\u200d]+(?=[A-Za-z])"
    ),
    "variation_selectors": re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"),
}
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
# Outlook's own conditions: taken out, but no reason to suspect anybody.
_CONDITION: Final = ("[if", "<![endif")
# Bounded, so that a text of "<a <a <a" costs no more than its length.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b([^<>]{0,1000})>")
_STYLE_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0+(?:\.0+)?\s*(?:[;\"']|$)",
    re.IGNORECASE,
)
_FONT_SIZE = re.compile(r"font-size\s*:\s*([0-9.]+)|\bfont\s*:\s*([0-9.]+)", re.IGNORECASE)
_VOID: Final = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"))


@dataclass(frozen=True, slots=True)
class Revealed:
    """`text` as a reader sees it; `found` names what was taken out, sorted, each once."""

    text: str
    found: tuple[str, ...] = ()


def reveal(text: str) -> Revealed:
    """`text`, which may be HTML, without what its reader cannot see."""
    found = {name for name, pattern in _CHARACTERS.items() if pattern.search(text)}
    if "<" in text and (looks_like_html(text) or "<!--" in text):
        text, in_markup = _without_hidden_markup(text)
        found |= in_markup
    return Revealed(fold_invisible(text), tuple(sorted(found)))


def hidden_signals(*texts: str, removed: Iterable[str] = ()) -> tuple[Signal, ...]:
    """One Signal that names all that is hidden in `texts` or was `removed` before, or none."""
    found = {name for text in texts for name in reveal(text).found}
    names = sorted(found.union(removed) - {Hidden.PREHEADER})
    return (Signal(code=SIGNAL_CODE, detail=", ".join(names)),) if names else ()


def flagged(verdict: Verdict, *texts: str, removed: Iterable[str] = ()) -> Verdict:
    """`verdict` with one Signal of what is or was hidden in the texts it is about."""
    others = (signal for signal in verdict.signals if signal.code != SIGNAL_CODE)
    return replace(verdict, signals=(*others, *hidden_signals(*texts, removed=removed)))


def hides_orders(verdict: Verdict) -> bool:
    """Whether a text that speaks to a model was taken out; ask after `flagged`."""
    return any(
        signal.code == SIGNAL_CODE and Hidden.ORDERS in signal.detail.split(", ")
        for signal in verdict.signals
    )


def _without_hidden_markup(document: str) -> tuple[str, set[str]]:
    found = set()
    comments = filter(None, map(str.strip, _COMMENT.findall(document)))
    if not all(comment.startswith(_CONDITION) for comment in comments):
        found.add("html_comment")
    document = _COMMENT.sub("", document)
    if any(_STYLE_HIDES.search(tag[2]) for tag in _TAG.findall(document)):
        found.add("hidden_element")
    sized = _without_zero_font(document)
    if sized != document:
        found.add("zero_font")
    if not looks_like_html(sized):
        return sized, found
    sight = read_markup(sized)
    return sight.text, found.union(sight.hidden) - {Hidden.PREHEADER}


def _without_zero_font(document: str) -> str:
    """Without text whose nearest font size is zero: mail builders set one around sized text."""
    pieces: list[str] = []
    open_tags: list[tuple[str, bool]] = []
    position = 0
    for tag in _TAG.finditer(document):
        text = document[position : tag.start()]
        pieces += (text if not (open_tags and open_tags[-1][1]) else "", tag[0])
        position = tag.end()
        _follow(open_tags, closing=tag[1] == "/", name=tag[2].lower(), attributes=tag[3])
    return "".join(pieces) + document[position:]


def _follow(
    open_tags: list[tuple[str, bool]], *, closing: bool, name: str, attributes: str
) -> None:
    """Keep the stack of open tags, each with whether text directly in it has no size."""
    if closing:
        if any(name == opened for opened, _ in open_tags[-32:]):
            while open_tags.pop()[0] != name:
                pass
    elif name not in _VOID and not attributes.endswith("/"):
        inherited = bool(open_tags) and open_tags[-1][1]
        size = _FONT_SIZE.search(attributes)
        invisible = _is_zero(size[1] or size[2]) if size else inherited
        open_tags.append((name, invisible))


def _is_zero(digits: str) -> bool:
    return not digits.strip("0.")
