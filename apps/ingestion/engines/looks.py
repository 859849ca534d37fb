"""How text looks: what an element's style changes about it, and whether a reader sees it then."""

from typing import Final, NamedTuple

from apps.ingestion.engines.colors import (
    AROUND,
    BLACK,
    CLEAR,
    UNKNOWN,
    WHITE,
    Color,
    is_seen,
    legacy_color,
    over,
    parse_color,
)
from apps.ingestion.engines.concealed import Hidden
from apps.ingestion.engines.declarations import (
    ATTRIBUTE,
    BUILT_IN,
    STYLE,
    Declared,
    add,
    declare,
    merge,
)
from apps.ingestion.engines.unseen import is_gone, is_invisible, is_tiny

_GROUNDS: Final = frozenset(("body", "table", "tbody", "thead", "tfoot", "tr", "td", "th"))
_COLORED_BY: Final = {"font": "color", "body": "text"}
_TOP: Final = (True, STYLE, 0)
_BY_BROWSER: Final = (False, BUILT_IN, 0)
_BY_ATTRIBUTE: Final = (False, ATTRIBUTE, 0)


class Style(NamedTuple):
    """What an element changes; None for what stays as around it. `back` may be seen through."""

    front: Color | None = None
    back: Color | None = None
    sizeless: bool | None = None
    invisible: bool | None = None
    gone: bool = False


class Look(NamedTuple):
    """How text looks at a place; `gone` is out of sight, and all within it, whatever that says."""

    front: Color = BLACK
    back: Color = WHITE
    sizeless: bool = False
    invisible: bool = False
    gone: bool = False
    hidden: Hidden | None = None

    @property
    def takes_room(self) -> bool:
        """Whether blanks part words here, as they do in letters that cannot be made out."""
        return not (self.gone or self.sizeless)


PLAIN: Final = Look()


def within(look: Look, style: Style) -> Look:
    """The look of text in an element of this style that stands in text of this look."""
    front = look.front if style.front is None else style.front
    back = look.back if style.back is None else over(style.back, look.back)
    sizeless = look.sizeless if style.sizeless is None else style.sizeless
    invisible = look.invisible if style.invisible is None else style.invisible
    gone = look.gone or style.gone
    hidden = None
    if gone or invisible:
        hidden = Hidden.ELEMENT
    elif sizeless:
        hidden = Hidden.ZERO_FONT
    elif not is_seen(front, back):
        hidden = Hidden.ELEMENT
    return Look(front, back, sizeless, invisible, gone, hidden)


def read_style(tag: str, attributes: dict[str, str], by_sheet: Declared) -> Style | None:
    """What the attributes (of `read_attributes`) and the style sheets say together, if anything."""
    declared: Declared = {}
    _declare_built_in(declared, tag, attributes)
    merge(declared, by_sheet)
    if "style" in attributes:
        declare(declared, attributes["style"], STYLE)
    if not declared:
        return None
    values = {name: value for name, (_, value) in declared.items()}
    style = Style(
        front=_front(values),
        back=_back(values),
        sizeless=is_tiny(values["font-size"]) if "font-size" in values else None,
        invisible=is_invisible(values["visibility"]) if "visibility" in values else None,
        gone=is_gone(values),
    )
    return style if style != _NOTHING else None


_NOTHING: Final = Style()


def _declare_built_in(declared: Declared, tag: str, attributes: dict[str, str]) -> None:
    if tag == "template":
        add(declared, "display", "none", _TOP)
    if "hidden" in attributes:
        add(declared, "display", "none", _BY_ATTRIBUTE)
    if tag == "a" and "href" in attributes:
        # Which color a plain link has is its reader's own choice.
        add(declared, "color", "var()", _BY_BROWSER)
    if tag in _GROUNDS:
        if attributes.get("background"):
            add(declared, "background-image", "url()", _BY_ATTRIBUTE)
        _declare_legacy(declared, "background-color", attributes.get("bgcolor", ""))
    if tag in _COLORED_BY:
        _declare_legacy(declared, "color", attributes.get(_COLORED_BY[tag], ""))


def _declare_legacy(declared: Declared, name: str, value: str) -> None:
    color = legacy_color(value)
    if color is not None:
        add(declared, name, "#{:02x}{:02x}{:02x}".format(*map(int, color[:3])), _BY_ATTRIBUTE)


def _front(values: dict[str, str]) -> Color | None:
    if values.get("background-clip") == "text":
        return UNKNOWN
    for name in ("-webkit-text-fill-color", "color"):
        color = parse_color(values[name]) if name in values else AROUND
        if color != AROUND:
            return color
    return None


def _back(values: dict[str, str]) -> Color | None:
    if values.get("background-image", "none") not in ("none", "initial"):
        return UNKNOWN
    color = parse_color(values.get("background-color", "transparent"))
    return None if color in (AROUND, CLEAR) else color
