"""Which elements are open at a place of a mail, by the rules of HTML for what ends what.

Hostile and careless mail leaves elements open and ends what never began. A browser is not led
astray by either, so what it does is done here, in time linear in the document: every element is
put on the stack once and taken off once, but for a few that a browser begins anew.
"""

from typing import Final

from apps.ingestion.engines.looks import PLAIN, Look, Style, within

VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_FOREIGN: Final = ("svg", "math")
_CELLS: Final = ("td", "th", "caption")
_ROWS: Final = frozenset((*_CELLS, "tr", "tbody", "thead", "tfoot"))
# An end of something else does not reach beyond these.
_WALLS: Final = frozenset((*_CELLS, "table"))
_ROOTS: Final = frozenset(("html", "body"))
# An end of a block leaves these to go on after it.
_GO_ON: Final = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u")
)
_BLOCKS: Final = (
    *("address", "article", "aside", "blockquote", "center", "dd", "dir", "div", "dl", "dt"),
    *("fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
    *("li", "main", "menu", "nav", "ol", "p", "pre", "section", "table", "ul"),
)
# What the beginning of an element ends, down to the nearest of what holds such elements.
_ENDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    **dict.fromkeys(_BLOCKS, (("p",), ())),
    "a": (("a",), ()),
    "li": (("p", "li"), ("ul", "ol", "menu", "dir")),
    **dict.fromkeys(("dt", "dd"), (("p", "dt", "dd"), ("dl",))),
    **dict.fromkeys(_CELLS, (_CELLS, ("table",))),
    "tr": (("tr", *_CELLS), ("table",)),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (tuple(_ROWS), ("table",))),
}
# A browser bounds what it begins anew, too.
_BEGUN_ANEW_MAX: Final = 4
_LIFTED_OVER_MAX: Final = 24


class Nesting:
    """The open elements; `look` is that of text at this place."""

    def __init__(self) -> None:
        self.look: Look = PLAIN
        # Each with the look around it, and where the open ones of a name stand.
        self._open: list[tuple[str, Style | None, Look]] = []
        self._places: dict[str, list[int]] = {}
        self._walls: list[int] = []

    def begin(self, name: str, style: Style | None, *, closed: bool) -> None:
        """`closed`: its tag ends with a slash, which counts in drawings and formulas alone."""
        if name in _ENDS:
            self._end_before(name)
        if name in VOID or (closed and self._is_foreign(name)):
            return
        # Without a style it changes nothing, and in a mail most are of this kind.
        if style is None and name in _GO_ON and not self._places.get(name):
            return
        self._push(name, style)

    def end(self, name: str) -> None:
        """Of what never began nothing ends."""
        places = self._places.get(name)
        if not places or places[-1] < self._reach(name):
            return
        if name in _ROOTS and len(places) == 1:
            return
        at = places[-1]
        if at == len(self._open) - 1:
            self._pop()
        elif name in _GO_ON and len(self._open) - at <= _LIFTED_OVER_MAX:
            self._lift(at)
        else:
            self._cut(at)

    def _push(self, name: str, style: Style | None) -> None:
        at = len(self._open)
        self._open.append((name, style, self.look))
        places = self._places.get(name)
        if places is None:
            self._places[name] = [at]
        else:
            places.append(at)
        if name in _WALLS:
            self._walls.append(at)
        if style is not None:
            self.look = within(self.look, style)

    def _pop(self) -> tuple[str, Style | None]:
        name, style, self.look = self._open.pop()
        self._places[name].pop()
        if name in _WALLS:
            self._walls.pop()
        return name, style

    def _cut(self, at: int) -> None:
        """Ends the element at this place, and what is open in it."""
        kept: list[tuple[str, Style | None]] = []
        while len(self._open) > at:
            name, style = self._pop()
            if name in _WALLS:
                kept.clear()
            elif name in _GO_ON and style and len(self._open) > at and len(kept) < _BEGUN_ANEW_MAX:
                kept.append((name, style))
        for name, style in reversed(kept):
            self._push(name, style)

    def _lift(self, at: int) -> None:
        """Ends the element at this place, but not what is open in it."""
        inner = [self._pop() for _ in range(len(self._open) - at)]
        for name, style in reversed(inner[:-1]):
            self._push(name, style)

    def _reach(self, name: str) -> int:
        if name == "table":
            return 0
        if name in _ROWS:
            return self._last("table")
        return self._walls[-1] if self._walls else 0

    def _last(self, name: str) -> int:
        places = self._places.get(name)
        return places[-1] if places else 0

    def _end_before(self, name: str) -> None:
        ended, holders = _ENDS[name]
        floor = -1
        for one in ended:
            places = self._places.get(one)
            if places:
                if floor < 0:
                    floor = self._floor(name, holders)
                if places[-1] >= floor:
                    self._cut(places[-1])

    def _floor(self, name: str, holders: tuple[str, ...]) -> int:
        floor = 0 if name in _ROWS or not self._walls else self._walls[-1]
        return max(floor, *map(self._last, holders)) if holders else floor

    def _is_foreign(self, name: str) -> bool:
        return name in _FOREIGN or any(self._places.get(one) for one in _FOREIGN)
