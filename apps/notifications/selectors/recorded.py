"""A stored decision as the value the engines know."""

from apps.notifications import types
from apps.notifications.engines.trace import trace_from_json
from apps.notifications.models import Decision
from apps.notifications.types import Outcome, Reason


def recorded(row: Decision) -> types.Decision:
    return types.Decision(
        outcome=Outcome(row.outcome),
        reason=Reason(row.reason),
        steps=trace_from_json(row.trace),
        due_at=row.due_at,
        expires_at=row.expires_at,
    )
