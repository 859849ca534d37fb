"""Text without a size: what a mail shows in letters of no height, or next to none.

Mail builders set `font-size: 0` around text that sets its own size, so an element tells nothing by
itself: what counts is the nearest size.
"""

import re
from typing import Final

_SIZE = re.compile(
    r"font-size\s*:\s*(?:([0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})([a-z%]{0,4})|(inherit)?)"
    r"|font\s*:\s*(0+(?:\.0*)?(?![.\d]))?",
    re.IGNORECASE,
)
# Of the surrounding size, which is none.
_RELATIVE: Final = frozenset(("em", "%", "ex", "ch"))
# Letters no higher than this are a line at best.
_TINY: Final = {"px": 1.0, "pt": 1.0, "em": 0.1, "rem": 0.1}
VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
# One of these begins where the last one of its kind has not ended.
_ENDED_BY_THE_NEXT: Final = frozenset(("p", "li", "td", "th", "tr", "dt", "dd"))
# The end of one of these ends all that is open in it, also where its beginning was never seen.
_FRAMES: Final = frozenset(
    ("body", "center", "div", "html", "section", "table", "tbody", "td", "tr")
)
# How far up an end is looked for: real mail nests less deep, and hostile mail costs no more.
_REACH: Final = 64


class FontSizes:
    """The elements that are `open` since a size of zero, and whether text in them has a size."""

    def __init__(self) -> None:
        self.open: list[tuple[str, bool]] = []

    @property
    def sizeless(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def begin(self, name: str, attributes: str) -> None:
        if name in VOID or attributes.endswith("/"):
            return
        if name in _ENDED_BY_THE_NEXT and self.open and self.open[-1][0] == name:
            self.open.pop()
        sizeless = _is_sizeless(attributes, inherited=self.sizeless)
        if sizeless or self.open:
            self.open.append((name, sizeless))

    def end(self, name: str) -> None:
        for depth in range(1, min(len(self.open), _REACH) + 1):
            if self.open[-depth][0] == name:
                del self.open[-depth:]
                return
        if name in _FRAMES:
            self.open.clear()


def _is_sizeless(attributes: str, *, inherited: bool) -> bool:
    size = _SIZE.search(attributes)
    if size is None or size[3]:
        return inherited
    if size[1] is None:
        return size[4] is not None
    if float(size[1]) <= _TINY.get(size[2].lower(), 0.0):
        return True
    return inherited and size[2].lower() in _RELATIVE
