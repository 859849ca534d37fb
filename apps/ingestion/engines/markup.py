"""The visible text of a mail's HTML, and what is hidden in it, in one linear pass.

The standard library's HTMLParser needs time that grows with the square of the input (8 minutes
for 210 KB of "<a "), and anybody may write a mail, so the scan is made here.
"""

import html
import re
from dataclasses import dataclass

from apps.ingestion.engines.attributes import read_attributes
from apps.ingestion.engines.concealed import ABSURD_REFERENCE, READ_AT_MOST, Concealed, Hidden
from apps.ingestion.engines.looks import Style, read_style
from apps.ingestion.engines.nesting import Nesting
from apps.ingestion.engines.sheets import Sheet, is_for_every_screen

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
# What may hold a style sheet, and what may look as if it did. Bounded, for nothing may end it.
_SHEET_OR_RAW = re.compile(r"<(?:!--|([sStTiIxX][a-zA-Z]{2,7})(?![^\s/>])([^<>]{0,500}+)>)")
_MEDIA = re.compile(r"""\bmedia\s*+=\s*+["']?([^"'>]*+)""", re.IGNORECASE)
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


def _sheet_of(document: str) -> Sheet:
    """All style sheets of a mail: also one at its end speaks of what stands before it."""
    sheet = Sheet()
    position, end = 0, _last_sheet(document)
    while found := _SHEET_OR_RAW.search(document, position, end):
        name, begin = (found.group(1) or "").lower(), found.end()
        if name in _RAW_TEXT_END:
            position = _end_of_raw(document, name, begin)
        else:
            position = begin if name else document.find("-->", begin)
        if position < 0:
            break
        if name == "style":
            media = _MEDIA.search(found.group(2))
            if media is None or is_for_every_screen(media.group(1).lower()):
                sheet.read(document[begin:position])
    return sheet


def _last_sheet(document: str) -> int:
    """Where no style sheet begins any more: hardly ever does one stand below the head."""
    lowered = document.lower()
    if len(lowered) != len(document):
        return len(document)
    last = lowered.rfind("<style")
    return lowered.find(">", last) + 1 if last >= 0 else 0


def _end_of_raw(document: str, name: str, begin: int) -> int:
    found = _RAW_TEXT_END[name].search(document, begin)
    return found.start() if found else len(document)


class _Scan:
    """One pass over a document; `step` reads one text and what follows it."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.position = 0
        self.pieces: list[str] = []
        self.nesting = Nesting()
        self.sheet = _sheet_of(document)
        self.styles: dict[tuple[str, str], Style | None] = {}
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
        look = self.nesting.look
        if look.hidden is not None and not (look.takes_room and text.isspace()):
            self.concealed.note(look.hidden if self.begun else Hidden.PREHEADER, text)
            return
        if "&" in text:
            text = html.unescape(ABSURD_REFERENCE.sub("\ufffd", text))
        if not self.begun:
            self.begun = not text.isspace()
        self.pieces.append(text.replace("\n", " ").replace("\r", " "))

    def _tag(self, closing: bool, name: str, attributes: str) -> None:
        if closing:
            seen = not self.nesting.look.gone
            self.nesting.end(name)
        elif name in _RAW_TEXT_END:
            self.position = _end_of_raw(self.document, name, self.position)
            return
        else:
            style = self._style(name, attributes)
            self.nesting.begin(name, style, closed=attributes.endswith("/"))
            seen = not self.nesting.look.gone
        if seen and name in _BREAKS:
            self.pieces.append(_BREAKS[name])

    def _style(self, name: str, attributes: str) -> Style | None:
        """Remembered, for a mail says the same again and again."""
        key = name, attributes
        if key not in self.styles:
            read = read_attributes(attributes)
            self.styles[key] = read_style(name, read, self.sheet.declared(name, read))
        return self.styles[key]
