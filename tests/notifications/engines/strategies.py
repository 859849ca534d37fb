"""Anything the noise filter may meet, as hypothesis makes it."""

import operator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

from hypothesis import strategies as st

from apps.classification.types import Category, Method, SecurityCode, Urgency, Verdict
from apps.core.timing import zone_names
from apps.notifications.types import (
    Bar,
    BarredChannel,
    ChannelRule,
    FilterContext,
    Frequency,
    PreferenceValues,
    QuietHoursPolicy,
    QuietRange,
    Ringing,
    Told,
)
from apps.rules.types import ActiveSilence, Inhibited
from tests.notifications.engines.builders import FINGERPRINT

_ZONES = sorted(zone_names())
_LATER = datetime(2100, 1, 1, tzinfo=UTC)
# The nights of the clock changes are where time goes wrong.
_CHANGES = (
    datetime(2026, 3, 8, 6, tzinfo=UTC),
    datetime(2026, 3, 29, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, tzinfo=UTC),
    datetime(2026, 11, 1, 5, tzinfo=UTC),
    datetime(2011, 12, 30, 9, tzinfo=UTC),
)

_SHOWN_IN = (UTC, timezone(timedelta(hours=5, minutes=45)))

moments = st.builds(
    lambda day, seconds, shown_in: (day + timedelta(seconds=seconds)).astimezone(shown_in),
    st.sampled_from(_CHANGES)
    | st.integers(1_100_000_000, 2_800_000_000).map(lambda at: datetime.fromtimestamp(at, UTC)),
    st.integers(-43_200, 43_200),
    st.sampled_from(_SHOWN_IN),
)
_walls = st.one_of(
    st.sampled_from((time(22), time(7), time(2, 30), time(0), time(23, 59))),
    st.times().map(lambda wall: wall.replace(second=0, microsecond=0)),
)
_seldom = st.sampled_from((False, False, False, False, True))
_fingerprints = st.sampled_from((0, FINGERPRINT, FINGERPRINT ^ 1, -FINGERPRINT, -(2**63)))


def around(now: datetime) -> st.SearchStrategy[datetime]:
    """Mostly later: what is over is dropped before anything else is asked."""
    return st.integers(-100_000, 400_000).map(lambda seconds: now + timedelta(seconds=seconds))


def verdicts(now: datetime) -> st.SearchStrategy[Verdict]:
    return st.builds(
        Verdict,
        priority=st.integers(1, 10),
        category=st.sampled_from(Category),
        relevance=st.floats(0, 1),
        confidence=st.floats(0, 1),
        method=st.sampled_from(Method),
        reason=st.just("a rule"),
        code=st.none() | st.builds(SecurityCode, value=st.just("482913"), expires_at=around(now)),
        expires_at=st.none() | around(now),
        vip=_seldom,
        overrides_quiet_hours=_seldom,
    )


_ranges = st.lists(
    st.builds(
        QuietRange,
        days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        start=_walls,
        end=_walls,
    ),
    max_size=2,
).map(tuple)
_barred = st.builds(BarredChannel, name=st.just("sms"), bar=st.sampled_from(Bar))


def silences(now: datetime) -> st.SearchStrategy[ActiveSilence]:
    return st.builds(ActiveSilence, silence_id=st.uuids(), expires_at=around(now))


def inhibitions(now: datetime) -> st.SearchStrategy[Inhibited]:
    return st.builds(Inhibited, inhibition_id=st.uuids(), told_at=st.just(now), until=around(now))


preferences = st.builds(
    PreferenceValues,
    consented=_seldom.map(operator.not_),
    enabled=_seldom.map(operator.not_),
    min_urgency=st.sampled_from(Urgency),
    relevance_threshold=st.floats(0, 1),
    categories=st.none() | st.lists(st.sampled_from(Category.values), max_size=14).map(tuple),
    frequency=st.sampled_from(Frequency),
    digest_time=_walls,
    digest_weekday=st.integers(0, 6),
    quiet_hours_enabled=st.booleans(),
    quiet_start=st.none() | _walls,
    quiet_end=st.none() | _walls,
    quiet_policy=st.sampled_from(QuietHoursPolicy),
    quiet_ranges=_ranges,
    time_zone=st.sampled_from(_ZONES),
    max_per_day=st.none() | st.integers(0, 5),
    interruption_budget=st.none() | st.integers(1, 6),
    assigned_clients_only=_seldom,
    channels=_seldom.map(lambda none: () if none else ("in_app",)),
    barred=st.just(()) | st.tuples(_barred),
).filter(lambda preference: preference.quiet_start != preference.quiet_end)


