"""Foreign text made plain, short and free of what nobody can see."""

import re
import unicodedata
from dataclasses import dataclass

from apps.ingestion.engines.markup import Sight, looks_like_html, read_markup

# How far back a cut may move to keep a letter and its marks together.
CUT_BACKTRACK = 32
# Markup may be this many times longer than the text that is kept of it.
MARKUP_FACTOR = 30

_ZERO_WIDTH_JOINER = "\u200d"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ASCII_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
_BLANK_LINES = re.compile(r"\n{3,}")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`truncated` says that something was lost; `hidden` what kinds of text no reader sees."""

    text: str
    truncated: bool = False
    hidden: tuple[str, ...] = ()


def plain_text(html_or_text: str) -> str:
    """What a reader of this mail sees, as plain text; lines kept, no control characters.

    HTML is recognised by its tags. Hidden elements, scripts and styles are dropped: what the
    reader cannot see must not reach a model either. Linear in the length of the input.
    """
    return _read(html_or_text).text


def _read(html_or_text: str) -> Sight:
    found = read_markup(html_or_text) if looks_like_html(html_or_text) else Sight(html_or_text)
    return Sight(_tidy(found.text), found.hidden)


def _tidy(text: str) -> str:
    text = _without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "\n".join([line.rstrip() for line in text.split("\n")])
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def excerpt(html_or_text: str, limit: int) -> Excerpt:
    """`plain_text` cut to `limit` characters. Of markup MARKUP_FACTOR times as much is read."""
    read = html_or_text[: limit * MARKUP_FACTOR]
    found = _read(read)
    text, lost = cut(found.text, limit)
    return Excerpt(text, lost or len(read) < len(html_or_text), found.hidden)


def one_line(text: str) -> str:
    """For subjects and names: whitespace of any kind is one space, control characters are gone."""
    return _without_controls(" ".join(text.split()))


def cut(text: str, limit: int) -> tuple[str, bool]:
    """At most `limit` characters, and whether anything was lost.

    A letter is not parted from its combining marks, nor an emoji from what it is joined to,
    unless that would cost more than CUT_BACKTRACK characters.
    """
    if len(text) <= limit:
        return text, False
    for end in range(limit, max(limit - CUT_BACKTRACK, 0), -1):
        if not _belongs_to_previous(text, end):
            return text[:end], True
    return text[:limit], True


def fold_invisible(text: str) -> str:
    """Without zero-width, bidi-control, variation-selector and Unicode tag characters."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def _without_controls(text: str) -> str:
    """Without control characters other than tab and line ends."""
    # For ASCII translate() is four times faster than a pattern, for the rest ten times slower.
    return text.translate(_ASCII_CONTROLS) if text.isascii() else _CONTROLS.sub("", text)


def _belongs_to_previous(text: str, index: int) -> bool:
    character = text[index]
    return (
        unicodedata.combining(character) != 0
        or character == _ZERO_WIDTH_JOINER
        or text[index - 1] == _ZERO_WIDTH_JOINER
        or "\ufe00" <= character <= "\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\udc00" <= character <= "\udfff"
    )
