"""What need not be told because something else has just been: Alertmanager's inhibition."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from apps.rules.engines.silences import matches
from apps.rules.types import ActiveInhibition, Equal, Fired, Inhibited, Subject

# A missing value is a value: two things about no client agree in their client.
_VALUES: Mapping[str, Callable[[Subject], object]] = {
    Equal.CLIENT.value: lambda subject: subject.client_id,
    Equal.SENDER.value: lambda subject: subject.senders[:1],
    Equal.THREAD.value: lambda subject: subject.thread,
    Equal.CATEGORY.value: lambda subject: subject.category,
}


def inhibited_by(
    inhibitions: Iterable[ActiveInhibition],
    subject: Subject,
    fired: Sequence[Fired],
    now: datetime,
    *,
    by_name: bool = False,
) -> Inhibited | None:
    """Of everything that inhibits `subject` at `now` what does so longest; None without any.

    An inhibition holds while something `fired` that matches its source, and agrees with `subject`
    in all it wants equal, is younger than its window. What matches both sides is not inhibited by
    what does so as well, so nothing inhibits itself. `by_name`: only by inhibitions whose target
    names the category.
    """
    found = (
        Inhibited(
            inhibition_id=inhibition.inhibition_id,
            told_at=one.at,
            until=one.at + timedelta(minutes=inhibition.window_minutes),
        )
        for inhibition in inhibitions
        if matches(inhibition.target, subject)
        if inhibition.target.category is not None or not by_name
        for one in _sources(inhibition, subject, fired)
    )
    current = (one for one in found if one.until > now)
    return max(current, key=lambda one: (one.until, one.inhibition_id), default=None)


def agree(one: Subject, other: Subject, equal: Iterable[str]) -> bool:
    """Whether both have the same value, or none, in each of these."""
    return all(_VALUES[name](one) == _VALUES[name](other) for name in equal)


def _sources(
    inhibition: ActiveInhibition, subject: Subject, fired: Iterable[Fired]
) -> Iterable[Fired]:
    """What of the fired counts against a subject that matches the target."""
    on_both_sides = matches(inhibition.source, subject)
    return (
        one
        for one in fired
        if matches(inhibition.source, one.subject)
        if agree(one.subject, subject, inhibition.equal)
        if not (on_both_sides and matches(inhibition.target, one.subject))
    )
