"""The first steps: may this person be told anything, and did anybody silence such a thing?

No word of a VIP and no rule passes them.
"""

from collections.abc import Sequence

from apps.notifications.engines.cases import Case, Settlement, dropped, minutes
from apps.notifications.engines.succession import at_once
from apps.notifications.types import PreferenceValues, Reason, Step

_CONSENTED = Step(code=Reason.NO_CONSENT.value, passed=True, inputs={"consented": True})
_NOT_BOUND = Step(code=Reason.EXPIRED.value, passed=True, inputs={"bound": False})
_NOT_SILENCED = Step(code=Reason.SILENCED.value, passed=True, inputs={"matching": 0})


def consent(case: Case) -> Step | Settlement:
    if case.preference.consented:
        return _CONSENTED
    return dropped(Step(code=Reason.NO_CONSENT.value, passed=False, inputs={"consented": False}))


def enabled(case: Case) -> Step | Settlement:
    wanted = case.preference.enabled
    step = Step(code=Reason.DISABLED.value, passed=wanted, inputs={"enabled": wanted})
    return step if wanted else dropped(step)


def unexpired(case: Case) -> Step | Settlement:
    """Passed while there is still time to be told; the margin is in minutes."""
    expires_at = case.verdict.expires_at
    if expires_at is None:
        return _NOT_BOUND
    passed = expires_at > case.now
    step = Step(
        code=Reason.EXPIRED.value,
        passed=passed,
        inputs={"at": case.local(case.now)},
        threshold=case.local(expires_at),
        margin=minutes(expires_at - case.now),
    )
    return step if passed else dropped(step)


def channel(case: Case) -> Step | Settlement:
    """Passed when one channel is left that tier, person and provider allow.

    `channels` are the ways it takes; a channel that asks for more is named with that priority, and
    `in_turn` are those that ring only if the ones before them do not reach.
    """
    preference, asked = case.preference, case.preference.thresholds
    usable = preference.channels
    taken = channels_for(preference, case.verdict.priority)
    step = Step(
        code=Reason.NO_CHANNEL.value,
        passed=bool(usable),
        inputs={
            "channels": list(taken),
            **{n: asked[n] for n in usable if asked.get(n, 0) > case.verdict.priority},
            **({"in_turn": turn} if (turn := _in_turn(case, taken)) else {}),
            **{one.name: one.bar.value for one in preference.barred},
        },
    )
    return step if usable else dropped(step)


def channels_for(preference: PreferenceValues, priority: int) -> tuple[str, ...]:
    """The usable channels that something of this priority takes at once."""
    return at_once(preference.channel_order, usable_for(preference, priority))


def usable_for(preference: PreferenceValues, priority: int) -> tuple[str, ...]:
    """The usable channels that take something of this priority, at once or in their turn."""
    asked = preference.thresholds
    return tuple(name for name in preference.channels if priority >= asked.get(name, priority))


def _in_turn(case: Case, taken: Sequence[str]) -> list[str]:
    usable = usable_for(case.preference, case.verdict.priority)
    return [n for n in case.preference.channel_order if n in usable and n not in taken]


def silenced(case: Case) -> Step | Settlement:
    """Passed unless a silence matches; the margin is in minutes, until the silence ends.

    What is silenced is dropped, not held: whoever wrote the silence said of exactly such things
    that they need not be told. The decision and its trace stay.
    """
    silence = case.context.silence
    if silence is None or silence.expires_at <= case.now:
        return _NOT_SILENCED
    return dropped(
        Step(
            code=Reason.SILENCED.value,
            passed=False,
            inputs={"at": case.local(case.now), "silence": str(silence.silence_id)},
            threshold=case.local(silence.expires_at),
            margin=minutes(case.now - silence.expires_at),
        )
    )
