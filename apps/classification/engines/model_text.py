"""A model's own words, made fit to be shown: short, on one line, without links it invented."""

import re
from typing import Final

from apps.classification.engines.answers import InsightText
from apps.classification.engines.hidden_text import reveal
from apps.ingestion.engines.text import cut, one_line

MAX_LINE_CHARACTERS: Final = 300
MAX_INSIGHT_CHARACTERS: Final = 2_000
MAX_ACTIONS: Final = 5
REMOVED: Final = "[link removed]"

# With a scheme, as an address, or a bare domain: whatever a mail program would make clickable.
# What may precede it is bounded by \b, and every repetition by a number.
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"'`]{1,2000}"
    r"|\b(?:mailto|tel|sms|javascript|data|file):[^\s<>\"'`]{1,2000}"
    r"|\b[\w.+-]{1,64}@[\w.-]{1,253}"
    r"|\b(?:[\w-]{1,63}\.){1,10}[^\W\d_]{2,24}\b(?::[0-9]{1,5})?(?:[/?#][^\s<>\"'`]{0,2000})?",
    re.IGNORECASE,
)
_AFTER_A_LINK: Final = ".,;:!?)]}'\"*_”’»"


def fit(text: str, *, source: str, limit: int = MAX_LINE_CHARACTERS) -> str:
    """`text` on one line of at most `limit` characters, without links that `source` lacks.

    A link counts as the source's own only when it stands there whole, and visibly.
    """
    known = links(reveal(source).text)
    line = one_line(reveal(text[: 8 * limit]).text)
    # Twice, because the cut may make another link of one that may stay.
    for _ in range(2):
        line = cut(_LINK.sub(lambda link: _kept(link[0], known), line), limit)[0]
    return line.strip()


def fit_insight(insight: InsightText, *, source: str) -> InsightText:
    """What may be shown of an insight; an action of which nothing is left is dropped."""
    actions = (fit(action, source=source) for action in insight.recommended_actions)
    return InsightText(
        detailed_insight=fit(insight.detailed_insight, source=source, limit=MAX_INSIGHT_CHARACTERS),
        recommended_actions=tuple(action for action in actions if action)[:MAX_ACTIONS],
        urgency_assessment=fit(insight.urgency_assessment, source=source),
    )


def links(text: str) -> frozenset[str]:
    """Everything in `text` that may be clicked, folded for comparison."""
    return frozenset(_folded(link[0]) for link in _LINK.finditer(text))


def _kept(link: str, known: frozenset[str]) -> str:
    if _folded(link) in known:
        return link
    return REMOVED + link[len(link.rstrip(_AFTER_A_LINK)) :]


def _folded(link: str) -> str:
    return link.rstrip(_AFTER_A_LINK).casefold()
