"""Where a one-time password stands: what the words around a candidate say about it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from apps.classification.engines.code_shapes import Candidate
from apps.classification.engines.vocabulary import FIRST_UNSPACED, document
from apps.rules.engines.linear import Found

# A mark belongs to its letter: most vowels of Hebrew, Arabic, Indic and Thai words are marks.
_LETTER: Final = "(?:[^\\W_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e])"
_WORD: Final = re.compile(rf"{_LETTER}+(?:'{_LETTER}+)*")
_SENTENCE_END: Final = re.compile(r"[.!?;](?:\s|$)|[。！？]|\n\s*\n")
# How far, in characters, a code may stand from its word: in one phrase, and as a line of its own.
_NEAR, _FAR = 80, 220
_AROUND: Final = 40
_DIGITS_OF_NUMBERS: Final = 4
_MONEY: Final = frozenset("%$€£¥₹₽₩₺")

# How sure each place is. Only the order counts.
_IN_ONE_PHRASE, _AFTER_A_COLON, _ALONE_ON_A_LINE, _AFTER_AN_ORDER = 8, 6, 4, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text and its words for codes, left to right; `starts` are where these begin.

    One that `lapses` says for how long, and holds a word that is used for codes of both kinds.
    """

    text: str
    codes: Sequence[Found]
    starts: Sequence[int]
    about_accounts: bool
    about_commerce: bool
    lapses: bool


@dataclass(frozen=True, slots=True)
class _Words:
    exact: frozenset[str]
    beginnings: tuple[str, ...]
    unspaced: tuple[str, ...]

    def hold(self, word: str) -> bool:
        return word in self.exact or word.startswith(self.beginnings)

    def begin(self, word: str) -> bool:
        return self.hold(word) or word.startswith(self.unspaced)

    def finish(self, word: str) -> bool:
        return self.hold(word) or word.endswith(self.unspaced)


def score(message: Message, candidate: Candidate) -> int:
    """0 for "no code here", else the more the surer."""
    if _is_counted(message.text, candidate):
        return 0
    index = bisect_left(message.starts, candidate.start)
    scores = [_after_an_order(message, candidate)]
    if index:
        scores.append(_told_after(message, message.codes[index - 1], candidate))
    if index < len(message.codes):
        scores.append(_told_before(message, candidate, message.codes[index]))
    return max(scores)


def _told_after(message: Message, word: Found, candidate: Candidate) -> int:
    """ "Your code is 123456", "Here is your code:", and the code alone on a line below."""
    if candidate.start - word.end > _FAR or not _may_tell(message, word, candidate):
        return 0
    gap = message.text[word.end : candidate.start]
    words = _words_of(gap)
    in_one_sentence = len(gap) <= _NEAR and not _SENTENCE_END.search(gap.rstrip())
    if in_one_sentence and _connect(words):
        return 0 if _is_bare_date(candidate, gap) else _IN_ONE_PHRASE + _surety(word)
    if words and _listed("numbered").finish(words[-1]):
        return 0
    if in_one_sentence and _closes(gap, words):
        return _AFTER_A_COLON + _surety(word)
    if _is_alone(message.text, candidate) and message.about_accounts and not _is_date(candidate):
        return _ALONE_ON_A_LINE + _surety(word)
    return 0


def _connect(words: Sequence[str]) -> bool:
    """ "is", "est le": but not "le" alone, after which a date may stand."""
    articled = len(words) > 1 and _listed("articles").hold(words[-1])
    return all(map(_listed("connectors").hold, words[:-1] if articled else words))


def _told_before(message: Message, candidate: Candidate, word: Found) -> int:
    """ "123456 is your code", "Use 123456 as your code", "123456 doğrulama kodu"."""
    if word.start - candidate.end > _NEAR or not _may_tell(message, word, candidate):
        return 0
    gap = message.text[candidate.end : word.start]
    if _SENTENCE_END.search(gap.lstrip()):
        return 0
    if _is_numbered(message.text, candidate) or _is_date(candidate):
        return 0
    words = _words_of(gap)
    if gap.startswith("\n") and not (words and _listed("closers").hold(words[0])):
        return _above_an_order(message, candidate, word, words)
    if not words:
        return _IN_ONE_PHRASE if word.group == "strong" else 0
    return _IN_ONE_PHRASE + _surety(word) if _listed("reverse").begin(words[0]) else 0


def _above_an_order(
    message: Message, candidate: Candidate, word: Found, words: Sequence[str]
) -> int:
    """The code alone on a line, and below it "Enter this code": but not "Enter your password"."""
    ordered = len(words) > 1 and _listed("imperatives").begin(words[0])
    ordered = ordered and all(map(_listed("this").hold, words[1:]))
    near = ordered and message.about_accounts and not message.about_commerce
    return _ALONE_ON_A_LINE + _surety(word) if near and _is_alone(message.text, candidate) else 0


