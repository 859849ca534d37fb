"""The golden set by a version and by the active one, in one sentence."""

from apps.classification.services.calling import ANSWERED
from apps.classification.services.golden_trying import Comparison


def sentence(found: Comparison) -> str:
    """ "Golden set: 41 of 44 right (active: 39)." """
    if not found.tried.cases:
        return "Golden set: it holds no such case yet."
    told = f"{found.tried.right} of {found.tried.cases} right (active: {found.now.right})"
    return f"Golden set: {told}.{_unanswered(found)}"


def _unanswered(found: Comparison) -> str:
    calls = found.asking.calls if found.asking else {}
    silent = [f"{count} {outcome}" for outcome, count in calls.items() if outcome != ANSWERED]
    return f" The rules stand where nothing was answered: {', '.join(silent)}." if silent else ""
