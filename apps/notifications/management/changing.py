"""What would have to be different for a step to let an event pass."""

from collections.abc import Callable, Mapping

from apps.classification.types import Urgency
from apps.notifications.types import Reason, Step

_URGENT = f"priority {Urgency.HIGH.floor} or more"


def smallest_change(step: Step) -> str:
    """One sentence for the step that held or dropped an event; "" where nothing would help."""
    say = _CHANGES.get(step.code)
    return say(step) if say and not step.passed else ""


def _expired(step: Step) -> str:
    return f"It would have had to be told {_missing(step)} min earlier."


def _category(step: Step) -> str:
    word = str(step.inputs.get("category")).replace("_", " ")
    return f"The category {word} would have to be wanted, or the sender a VIP."


def _urgency(step: Step) -> str:
    least = step.inputs.get("urgency")
    return (
        f"{_missing(step)} more points of priority, a minimum urgency of {least}, "
        "or a sender who is a VIP."
    )


def _relevance(step: Step) -> str:
    found = step.inputs.get("relevance")
    return (
        f"{_missing(step)} more relevance, a threshold of {found} or less, "
        "or a sender who is a VIP."
    )


def _cap(step: Step) -> str:
    told = step.inputs.get("sent_today")
    least = told + 1 if isinstance(told, int) else "one more"
    return f"A daily limit of {least}, or {_missing(step)} fewer told that day."


def _quiet(step: Step) -> str:
    return f"It would have had to come {_missing(step)} min later, or quiet hours to be off."


_CHANGES: Mapping[str, Callable[[Step], str]] = {
    Reason.DISABLED.value: lambda step: "Notifications would have to be switched on.",
    Reason.EXPIRED.value: _expired,
    Reason.CATEGORY_MUTED.value: _category,
    Reason.BELOW_MIN_URGENCY.value: _urgency,
    Reason.BELOW_RELEVANCE.value: _relevance,
    Reason.REDUNDANT.value: lambda step: f"It would have had to come {_missing(step)} min later.",
    Reason.DAILY_CAP.value: _cap,
    Reason.QUIET_HOURS.value: _quiet,
    Reason.MIN_INTERVAL.value: lambda step: f"{_missing(step)} min more rest, or {_URGENT}.",
    Reason.BATCHED.value: lambda step: f"The frequency instant, a VIP's word, or {_URGENT}.",
}


def _missing(step: Step) -> str:
    return f"{abs(step.margin or 0):g}"