def _after_an_order(message: Message, candidate: Candidate) -> int:
    """ "Enter 123456 to sign in": no word for it, yet there is no doubt."""
    if not (candidate.digits_only and candidate.plain) or candidate.dotted:
        return 0
    before = message.text[max(0, candidate.start - _AROUND) : candidate.start]
    words = _words_of(before.rsplit("\n", 1)[-1])
    direct = _ends_in_an_order(words)
    while not direct and words and _listed("between_order_and_code").hold(words[-1]):
        words.pop()
    if message.about_commerce or not (direct or _ends_in_an_order(words)):
        return 0
    ordered = (direct and message.about_accounts) or _is_for_entering(message, candidate)
    return _AFTER_AN_ORDER if ordered else 0


def _ends_in_an_order(words: Sequence[str]) -> bool:
    ordered = _listed("imperatives").finish
    return bool(words) and (ordered(words[-1]) or ordered(" ".join(words[-2:])))


def _is_for_entering(message: Message, candidate: Candidate) -> bool:
    """ "Usa el 903112 para entrar": but a room, a bus and a year have four digits."""
    if not (message.about_accounts or len(candidate.value) > _DIGITS_OF_NUMBERS):
        return False
    after = message.text[candidate.end : candidate.end + _AROUND]
    words = _words_of(_SENTENCE_END.split(after.split("\n", 1)[0])[0])
    phrases = [" ".join(words[at : at + count]) for at in range(len(words)) for count in (1, 2, 3)]
    return any(map(_listed("entering").hold, phrases))


def _may_tell(message: Message, word: Found, candidate: Candidate) -> bool:
    """Whether `word` can mean a one-time password, given what else the message is about."""
    if word.group == "strong":
        return True
    if word.group == "blocked" or message.about_commerce:
        return False
    if candidate.letters_only and not message.about_accounts:
        return False
    if word.group == "doubtful":
        return message.lapses
    grouped = candidate.end - candidate.start > len(candidate.value) or "-" in candidate.value
    return message.about_accounts or grouped or _is_ones_own(message.text, word)


def _is_ones_own(text: str, word: Found) -> bool:
    """ "Your code", "Code" at the start: not "event code" or "the NAICS code"."""
    before = text[max(0, word.start - _AROUND) : word.start]
    words = _words_of(_SENTENCE_END.split(before.rsplit("\n", 1)[-1])[-1])[-3:]
    return not words or any(map(_listed("possessives").finish, words))


def _closes(gap: str, words: Sequence[str]) -> bool:
    if gap.rstrip(" \n\t\"'([【*_").endswith(":"):
        return True
    return bool(words) and _listed("closers").finish(words[-1])


def _is_counted(text: str, candidate: Candidate) -> bool:
    """ "1500 minutes", "4821 Main Street", "482.913 €"."""
    words = _words_of(text[candidate.end : candidate.end + _AROUND // 2].split("\n", 1)[0])
    touching = text[candidate.end : candidate.end + 1] in {" ", ""}
    if candidate.dotted and text[candidate.end :].lstrip()[:1] in _MONEY:
        return True
    return touching and bool(words) and _listed("units_after").hold(words[0])


def _is_numbered(text: str, candidate: Candidate) -> bool:
    """ "Invoice 12345", "order no. 12345"."""
    before = text[max(0, candidate.start - _AROUND) : candidate.start]
    words = _words_of(before.rsplit("\n", 1)[-1])
    addressed = before.rstrip().endswith(",")  # "Dear customer, 123456 is your code"
    return bool(words) and not addressed and _listed("numbered").finish(words[-1])


def _is_alone(text: str, candidate: Candidate) -> bool:
    line_start = text.rfind("\n", 0, candidate.start) + 1
    line_end = text.find("\n", candidate.end)
    rest = text[line_start : candidate.start]
    rest += text[candidate.end : line_end if line_end >= 0 else len(text)][:_AROUND]
    return not any(map(str.isalnum, rest))


def _is_date(candidate: Candidate) -> bool:
    return candidate.digits_only and not candidate.plain


def _is_bare_date(candidate: Candidate, gap: str) -> bool:
    return _is_date(candidate) and not gap.strip(" \"'([")


def _surety(word: Found) -> int:
    return 1 if word.group == "strong" else 0


def _words_of(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


@cache
def _lists() -> dict[str, Any]:
    return document("code_words")


@cache
def _listed(name: str) -> _Words:
    words = [word.casefold() for word in _lists()[name]]
    return _Words(
        exact=frozenset(word for word in words if not word.endswith("*")),
        beginnings=tuple(word[:-1] for word in words if word.endswith("*")),
        unspaced=tuple(word for word in words if word[0] >= FIRST_UNSPACED),
    )
