"""What a mail's markup hides from its reader: noted by kind while it is taken out, never kept.

Nearly all marketing mail hides something: a preheader for the list of mails, notes of the template,
a second layout for small screens. So a note is information, and a preheader is a kind of its own.
Only words that speak to a model are no accident anywhere.
"""

import html
import re
from enum import StrEnum
from typing import Final

# A preheader is what mailboxes show beside the subject, so nothing longer than a line or two.
PREHEADER_MAX: Final = 400
# Fewer letters are a mark for counting readers, or for telling two mails apart.
LETTERS_MIN: Final = 12
# A template's notes have fewer.
COMMENT_LETTERS_MIN: Final = 100
# Whoever hides more than this hides much: it is measured no further.
READ_AT_MOST: Final = 4_000

_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
_SPACES = re.compile(r"[\s\xad\u034f\u200b-\u200f\u2007\u2060\ufeff]+")
_TAG = re.compile(r"<[^<>]*>?")
# Outlook's own conditions: what is in them is Outlook's layout.
_CONDITION: Final = ("[if", "<![endif")
# int() refuses more than 4300 digits, and html.unescape passes on whatever it finds.
ABSURD_REFERENCE: Final = re.compile(r"&#[0-9]{9,};?")
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous)"
    r"|\bsystem (?:prompt|message|override)|\b(?:language|ai) model\b|<\|\w{2,20}\|>"
    r"|\b(?:chatgpt|claude|gemini|copilot)\b|\b(?:ai|llms?)\b.{0,20}\b(?:must|should|shall)\b"
    r"|\byou are (?:now )?an? .{0,20}\b(?:ai|assistant|classifier)\b"
    r"|\b(?:classify|mark|rate|treat|rank|score) th(?:is|e) .{0,20}\b(?:as|with|at)\b"
    r"|\bignorier.{0,40}\b(?:anweisung|befehl|vorgabe)|\bignor[ea]z? .{0,30}\binstru[cçz]"
    r"|\bignor[ae] .{0,30}\b(?:istruzioni|instruções|instrucciones)|\bnegeer .{0,30}\binstructie"
    r"|\bzignoruj .{0,30}\b(?:instrukcj|polece)|\bигнориру.{0,40}(?:инструкц|указани)"
    r"|忽略.{0,12}(?:指令|指示|提示)|(?:指示|命令|プロンプト).{0,8}無視|무시.{0,12}지시|지시.{0,12}무시",
    re.DOTALL,
)
# One of these is in whatever the pattern finds, and found in a hundredth of the time.
_HINTS: Final = (
    *("ignor", "disregard", "forget", "overrid", "system ", "model", "<|", "chatgpt", "claude"),
    *("gemini", "copilot", "ai", "llm", "classif", "mark th", "rate th", "treat th", "rank th"),
    *("score th", "negeer", "игнориру", "忽略", "無視", "무시"),
)


class Hidden(StrEnum):
    """Kinds of hidden text. Only PREHEADER is what nearly everybody does."""

    ELEMENT = "hidden_element"
    COMMENT = "html_comment"
    ZERO_FONT = "zero_font"
    PREHEADER = "preheader"
    ORDERS = "orders"


class Concealed:
    """Takes note of hidden texts in the order they stand; time is bounded by READ_AT_MOST."""

    def __init__(self) -> None:
        self._texts: dict[Hidden, list[str]] = {}
        self._room = READ_AT_MOST

    def note(self, kind: Hidden, text: str) -> None:
        """A text as it stands in the markup, references and all."""
        if self._room:
            text = text[: self._room]
            self._room -= len(text)
            self._texts.setdefault(kind, []).append(text)

    def note_comment(self, comment: str) -> None:
        """What stands between "<!--" and "-->"."""
        if not comment.lstrip().startswith(_CONDITION):
            self.note(Hidden.COMMENT, comment)

    def kinds(self) -> tuple[str, ...]:
        """Sorted names of what was hidden in words; blanks and mere marks leave no trace."""
        if not self._texts:
            return ()
        texts = {kind: _read(found) for kind, found in self._texts.items()}
        found = {_named(kind, text) for kind, text in texts.items() if _is_much(kind, text)}
        if any(map(_gives_orders, texts.values())):
            found.add(Hidden.ORDERS)
        return tuple(sorted(kind.value for kind in found))


def _read(texts: list[str]) -> str:
    text = _TAG.sub(" ", " ".join(texts))
    if "&" in text:
        text = html.unescape(ABSURD_REFERENCE.sub("", text))
    return _SPACES.sub(" ", text)


def _gives_orders(text: str) -> bool:
    folded = text.casefold()
    return any(hint in folded for hint in _HINTS) and _ORDERS.search(folded) is not None


def _is_much(kind: Hidden, text: str) -> bool:
    least = COMMENT_LETTERS_MIN if kind is Hidden.COMMENT else LETTERS_MIN
    return sum(map(len, _WORD.findall(text))) >= least


def _named(kind: Hidden, text: str) -> Hidden:
    long = kind is Hidden.PREHEADER and len(text) > PREHEADER_MAX
    return Hidden.ELEMENT if long else kind
