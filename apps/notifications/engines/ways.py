"""When each channel is taken by what is told: with the rest, later, in a digest, or not at all.

its own quiet hours ─► its daily limit ─► is the person at the inbox right now?

A one-time code passes all of them, whatever `overrides_quiet_hours` the first and the last, and
something critical the last: whoever has an inbox open may not be looking at it. A channel that
nothing holds adds no step.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from apps.classification.types import Urgency
from apps.core import timing
from apps.notifications.engines.allowed import channels_for
from apps.notifications.engines.cases import Case, minutes
from apps.notifications.engines.channel_quiet import awake_on, channel_window
from apps.notifications.engines.due import next_digest
from apps.notifications.engines.pacing import OVERRIDE
from apps.notifications.types import (
    ChannelRule,
    Decision,
    HeldChannel,
    Hold,
    Outcome,
    Plain,
    PreferenceValues,
    QuietHoursPolicy,
    Reason,
    Ringing,
    Step,
)

# The others ring for what lies in it, so it is never held by itself.
INBOX = "in_app"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One channel at the moment it would be taken. `decision` tells now or is deferred."""

    case: Case
    ringing: Ringing
    decision: Decision
    name: str
    rule: ChannelRule
    at: datetime

    @property
    def released(self) -> bool:
        return self.case.verdict.overrides_quiet_hours

    def local(self, moment: datetime) -> str:
        """`moment` on the channel's clock, in ISO 8601 with its offset."""
        return moment.astimezone(timing.zone(self.rule.time_zone)).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """`held` None lets the channel pass, as something was to hold it and may not."""

    step: Step
    held: HeldChannel | None


_Question: TypeAlias = Callable[[_Way], _Answer | None]


def with_channels(case: Case, decision: Decision) -> Decision:
    """The decision with what holds its channels: a step and a place in `held` for each of them.

    What waits for a digest takes every channel with it, and what is dropped takes none.
    """
    ringing = case.context.ringing
    if ringing is None or decision.due_at is None or decision.outcome is Outcome.DIGEST:
        return decision
    rules = case.preference.channel_rules
    if not rules and ringing.seen_at is None:
        return decision
    steps, held = list(decision.steps), []
    for name in channels_for(case.preference, case.verdict.priority):
        if name == INBOX:
            continue
        rule = rules.get(name) or ChannelRule(time_zone=case.preference.time_zone)
        way = _Way(
            case=case,
            ringing=ringing,
            decision=decision,
            name=name,
            rule=rule,
            at=decision.due_at.astimezone(UTC),
        )
        answers = _answers(way)
        steps += (answer.step for answer in answers)
        held += [answer.held for answer in answers if answer.held is not None][-1:]
    return replace(decision, steps=tuple(steps), held=tuple(held))


def taken(preference: PreferenceValues, priority: int, decision: Decision) -> dict[str, datetime]:
    """Channel → when it is told by itself; none that waits for a digest, or is not taken."""
    if decision.due_at is None or decision.outcome is Outcome.DIGEST:
        return {}
    ways = dict.fromkeys(channels_for(preference, priority), decision.due_at)
    for one in decision.held:
        if one.due_at is None or one.in_digest:
            del ways[one.name]
        else:
            ways[one.name] = one.due_at
    return ways


def _answers(way: _Way) -> list[_Answer]:
    """Until one settles it; a channel that is merely told later is asked on, as of then."""
    found = []
    for ask in _QUESTIONS:
        answer = ask(way)
        if answer is None:
            continue
        found.append(answer)
        if answer.held is not None:
            if answer.held.due_at is None or answer.held.in_digest:
                break
            way = replace(way, at=answer.held.due_at)
    return found


def _quiet_hours(way: _Way) -> _Answer | None:
    """The margin is in minutes, until they end (negative). The person's own policy holds here."""
    window = channel_window(way.rule, way.at)
    if window is None:
        return None
    policy = way.case.preference.quiet_policy
    ends = awake_on(way.case.preference, way.name, way.at)
    held = None if way.released else _after_quiet_hours(way, policy, ends)
    step = Step(
        code=Hold.QUIET_HOURS.value,
        passed=way.released,
        inputs={
            "channel": way.name,
            "at": way.local(way.at),
            "zone": way.rule.time_zone,
            "policy": policy.value,
            **_until(way, held),
        },
        threshold=window.walls,
        margin=minutes(way.at - ends),
        note=OVERRIDE if way.released else "",
    )
    return _Answer(step=step, held=held)


def _after_quiet_hours(way: _Way, policy: QuietHoursPolicy, ends: datetime) -> HeldChannel:
    if policy == QuietHoursPolicy.DIGEST:
        return _in_digest(way)
    expires_at = way.decision.expires_at
    too_late = expires_at is not None and ends >= expires_at
    lost = policy == QuietHoursPolicy.DROP or too_late
    return HeldChannel(name=way.name, due_at=None if lost else ends)


def _daily_cap(way: _Way) -> _Answer | None:
    """Of the local day on which it would be told; the margin counts what may still follow."""
    most = way.rule.max_per_day
    if most is None:
        return None
    day = timing.local_day(way.at, way.case.zone)[0]
    told = way.ringing.told_through.get((way.name, day), 0)
    if told < most:
        return None
    awaited = way.case.verdict.awaited
    held = None if awaited else _in_digest(way)
    step = Step(
        code=Hold.CAP.value,
        passed=awaited,
        inputs={"channel": way.name, "told": told, **_until(way, held)},
        threshold=most,
        margin=float(most - told - 1),
        note=OVERRIDE if awaited else "",
    )
    return _Answer(step=step, held=held)


def _seen_elsewhere(way: _Way) -> _Answer | None:
    """The margin is in minutes: for how long they have been away, less what counts as here."""
    case, seen_at = way.case, way.ringing.seen_at
    if seen_at is None or way.at != case.now:
        return None
    window = timedelta(seconds=way.ringing.presence_window_seconds)
    away = case.now - seen_at
    grace = timedelta(seconds=way.ringing.seen_grace_seconds)
    due_at = awake_on(case.preference, way.name, case.now + grace)
    expires_at = way.decision.expires_at
    if away >= window or (expires_at is not None and due_at >= expires_at):
        return None
    passes = OVERRIDE if way.released else _critical(case)
    held = None if passes else HeldChannel(name=way.name, due_at=due_at)
    step = Step(
        code=Hold.SEEN.value,
        passed=held is None,
        inputs={"channel": way.name, "away_minutes": minutes(away), **_until(way, held)},
        threshold=minutes(window),
        margin=minutes(away - window),
        note=passes,
    )
    return _Answer(step=step, held=held)


def _critical(case: Case) -> str:
    return Reason.URGENT.value if case.verdict.priority >= Urgency.CRITICAL.floor else ""


def _in_digest(way: _Way) -> HeldChannel:
    """The person's next digest after it is told; nothing where it would come too late."""
    told_at = way.decision.due_at or way.at
    slot = next_digest(replace(way.case, now=told_at.astimezone(UTC)))
    too_late = slot >= way.case.expires_after(slot)
    return HeldChannel(name=way.name, due_at=None if too_late else slot, in_digest=not too_late)


def _until(way: _Way, held: HeldChannel | None) -> dict[str, Plain]:
    if held is None or held.due_at is None:
        return {}
    times: dict[str, Plain] = {"at": way.local(way.at), "until": way.local(held.due_at)}
    return {**times, "digest": True} if held.in_digest else times


_QUESTIONS: tuple[_Question, ...] = (_quiet_hours, _daily_cap, _seen_elsewhere)
