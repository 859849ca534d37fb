"""Whether one person is told of one verdict, and when: pure, so a preview equals reality."""

from datetime import datetime

from apps.classification.types import Verdict
from apps.notifications.engines.cases import Case
from apps.notifications.engines.explaining import with_channel_ways_out, with_way_out
from apps.notifications.engines.settling import settle
from apps.notifications.engines.ways import with_channels
from apps.notifications.types import Decision, FilterContext, Outcome


def decide(verdict: Verdict, context: FilterContext, now: datetime) -> Decision:
    """Ask every step in turn. `now` must be aware; a zone the machine does not know raises.

    The trace ends with the step that settled it, whose code is the reason of whatever is not told
    now; after it come the steps of channels that are held. What would only be told once it has
    expired is dropped, and a last `expired` step says so. What would be put off to a day that is
    full joins a digest, and a last step names that day. A dropped decision has neither `due_at`
    nor `expires_at`.
    """
    case = Case.of(verdict, context, now)
    decision = settle(case)
    if decision.outcome is not Outcome.NOTIFY_NOW:
        decision = with_way_out((verdict, context, now), decision)
    rung = with_channels(case, decision)
    return with_channel_ways_out((verdict, context, now), decision, rung)
