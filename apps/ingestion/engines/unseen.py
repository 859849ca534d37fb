"""Single declarations that put a text out of sight, each property by itself."""

import re
from collections.abc import Callable
from typing import Final

Reader = Callable[[str], bool | None]

_LENGTH: Final = re.compile(
    r"([-+]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))"
    r"(%|px|pt|r?em|r?ex|r?ch|r?lh|pc|mm|cm|in|q|[sld]?v(?:[whbi]|min|max)|)"
)
_INHERITED: Final = frozenset(("inherit", "unset", "revert", "revert-layer"))
# Of the surrounding size.
_RELATIVE: Final = frozenset(("em", "%", "ex", "ch"))
_RELATIVE_TO_LETTERS: Final = frozenset(("em", "rem", "ex", "ch", "lh"))
# What such a unit is at least, in pixels.
_LETTER: Final = 8.0
# Letters no higher than this are a line at best.
_TINY: Final = {
    "px": 1.0,
    "pt": 1.0,
    "em": 0.1,
    "rem": 0.1,
    "%": 10.0,
    "ex": 0.2,
    "ch": 0.2,
    "mm": 0.3,
    "cm": 0.03,
    "in": 0.01,
    "pc": 0.08,
    "vw": 0.1,
    "vh": 0.1,
}
_KEYWORD: Final = re.compile(
    r"inherit|initial|unset|revert(?:-layer)?|auto|none|-?[a-z]*-?(?:available|content)"
)
_FONT_WORD: Final = re.compile(
    r"(?:x{1,2}-|x{1,3}-(?=l))?(?:small|large)|medium|larger|smaller|math"
    r"|inherit|initial|unset|revert(?:-layer)?"
)
_DISPLAY: Final = re.compile(
    r"none|contents|block|(?:inline-)?(?:block|flex|grid|table)|inline|list-item|flow(?:-root)?"
    r"|table(?:-[a-z-]+)?|-(?:webkit|ms|moz)-[a-z-]+|run-in|ruby(?:-[a-z-]+)?|initial|revert"
    r"|(?:inherit|unset|revert-layer)|[a-z]+ [a-z-]+"
)
_SCALED: Final = re.compile(r"scale(?:[xy]|3d)?\(\s*+[-+]?(?:0++\.?|\.0)0*+%?\s*+[,)]")
_RECT: Final = re.compile(r"rect\(\s*+0[a-z]*+(?:[\s,]++0[a-z]*+){3}\s*+\)")
_INSET: Final = re.compile(r"inset\(\s*+(?:[5-9]\d|\d{3,})(?:\.\d*)?%|circle\(\s*+0[a-z%]*+[\s)]")
_FAINT: Final = re.compile(r"opacity\(\s*+(?:0*\.0\d*|0+\.?|0*\d(?:\.\d*)?%)\s*+\)")
# Of 1: nearly as clear as glass.
_CLEAR: Final = 0.1
_FAR: Final = -1000
_WRITING: Final = frozenset(("width", "height", "max-width", "max-height"))


def is_tiny(size: str) -> bool | None:
    """Whether letters of a `font-size` have no height; None: as the letters around them."""
    found = _LENGTH.fullmatch(size)
    if found is None:
        relative = size in _INHERITED or size in ("larger", "smaller", "")
        return None if relative else False
    number, unit = float(found.group(1)), found.group(2)
    if number <= _TINY.get(unit, 0.0):
        return True
    return None if unit in _RELATIVE else False


def is_invisible(visibility: str) -> bool | None:
    """Of a `visibility`; None: as what is around."""
    return None if visibility in _INHERITED else visibility in ("hidden", "collapse")


def _is_size(value: str) -> bool | None:
    known = _LENGTH.fullmatch(value) or _FONT_WORD.fullmatch(value) or "(" in value
    return False if known and not value.startswith("-") else None


def _is_visibility(value: str) -> bool | None:
    known = value in ("visible", "hidden", "collapse", "initial") or value in _INHERITED
    return False if known else None


def _no_display(value: str) -> bool | None:
    return value == "none" if _DISPLAY.fullmatch(value) or "(" in value else None


def _length(limit: Callable[[float], bool]) -> Reader:
    def reader(value: str) -> bool | None:
        found = _LENGTH.fullmatch(value)
        if found is None:
            return False if _KEYWORD.fullmatch(value) or "(" in value else None
        scale = _LETTER if found.group(2) in _RELATIVE_TO_LETTERS else 1
        return limit(scale * float(found.group(1)))

    return reader


def _opacity(value: str) -> bool | None:
    found = _LENGTH.fullmatch(value)
    if found is None:
        return False if _KEYWORD.fullmatch(value) or "(" in value else None
    share = float(found.group(1)) / (100 if found.group(2) == "%" else 1)
    return share < _CLEAR


def _cut_off(value: str) -> bool | None:
    words = value.split()
    known = all(
        word in ("visible", "hidden", "clip", "scroll", "auto", "initial") for word in words
    )
    return bool({"hidden", "clip"} & set(words)) if words and known else None


def _matching(pattern: re.Pattern[str]) -> Reader:
    def reader(value: str) -> bool | None:
        if pattern.search(value):
            return True
        return False if _KEYWORD.fullmatch(value) or "(" in value else None

    return reader


# Whether a value puts out of sight; None for a value that means nothing.
READERS: Final[dict[str, Reader]] = {
    "display": _no_display,
    "visibility": _is_visibility,
    "content-visibility": _matching(re.compile("^hidden$")),
    "opacity": _opacity,
    "filter": _matching(_FAINT),
    "overflow": _cut_off,
    **dict.fromkeys(_WRITING, _length(lambda number: number == 0)),
    **dict.fromkeys(("left", "top", "text-indent"), _length(lambda number: number <= _FAR)),
    "transform": _matching(_SCALED),
    "clip": _matching(_RECT),
    "clip-path": _matching(_INSET),
    "font-size": _is_size,
}
_FOR_GOOD: Final = (
    *("display", "content-visibility", "opacity", "filter", "left", "top", "text-indent"),
    *("transform", "clip", "clip-path"),
)


def is_gone(values: dict[str, str]) -> bool:
    """Whether an element is out of sight with all that is in it, by its properties."""
    if any(READERS[name](values[name]) for name in _FOR_GOOD if name in values):
        return True
    cut_off = "overflow" in values and READERS["overflow"](values["overflow"])
    return bool(cut_off) and any(READERS[name](values[name]) for name in _WRITING if name in values)
