"""How an SMS is cut into parts, which is what it is billed by. Pure.

Text of the GSM 7-bit alphabet: 160 units in one part, 153 in each of several; its extension takes
two units a character. One character outside of it turns the whole text into UCS-2: 70 in one part,
67 in each of several. A character of two units is not torn apart by the end of a part.
"""

import unicodedata
from dataclasses import dataclass

from apps.notifications.engines.sinks import plain as visible

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_ALONE_GSM, _EACH_GSM = 160, 153
_ALONE_UCS2, _EACH_UCS2 = 70, 67
_BMP_END = 0xFFFF
_CUT = "..."

# What typographers and word processors put there, in the alphabet's own characters: one curly quote
# more than halves what fits into a part.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " "),
        **{chr(space): " " for space in range(0x2000, 0x200B)},
        **dict.fromkeys("•·", "-"),
        "…": "...",
    }
)
# Nobody sees them.
_UNSEEN = frozenset("\u00ad\u200b\u2060\ufeff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """`units` are septets of GSM text, else UTF-16 code units. No text is one part, too."""

    gsm: bool
    units: int
    parts: int


def segments(text: str) -> Segments:
    gsm = all(character in _GSM or character in _EXTENSION for character in text)
    sizes = [_size(character, gsm=gsm) for character in text]
    units = sum(sizes)
    alone, each = (_ALONE_GSM, _EACH_GSM) if gsm else (_ALONE_UCS2, _EACH_UCS2)
    parts = 1 if units <= alone else _packed(sizes, each)
    return Segments(gsm=gsm, units=units, parts=parts)


def plain(text: str) -> str:
    """As `sinks.plain`, with the alphabet's own characters where any of them do."""
    composed = unicodedata.normalize("NFC", visible(text)).translate(_PLAIN)
    return "".join(
        character
        for character in composed
        if character not in _UNSEEN and unicodedata.category(character) != "Cs"
    )


def fitted(text: str, *, tail: str, most: int) -> str:
    """`text` and `tail` in at most so many parts: what is too much is cut off before the tail.

    A tail that does not fit by itself is left out.
    """
    if segments(_CUT + tail).parts > most:
        tail = ""
    if segments(text + tail).parts <= most:
        return text + tail
    low, high = 0, min(len(text), most * _ALONE_GSM)
    while low < high:
        middle = (low + high + 1) // 2
        if segments(text[:middle] + _CUT + tail).parts <= most:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _CUT + tail


def _size(character: str, *, gsm: bool) -> int:
    if gsm:
        return 2 if character in _EXTENSION else 1
    return 2 if ord(character) > _BMP_END else 1


def _packed(sizes: list[int], each: int) -> int:
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            parts, filled = parts + 1, 0
        filled += size
    return parts
