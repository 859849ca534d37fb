"""The visible text of a mail's HTML, and what is hidden in it, in one linear pass.

The standard library's HTMLParser needs time that grows with the square of the input (8 minutes
for 210 KB of "<a "), and anybody may write a mail, so the scan is made here.
"""

import html
import re
from collections.abc import Set
from dataclasses import dataclass

from apps.ingestion.engines.concealed import ABSURD_REFERENCE, READ_AT_MOST, Concealed, Hidden
from apps.ingestion.engines.font_sizes import VOID, FontSizes
from apps.ingestion.engines.hiding import HIDDEN, Sheet, read_style

_KNOWN_TAGS = (
    "html|head|body|div|p|br|span|table|tbody|tr|td|th|a|b|i|u|s|em|strong|small|img|ul|ol|li|h[1-6]"
    "|style|script|meta|link|font|center|blockquote|pre|hr|title|svg|code|section|article"
)
_LOOKS_LIKE_HTML = re.compile(
    rf"<(?:!doctype\s|/?(?:{_KNOWN_TAGS})(?:\s[^<>@]*)?/?>)", re.IGNORECASE
)
# Text, then "<", then a whole tag if there is one. A quote only delimits a value after "=", as in
# a browser: `<td width="1"">` ends at its ">".
_TOKEN = re.compile(
    r"""([^<]*+)<(?:(/?)([a-zA-Z][^\s/>]{0,60})((?:[^>=]++|=\s*+(?:"[^"]*"|'[^']*')|=)*+)>)?""",
)
_TAG_START = re.compile(r"/?[a-zA-Z]")
_RAW_TEXT_END = {
    name: re.compile(rf"</{name}\b", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "iframe", "xmp")
}
# What a reader sees in the place of a tag.
_BREAKS = {"td": " ", "th": " "} | dict.fromkeys(
    (
        *("address", "article", "blockquote", "body", "br", "dd", "div", "dl", "dt", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p"),
        *("pre", "section", "table", "tr", "ul"),
    ),
    "\n",
)
_BACKGROUND = re.compile(r"background|bgcolor", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n\xa0]+")
_AROUND_NEWLINE = re.compile(r" *\n *")


def looks_like_html(text: str) -> bool:
    """Whether a known tag occurs: `a <b@example.com>` and `1 < 2 > 0` are plain text."""
    return "<" in text and _LOOKS_LIKE_HTML.search(text) is not None


@dataclass(frozen=True, slots=True)
class Sight:
    """`text` is what a reader sees; `hidden` names what was left out, by kind, sorted."""

    text: str
    hidden: tuple[str, ...] = ()


def read_markup(document: str) -> Sight:
    """Text outside hidden elements; blocks begin a line, cells are parted by a space."""
    scan = _Scan(document)
    while scan.step():
        pass
    text = _AROUND_NEWLINE.sub("\n", _SPACES.sub(" ", "".join(scan.pieces)))
    return Sight(text.replace("\xa0", " "), scan.concealed.kinds())


def visible_text(document: str) -> str:
    """The text of `read_markup`."""
    return read_markup(document).text


class _Scan:
    """One pass over a document; `step` reads one text and what follows it."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.position = 0
        self.pieces: list[str] = []
        self.hidden_tag = ""
        self.hidden_depth = 0
        self.sizes = FontSizes()
        self.sheet = Sheet()
        self.on_white = _BACKGROUND.search(document) is None
        self.concealed = Concealed()
        self.begun = False

    def step(self) -> bool:
        """Whether anything is left. An unterminated tag or comment ends the document."""
        token = _TOKEN.match(self.document, self.position)
        if token is None:
            self._text(self.document[self.position :])
            return False
        text, slash, name, attributes = token.groups()
        self.position = token.end()
        self._text(text)
        if name is None:
            return self._skip_what_is_no_tag()
        self._tag(slash == "/", name.lower(), attributes)
        return True

    def _skip_what_is_no_tag(self) -> bool:
        """After a lone "<"."""
        if self.document.startswith("!--", self.position):
            return self._skip_comment()
        if self.document.startswith(("!", "?"), self.position):
            return self._skip_past(">")
        if _TAG_START.match(self.document, self.position):
            return False
        self._text("<")
        return True

    def _skip_comment(self) -> bool:
        begin = self.position + len("!--")
        goes_on = self._skip_past("-->")
        end = self.position - len("-->") if goes_on else len(self.document)
        self.concealed.note_comment(self.document[begin : min(end, begin + READ_AT_MOST)])
        return goes_on

    def _skip_past(self, end: str) -> bool:
        found = self.document.find(end, self.position)
        self.position = found + len(end)
        return found >= 0

    def _text(self, text: str) -> None:
        if not text:
            return
        if self.hidden_depth:
            self._conceal(Hidden.ELEMENT, text)
        elif self.sizes.open and self.sizes.sizeless:
            self._conceal(Hidden.ZERO_FONT, text)
        else:
            if "&" in text:
                text = html.unescape(ABSURD_REFERENCE.sub("\ufffd", text))
            if not self.begun:
                self.begun = not text.isspace()
            self.pieces.append(text.replace("\n", " ").replace("\r", " "))

    def _conceal(self, kind: Hidden, text: str) -> None:
        self.concealed.note(kind if self.begun else Hidden.PREHEADER, text)

    def _tag(self, closing: bool, name: str, attributes: str) -> None:
        if not closing and name in _RAW_TEXT_END:
            found = _RAW_TEXT_END[name].search(self.document, self.position)
            end = found.start() if found else len(self.document)
            if name == "style":
                self.sheet.read(self.document[self.position : end])
            self.position = end
        elif self.hidden_depth:
            if name == self.hidden_tag:
                self.hidden_depth += -1 if closing else 1
        elif closing or not self._hides(name, attributes):
            if closing and self.sizes.open:
                self.sizes.end(name)
            if name in _BREAKS:
                self.pieces.append(_BREAKS[name])

    def _hides(self, name: str, attributes: str) -> bool:
        """Whether an element begins that a reader does not see."""
        styles: Set[str] = frozenset()
        if name == "template":
            self.hidden_tag, self.hidden_depth = name, 1
            return True
        if attributes and name not in VOID:
            if "&" in attributes:
                attributes = html.unescape(ABSURD_REFERENCE.sub("", attributes))
            attributes = attributes.lower()
            styles = read_style(attributes, on_white=self.on_white)
            if HIDDEN in styles or self.sheet.hides(name, attributes):
                self.hidden_tag, self.hidden_depth = name, 1
                return True
        if styles or self.sizes.open:
            self.sizes.begin(name, attributes)
        return False
