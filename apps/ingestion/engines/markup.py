"""The visible text of a mail's HTML, in one linear pass.

The standard library's HTMLParser needs time that grows with the square of the input (8 minutes
for 210 KB of "<a "), and anybody may write a mail, so the scan is made here.
"""

import html
import re

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
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
# What a reader sees in the place of a tag.
_BREAKS = {"td": " ", "th": " "} | dict.fromkeys(
    (
        *("address", "article", "blockquote", "body", "br", "dd", "div", "dl", "dt", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p"),
        *("pre", "section", "table", "tr", "ul"),
    ),
    "\n",
)
# Not font-size: 0, which mail builders put around text that sets its own size.
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden"
    r"|(?:opacity|max-height)\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:[;!\"']|$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_HIDDEN_ATTRIBUTE = re.compile(r"(?:^|[\s/])hidden(?=[\s/=]|$)", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n\xa0]+")
_AROUND_NEWLINE = re.compile(r" *\n *")
# int() refuses more than 4300 digits, and html.unescape passes on whatever it finds.
_ABSURD_REFERENCE = re.compile(r"&#[0-9]{9,};?")


def looks_like_html(text: str) -> bool:
    """Whether a known tag occurs: `a <b@example.com>` and `1 < 2 > 0` are plain text."""
    return "<" in text and _LOOKS_LIKE_HTML.search(text) is not None


def visible_text(document: str) -> str:
    """Text outside hidden elements; blocks begin a line, cells are parted by a space."""
    scan = _Scan(document)
    while scan.step():
        pass
    text = _AROUND_NEWLINE.sub("\n", _SPACES.sub(" ", "".join(scan.pieces)))
    return text.replace("\xa0", " ")


class _Scan:
    """One pass over a document; `step` reads one text and what follows it."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.position = 0
        self.pieces: list[str] = []
        self.hidden_tag = ""
        self.hidden_depth = 0

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
            return self._skip_past("-->")
        if self.document.startswith(("!", "?"), self.position):
            return self._skip_past(">")
        if _TAG_START.match(self.document, self.position):
            return False
        self._text("<")
        return True

    def _skip_past(self, end: str) -> bool:
        found = self.document.find(end, self.position)
        self.position = found + len(end)
        return found >= 0

    def _text(self, text: str) -> None:
        if text and not self.hidden_depth:
            if "&" in text:
                text = html.unescape(_ABSURD_REFERENCE.sub("\ufffd", text))
            self.pieces.append(text.replace("\n", " ").replace("\r", " "))

    def _tag(self, closing: bool, name: str, attributes: str) -> None:
        if not closing and name in _RAW_TEXT_END:
            end = _RAW_TEXT_END[name].search(self.document, self.position)
            self.position = end.start() if end else len(self.document)
        elif self.hidden_depth:
            if name == self.hidden_tag:
                self.hidden_depth += -1 if closing else 1
        elif attributes and not closing and name not in _VOID and _hides(attributes):
            self.hidden_tag, self.hidden_depth = name, 1
        elif name in _BREAKS:
            self.pieces.append(_BREAKS[name])


def _hides(attributes: str) -> bool:
    if "&" in attributes:
        attributes = html.unescape(_ABSURD_REFERENCE.sub("", attributes))
    if ":" in attributes and _HIDING_STYLE.search(attributes):
        return True
    return "hidden" in attributes.lower() and bool(
        _HIDDEN_ATTRIBUTE.search(_QUOTED.sub("", attributes))
    )
