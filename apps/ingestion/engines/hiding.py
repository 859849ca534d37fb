"""What of a mail's markup a reader does not see, by the style of one element: pure.

`read_style` says it of an element's own attributes, `Sheet` of the classes and ids of the mail's
style sheets. Only what is hidden for everybody counts: what is inside @media shows somewhere.
"""

import re
from collections.abc import Set
from dataclasses import dataclass, field

HIDDEN = "hidden"

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden"
    r"|(?:opacity|max-height)\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:[;!\"']|$)"
    # Nearly as clear as glass, without a colour, pushed off the page, or shrunk to nothing.
    r"|opacity\s*:\s*0?\.0\d"
    r"|(?<![\w-])color\s*:\s*(?:transparent|rgba\([^()\"';]{0,40}[,/]\s*0?\.?0+%?\s*\))"
    r"|(?<![\w-])(?:left|top|text-indent)\s*:\s*-\d{4}"
    r"|transform\s*:\s*scale\(\s*0?\.?0*\s*[,)]"
    r"|clip\s*:\s*rect\(\s*0(?:px)?[\s,]+0(?:px)?[\s,]+0(?:px)?[\s,]+0(?:px)?\s*\)"
    r"|clip-path\s*:\s*inset\(\s*(?:[5-9]\d|100)%"
    r"|(?P<sizeless>font(?:-size)?\s*:\s*0+(?:\.0*)?(?![.\d])"
    r"|font-size\s*:\s*(?:1(?:\.0+)?|0?\.\d+)p[xt]|font-size\s*:\s*0?\.0\d*r?em)"
)
# Whatever hides without a word begins like this; it is found in a tenth of the time.
_HINT = re.compile(r":\s*(?:0|\.\d|1px|1\.0|-\d|rgba|transparent|scale|rect|inset|#|rgb|white)")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_ATTRIBUTE = re.compile(r"(?:^|[\s/])hidden(?=[\s/=]|$)")
_NO_SIZE = re.compile(r"(?<![\w-])(?:width|height)\s*:\s*0+(?:px|pt|em|rem|%)?\s*(?:[;!\"']|$)")
_CUT_OFF = re.compile(r"overflow(?:-[xy])?\s*:\s*hidden")
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.DOTALL)

_COLOR = r"(#[0-9a-f]{3,6}|rgb\([\d\s,]{5,20}\)|white|black)"
# Possessive: a run of blanks is gone through once, however long.
_FRONT = re.compile(rf"(?<![\w-])color\s*+[:=]\s*+[\"']?\s*+{_COLOR}")
_BACK = re.compile(rf"(?:background(?:-color)?\s*+:|bgcolor\s*+=)\s*+[\"']?\s*+{_COLOR}")
# Of 255: nobody tells such colours apart.
_ALIKE = 12

_CLASSES = re.compile(r"""(?:^|\s)(class|id)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_SELECTOR = re.compile(r"\s*+([a-z0-9]*+[.#][\w-]++)\s*+")
_SHEET_MAX = 200_000


def read_style(attributes: str, *, on_white: bool) -> Set[str]:
    """HIDDEN, "sizeless", both or neither, of lower-case attributes.

    `on_white`: the mail names no background at all, so that white letters are seen by nobody.
    """
    if "hidden" in attributes and _ATTRIBUTE.search(_QUOTED.sub("", attributes)):
        return {HIDDEN}
    if "\\" in attributes or "/*" in attributes:
        attributes = _ESCAPE.sub(_letter, _COMMENT.sub("", attributes))
    worded = "none" in attributes or "hidden" in attributes
    if not worded and not _HINT.search(attributes) and "color" not in attributes:
        return frozenset()
    if _NO_SIZE.search(attributes) and _CUT_OFF.search(attributes):
        return {HIDDEN}
    if "color" in attributes and _is_unseen(attributes, on_white):
        return {HIDDEN}
    return {found.lastgroup or HIDDEN for found in _HIDING.finditer(attributes)}


def _letter(found: re.Match[str]) -> str:
    code, letter = found.groups()
    return letter if code is None else chr(min(int(code, 16), 0x10FFFF)).lower()


def _is_unseen(attributes: str, on_white: bool) -> bool:
    front, back = _FRONT.search(attributes), _BACK.search(attributes)
    if front is None or (back is None and not on_white):
        return False
    behind = _rgb(back.group(1)) if back else (255, 255, 255)
    pairs = zip(_rgb(front.group(1)), behind, strict=True)
    return all(abs(one - other) <= _ALIKE for one, other in pairs)


def _rgb(color: str) -> tuple[int, int, int]:
    """Black for what is no colour."""
    if color == "white":
        return 255, 255, 255
    if color.startswith("rgb"):
        numbers = [int(number) for number in re.findall(r"\d{1,3}", color)[:3]]
    else:
        digits = color.removeprefix("#")
        short = [digit * 2 for digit in digits[:3]]
        pairs = short if len(digits) == 3 else [digits[at : at + 2] for at in (0, 2, 4)]
        numbers = [int(pair, 16) for pair in pairs] if len(digits) in (3, 6) else []
    red, green, blue = [*numbers, 0, 0, 0][:3]
    return red, green, blue


@dataclass(slots=True)
class Sheet:
    """The classes and ids that hide what has them (".x", "p.x", "#x"); the last rule counts."""

    _hiding: set[str] = field(default_factory=set)

    def read(self, text: str) -> None:
        """Rules of simple selectors, as far as _SHEET_MAX characters go."""
        text = _COMMENT.sub("", text[:_SHEET_MAX].lower())
        for selectors, body in _rules(text):
            names = [found.group(1) for one in selectors.split(",") if (found := _simple(one))]
            if "display" in body or "visibility" in body:
                hides = HIDDEN in read_style(body, on_white=False)
                (self._hiding.update if hides else self._hiding.difference_update)(names)

    def hides(self, tag: str, attributes: str) -> bool:
        """Of an element's name and attributes, both in lower case."""
        if not self._hiding:
            return False
        return any(
            not self._hiding.isdisjoint((mark + name, tag + mark + name))
            for kind, *values in _CLASSES.findall(attributes)
            for mark in ("#" if kind == "id" else ".",)
            for name in "".join(values).split()
        )


def _simple(selector: str) -> re.Match[str] | None:
    return _SELECTOR.fullmatch(selector)


def _rules(text: str) -> list[tuple[str, str]]:
    """(selectors, body) of each rule that stands in no block."""
    found, depth, start, body = [], 0, 0, 0
    for brace in re.finditer(r"[{}]", text):
        if brace.group() == "{":
            depth += 1
            if depth == 1:
                body = brace.end()
        elif depth:
            depth -= 1
            if depth == 0:
                selectors = text[start : body - 1].rpartition(";")[2]
                if not selectors.lstrip().startswith("@"):
                    found.append((selectors, text[body : brace.start()]))
                start = brace.end()
    return found
