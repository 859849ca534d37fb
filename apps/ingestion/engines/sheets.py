"""The style sheets of a mail: which element gets which of their declarations.

A selector of one tag, class or id (with a tag) is followed exactly. Whether one that says more
("td .x", "a:link") fits cannot be told from an element alone: it hides nothing, but the colors it
names are then UNKNOWN. What is inside @media counts where it is for every screen: what only some
screens show is shown somewhere, and a mail must be readable without it.
"""

import re
from collections.abc import Iterator
from typing import Final

from apps.ingestion.engines.declarations import Declared, add, declare, merge, without_comments

_MAX: Final = 200_000
# @media in @media; each costs a reading of what is in it.
_DEEPEST: Final = 3
_SIMPLE: Final = re.compile(r"([a-z][a-z0-9]*+)?([.#][\w-]++)?|\*")
# Of the last element that a longer selector speaks of.
_SUBJECT: Final = re.compile(r"([a-z][a-z0-9]*+)?([.#][\w-]++)?")
_CONDITION: Final = re.compile(r"\[[^\]]*+\]?")
_COMBINATORS: Final = str.maketrans(">+~", "   ")
# Never so while nobody touches it, or a piece beside the text.
_NOT_AT_REST: Final = re.compile(r":(?:hover|active|focus|visited|target|:|before|after)")
_EVERY_SCREEN: Final = re.compile(r"@media\s++(?:only\s++)?(?:all|screen)\s*+\Z")
_COLORS: Final = ("color", "background-color", "background-image", "-webkit-text-fill-color")
_DOUBT: Final = "var()"


class _Rule:
    """What is in a rule's braces, read when an element first asks: in most mail few are asked."""

    def __init__(self, body: str, place: int) -> None:
        self._body = body
        self._place = place
        self._declared: Declared | None = None

    def declared(self, *, certain: bool) -> Declared:
        """Of a rule that may count or not, that the colors it names are unknown."""
        if self._declared is None:
            self._declared = {}
            declare(self._declared, self._body, 0, self._place)
        if certain:
            return self._declared
        named = filter(self._declared.__contains__, _COLORS)
        return {name: (self._declared[name][0], _DOUBT) for name in named}


class Sheet:
    """Declarations by selector: "p", ".x", "p.x", "#x", "*"."""

    def __init__(self) -> None:
        self._rules: dict[str, list[tuple[_Rule, bool]]] = {}
        self._declared: dict[str, Declared] = {}
        self._room = _MAX
        self._place = 0

    def read(self, text: str) -> None:
        """What stands in a <style>; of all of them together _MAX characters are read."""
        text = without_comments(text[: self._room].lower())
        self._room = max(0, self._room - len(text))
        self._read(text.replace("<!--", "").replace("-->", ""), 1)

    def declared(self, tag: str, attributes: dict[str, str]) -> Declared:
        """For an element, in lower case; strongest declarations only."""
        found: Declared = {}
        if self._rules:
            for selector in _selectors(tag, attributes):
                if selector in self._rules:
                    merge(found, self._by(selector))
        return found

    def _by(self, selector: str) -> Declared:
        if selector not in self._declared:
            found = self._declared[selector] = {}
            near = _nearness(selector)
            for rule, certain in self._rules[selector]:
                for name, ((important, _, place), value) in rule.declared(certain=certain).items():
                    add(found, name, value, (important, near, place))
        return self._declared[selector]

    def _read(self, text: str, depth: int) -> None:
        for prelude, body in _blocks(text):
            if not prelude.startswith("@"):
                self._add(prelude, body)
            elif _EVERY_SCREEN.match(prelude) and depth < _DEEPEST:
                self._read(body, depth + 1)

    def _add(self, selectors: str, body: str) -> None:
        self._place += 1
        rule = _Rule(body, self._place)
        colored = "color" in body or "background" in body
        for one in selectors.split(","):
            selector, certain = _read_selector(one.strip())
            if selector and (certain or colored):
                self._rules.setdefault(selector, []).append((rule, certain))


def is_for_every_screen(media: str) -> bool:
    """Of the `media` of a <style>."""
    return not media.strip() or _EVERY_SCREEN.match(f"@media {media.strip()}") is not None


def _nearness(selector: str) -> int:
    if selector == "*":
        return 0
    strong = 100 if "#" in selector else 10 if "." in selector else 0
    return strong + (selector[0] not in ".#")


def _read_selector(text: str) -> tuple[str, bool]:
    """A selector `declared` asks for, and whether it says all; "" for one to pass over."""
    if _SIMPLE.fullmatch(text):
        return text, True
    if _NOT_AT_REST.search(text):
        return "", False
    words = _CONDITION.sub("", text).translate(_COMBINATORS).split()
    found = _SUBJECT.match(words[-1]) if words else None
    return (found.group() if found else "") or "*", False


def _selectors(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    yield "*"
    yield tag
    for kind, mark in (("class", "."), ("id", "#")):
        for name in attributes.get(kind, "").split():
            yield mark + name
            yield tag + mark + name


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(what stands before it, what is in it) of each outermost block."""
    depth = start = body = 0
    for brace in re.finditer(r"[{}]", text):
        if brace.group() == "{":
            depth += 1
            if depth == 1:
                body = brace.end()
        elif depth:
            depth -= 1
            if depth == 0:
                yield text[start : body - 1].rpartition(";")[2].strip(), text[body : brace.start()]
                start = brace.end()
