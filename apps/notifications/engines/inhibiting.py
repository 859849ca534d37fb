"""The step after silences: is it said already by something this person has been told of?"""

from apps.classification.types import Verdict
from apps.notifications.engines.cases import Case, Settlement, dropped, minutes
from apps.notifications.types import Reason, Step

_NOT_INHIBITED = Step(code=Reason.INHIBITED.value, passed=True, inputs={"holding": 0})


def inhibited(case: Case) -> Step | Settlement:
    """Passed unless an inhibition holds; the margin is in minutes, until it ends.

    What is inhibited is dropped, as what is silenced is, and a VIP's word does not pass either.
    """
    inhibition = case.context.inhibition
    if inhibition is None or inhibition.until <= case.now:
        return _NOT_INHIBITED
    return dropped(
        Step(
            code=Reason.INHIBITED.value,
            passed=False,
            inputs={
                "at": case.local(case.now),
                "inhibition": str(inhibition.inhibition_id),
                "told_at": case.local(inhibition.told_at),
            },
            threshold=case.local(inhibition.until),
            margin=minutes(case.now - inhibition.until),
        )
    )


def by_name_only(verdict: Verdict) -> bool:
    """Whether only an inhibition that names its category may hold it: a one-time code, and what a
    deterministic rule lets through quiet hours, is needed by whoever waits for it.
    """
    return verdict.code is not None or verdict.overrides_quiet_hours