def contexts(now: datetime) -> st.SearchStrategy[FilterContext]:
    return st.builds(
        FilterContext,
        preference=preferences,
        fingerprint=_fingerprints,
        silence=st.none() | st.none() | silences(now),
        inhibition=st.none() | st.none() | inhibitions(now),
        snoozed_until=st.none() | st.none() | around(now),
        assigned=st.sampled_from((None, True, False)),
        told=st.lists(st.builds(Told, fingerprint=_fingerprints, at=around(now)), max_size=4).map(
            tuple
        ),
        sent_today=st.integers(0, 6),
        promised=st.dictionaries(
            st.integers(-1, 2).map(lambda days: now.date() + timedelta(days=days)),
            st.integers(0, 6),
            max_size=3,
        ),
        last_interruption_at=st.none() | around(now),
        redundancy_window_seconds=st.integers(0, 7_200),
        batch_interval_seconds=st.integers(0, 86_400),
        min_interval_seconds=st.integers(0, 3_600),
        lifetime_seconds=st.sampled_from((604_800, 86_400, 3_600, 0)),
        reads_by_hour=st.just(())
        | st.lists(st.integers(0, 9), min_size=24, max_size=24).map(tuple),
        batch_max_delay_seconds=st.sampled_from((0, 14_400, 86_400)),
        helpful_rate=st.none() | st.floats(0, 1),
    )


def _a_sleeper(context: FilterContext) -> FilterContext:
    """Somebody who wants everything, knows nothing yet and sleeps at some time of the day."""
    preference = replace(
        context.preference,
        consented=True,
        enabled=True,
        min_urgency=Urgency.LOW,
        relevance_threshold=0.0,
        categories=None,
        assigned_clients_only=False,
        channels=("in_app",),
        quiet_hours_enabled=True,
        quiet_start=context.preference.quiet_start or time(20, 30),
        quiet_end=context.preference.quiet_end or time(20, 15),
    )
    return replace(context, preference=preference, told=(), silence=None, inhibition=None)


# A verdict, its recipient and the moment, as `decide` takes them.
cases = moments.flatmap(lambda now: st.tuples(verdicts(now), contexts(now), st.just(now)))
# The same where only quiet hours, caps, intervals and frequency may hold it back.
sleepers = cases.filter(lambda case: (case[0].expires_at or _LATER) > case[2]).map(
    lambda case: (case[0], _a_sleeper(case[1]), case[2])
)


_rules = st.builds(
    ChannelRule,
    quiet_start=_walls,
    quiet_end=_walls,
    time_zone=st.sampled_from(_ZONES),
    max_per_day=st.none() | st.integers(0, 3),
).filter(lambda rule: rule.quiet_start != rule.quiet_end)


def _ringing(
    case: tuple[Verdict, FilterContext, datetime], rule: ChannelRule | None, told: int, away: int
) -> tuple[Verdict, FilterContext, datetime]:
    """The same for somebody who has a second channel, with rules of its own or without."""
    verdict, context, now = case
    preference = replace(
        context.preference,
        channels=("in_app", "sms"),
        channel_rules={"sms": rule} if rule else {},
        barred=(),
    )
    days = (now.date() + timedelta(days=day) for day in range(-1, 3))
    rung = replace(
        context,
        preference=preference,
        ringing=Ringing(
            told_through={("sms", day): told for day in days},
            seen_at=now - timedelta(seconds=away),
        ),
    )
    return verdict, rung, now


# Sleepers with a second channel.
ringers = st.builds(_ringing, sleepers, st.none() | _rules, st.integers(0, 4), st.integers(-5, 200))
