"""What keyword rules would find in a text, for whoever writes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.rules.engines.keywords import KeywordSet
from apps.rules.types import KeywordEntry, KeywordHit


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`matches` says what the edited rule finds, `hits` what the saved ones that are on find."""

    matches: bool
    hits: tuple[KeywordHit, ...]


def try_keywords(text: str, edited: KeywordEntry, saved: Sequence[KeywordEntry]) -> Tried:
    """Raises InvalidInput("invalid_regex") for a pattern RE2 refuses."""
    return Tried(
        matches=bool(KeywordSet.compile([edited]).match(text)),
        hits=KeywordSet.compile(saved).match(text),
    )
