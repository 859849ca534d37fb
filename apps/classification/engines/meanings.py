"""What each signal of a verdict means, in one sentence for people."""

from collections.abc import Mapping
from typing import Final

_MEANINGS: Final[Mapping[str, str]] = {
    "security_code": "It holds a one-time code.",
    "vip": "Its sender is on a VIP list.",
    "keyword": "One of the keyword rules matches it.",
    "source_priority": "Its source states a priority.",
    "account_expired": "A connected account has expired.",
    "account_disabled": "A connected account was switched off.",
    "meeting_starts": "A meeting is about to start.",
    "meeting_begun": "The meeting has already begun.",
    "meeting_called_off": "A meeting was called off.",
    "meeting_over": "The meeting is already over.",
    "seniority_first": "The title is senior, and the person was not.",
    "seniority_promotion": "The title is more senior than the one before.",
    "seniority_demotion": "The title is less senior than the one before.",
    "seniority_removed": "The title is no longer senior.",
    "seniority_unchanged": "The title is as senior as the one before.",
    "seniority_not_senior": "The title is not senior.",
    "newsletter": "It was sent to many people.",
    "automatic": "A machine sent it.",
    "topic": "It is news about a topic.",
    "deadline": "It speaks of a deadline.",
    "request": "It asks for something.",
    "question": "It asks a question.",
    "vip_unproven": "Its sender is on a VIP list, but somebody else wrote in their name.",
    "hidden_text": "It holds text that its reader cannot see; no model was shown it.",
    "default": "No rule knew anything about it.",
    "model": "A model read it.",
    "model_bounded": "A model read it, and said more than the rules let it.",
    "fallback": "No model could be heard, so the rules stand.",
}
# What `detail` of a signal is, where it is not said by the word itself.
_DETAILS: Final[Mapping[str, str]] = {
    "vip": "rule",
    "keyword": "rule",
    "source_priority": "bounded to",
}


def meaning(code: str) -> str:
    """A signal of another version, unknown here, is spelled out.

    >>> meaning("of_tomorrow")
    'Of tomorrow.'
    """
    return _MEANINGS.get(code) or f"{code.replace('_', ' ').capitalize()}."


def detail_of(code: str, detail: str) -> str:
    """`detail` with the noun it lacks: "rule 12"; "" stays ""."""
    noun = _DETAILS.get(code, "")
    return f"{noun} {detail}".strip() if detail else ""
