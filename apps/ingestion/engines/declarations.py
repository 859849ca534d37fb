"""What styles declare, as far as it can hide a text: read from attributes and from style sheets.

CSS's own rules decide between declarations: an `!important` one first, then the nearer selector,
then the later one; one whose value means nothing is as good as not written. `mso-hide` is not read:
it hides from Outlook alone, and what some readers see is not hidden.
"""

import re
from typing import Final

from apps.ingestion.engines.colors import parse_color
from apps.ingestion.engines.unseen import READERS

# Whether it is important, how near its selector is, and where it stands.
Rank = tuple[bool, int, int]
# By property, shorthands taken apart.
Declared = dict[str, tuple[Rank, str]]

# How near: what the browser and old attributes say, then sheets (a tag counts 1, a class 10, an id
# 100), then the style attribute.
BUILT_IN, ATTRIBUTE, STYLE = -2, -1, 1000

_PROPERTIES: Final = frozenset(
    (
        *("color", "-webkit-text-fill-color", "background", "background-color", "background-image"),
        *("background-clip", "-webkit-background-clip", "font", "font-size", "display", "opacity"),
        *("visibility", "content-visibility", "filter", "overflow", "overflow-x", "overflow-y"),
        *("width", "height", "max-width", "max-height", "left", "top", "text-indent"),
        *("transform", "clip", "clip-path"),
    )
)
_INITIAL_COLORS: Final = {
    "color": "canvastext",
    "background-color": "transparent",
    "-webkit-text-fill-color": "currentcolor",
}
_COMMENT: Final = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|$)")
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.DOTALL)
# What stands in quotes or is an address declares nothing, whatever it looks like.
_QUOTED: Final = re.compile(r""""[^"]*+(?:"|$)|'[^']*+(?:'|$)""")
_ADDRESS: Final = re.compile(r"url\([^)]*+(?:\)|$)")
_IMPORTANT: Final = re.compile(r"!\s*+important\s*+$")

_IMAGE: Final = re.compile(r"^(?:url|[a-z-]*gradient|image|image-set|cross-fade|element|paint)\(")
_BACK_TOKEN: Final = re.compile(r"[^\s,/(]++(?:\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)?)?")
_BACK_WORD: Final = re.compile(
    r"none|(?:no-)?repeat(?:-[xy])?|round|space|scroll|fixed|local|center|top|bottom|left|right"
    r"|cover|contain|auto|(?:border|padding|content)-box|text|initial|[-+]?[\d.]+[a-z%]*"
)
_SIZE: Final = re.compile(
    r"(?:^|\s)(0+(?:\.0*)?(?=[\s/]|$)|(?:\d+(?:\.\d*)?|\.\d+)(?:[a-z]{2,4}|%)(?=[\s/]|$))"
)


def declare(into: Declared, text: str, near: int, place: int = 0) -> None:
    """Adds what `text`, in lower case, declares: `near` and `place` say who is right in the end."""
    for declaration in _readable(text).split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip(), value.strip()
        if name not in _PROPERTIES:
            continue
        important = "!" in value and _IMPORTANT.search(value) is not None
        if important:
            value = value[: value.rindex("!")].rstrip()
        for plain_name, plain_value in _plain(name, value):
            add(into, plain_name, plain_value, (important, near, place))


def add(into: Declared, name: str, value: str, rank: Rank) -> None:
    """One property, unless a stronger declaration is there already."""
    if name not in into or into[name][0] <= rank:
        into[name] = rank, value


def merge(into: Declared, other: Declared) -> None:
    """All of `other`, where nothing stronger is there already."""
    for name, (rank, value) in other.items():
        add(into, name, value, rank)


def without_comments(text: str) -> str:
    return _COMMENT.sub("", text) if "/*" in text else text


def _readable(text: str) -> str:
    text = without_comments(text)
    if "\\" in text:
        text = _ESCAPE.sub(_letter, text)
    if '"' in text or "'" in text:
        text = _QUOTED.sub("''", text)
    return _ADDRESS.sub("url()", text) if "url(" in text else text


def _letter(found: re.Match[str]) -> str:
    code, letter = found.groups()
    return letter if code is None else chr(min(int(code, 16), 0x10FFFF)).lower()


def _plain(name: str, value: str) -> list[tuple[str, str]]:
    """(property, value) without shorthands and prefixes; empty for a value that means nothing."""
    if name == "background":
        return _background(value)
    if name == "font":
        size = _SIZE.search(value)
        absolute = "inherit" if value in ("inherit", "unset") else "medium"
        return [("font-size", size.group(1) if size else absolute)]
    if name in _INITIAL_COLORS:
        value = _INITIAL_COLORS[name] if value == "initial" else value
        return [(name, value)] if parse_color(value) else []
    name = name.removeprefix("-webkit-").removesuffix("-x").removesuffix("-y")
    known = name not in READERS or READERS[name](value) is not None
    return [(name, value)] if known else []


def _background(value: str) -> list[tuple[str, str]]:
    color, image = "transparent", "none"
    for token in _BACK_TOKEN.findall(value):
        if _IMAGE.match(token):
            image = "url()"
        elif parse_color(token):
            color = token
        elif not _BACK_WORD.fullmatch(token):
            return []
    return [("background-color", color), ("background-image", image)] if value else []
