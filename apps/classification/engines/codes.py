"""One-time passwords: which number or token in a message is the one a person waits for.

Three questions, in time linear in the message: does it speak of codes at all; what in it has the
shape of one (`code_shapes`); and which of these stands where a code is told (`code_context`):
right after a word for it, right before it, alone on a line below it, or after an order to type
it. A word of another trade (promo code, postal code, invoice number) settles the opposite; one that
is used for both (payment code) counts where the message says how long the code lives.
"""

from datetime import datetime
from functools import cache
from typing import Final

from apps.classification.engines.code_context import Message, score
from apps.classification.engines.code_shapes import candidates
from apps.classification.engines.lifetimes import lifetime, states_lifetime
from apps.classification.engines.vocabulary import Finder, document, plain, presence
from apps.classification.types import SecurityCode
from apps.rules.engines.linear import WORD_START, Pattern, PatternSet

# Content is cut at 10,000 characters when it is normalized; a longer text is read this far.
MAX_LENGTH: Final = 11_000

_ADDRESSES: Final = Pattern(r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.\S+")
_KINDS: Final = ("conference", "blocked", "doubtful", "strong", "weak", "commerce", "context")
_CODES: Final = frozenset({"blocked", "doubtful", "strong", "weak"})


def find_code(subject: str, text: str, *, received_at: datetime) -> SecurityCode | None:
    """The one-time password of a message, and when it lapses; None when there is none.

    Groups of digits are joined ("123 456" → "123456"); a code with letters stays as written.
    `expires_at` is `received_at` plus the stated lifetime, or ten minutes. A time of day is read in
    the zone of `received_at`, unless that is UTC and therefore tells of none.
    """
    readable = plain(f"{subject}\n\n{text}"[:MAX_LENGTH])
    if not _gate().match(readable):
        return None
    message = _read(_ADDRESSES.sub(" ", readable))
    if message is None:
        return None
    scored = [(score(message, found), -found.start, found) for found in candidates(message.text)]
    best, _, found = max(scored, key=lambda item: item[:2], default=(0, 0, None))
    if not best or found is None:
        return None
    lives = lifetime(message.text, received_at=received_at)
    return SecurityCode(value=found.value, expires_at=received_at + lives)


def _read(text: str) -> Message | None:
    """None for an invitation to a conference, whose passcode nobody waits for."""
    found = list(_finder().finditer(text))
    codes = [word for word in found if word.group in _CODES]
    groups = {word.group for word in found}
    if "conference" in groups:
        return None
    return Message(
        text=text,
        codes=codes,
        starts=[word.start for word in codes],
        about_accounts=not groups.isdisjoint({"context", "strong"}),
        about_commerce="commerce" in groups and "strong" not in groups,
        lapses="doubtful" in groups and states_lifetime(text),
    )


@cache
def _finder() -> Finder:
    words = document("code_words")
    return Finder({kind: words[kind] for kind in _KINDS})


@cache
def _gate() -> PatternSet:
    """Finds the few messages worth a closer look."""
    words = document("code_words")
    orders, between = map("|".join, (words["imperatives"], words["between_order_and_code"]))
    return PatternSet(
        [
            presence(words["strong"] + words["weak"]),
            rf"{WORD_START}(?:{orders})(?:\s(?:{between})){{0,2}}\s?.?[0-9](?:[ -]?[0-9]){{3}}",
        ]
    )
