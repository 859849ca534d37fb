"""Whatever happens, and whoever wants what: a replay decides as live did, decision by decision."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.core.redis import client as redis_client
from apps.ingestion.models import Event, RawEvent
from apps.notifications import selectors
from apps.notifications.engines.replaying import Setting, replay
from apps.notifications.models import (
    ChannelPreference,
    Decision,
    Delivery,
    DigestRound,
    Preference,
    Tally,
)
from apps.notifications.services import waking
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.recipients import pace_of
from apps.pipeline.services.deliveries import drain_deliveries
from apps.pipeline.services.digests import drain_digests
from apps.pipeline.services.inbox import drain_inbox
from apps.rules.models import Inhibition, Silence
from apps.rules.services import silences
from tests import factories
from tests.flows.conftest import Outsider

Mail = Callable[..., dict[str, Any]]
Lived = Callable[["Story", datetime], None]
Outcome = tuple[str, str, datetime | None]

REPORT = (
    "The quarterly report on the sales of all regions is ready, with figures for each product and "
    "each month, a comparison with the year before, and a forecast that finance has checked twice; "
    "please read it before the board meets{}"
)
MAILS = [
    *(("Report", REPORT.format(word)) for word in (" today", " again", " now")),
    *(
        ("Your code", f"Your verification code is {code}. It is valid for 10 minutes.")
        for code in (482913, 915740)
    ),
    ("Outage", "URGENT: production is down, please call back immediately."),
    ("Newsletter", "Ten things to read this week. Unsubscribe here."),
    ("Budget", "Please approve the budget of the third quarter today."),
    ("Photos", "Here are the photos of the hike on Sunday."),
    ("Visit", "Next month I am in town for a few days."),
]
SENDERS = ["Jo <jo@out.example>", "Kim <kim@acme.example>", "Lee <lee@contoso.example>"]
# What the person, or a worker that delivers, does just before a drain comes by.
DAY = timedelta(days=1)
CENTURY = 36_525 * DAY

ACTS = [None, None, None, "deliver", "deliver", "set aside", "snooze", "wake", "silence", "lift"]


@dataclass(frozen=True, slots=True)
class Batch:
    """`minutes` after the one before, less than none where its clock was read before that one's."""

    minutes: float
    mails: list[tuple[tuple[str, str], str]]
    act: str | None


@dataclass(frozen=True, slots=True)
class Story:
    preference: dict[str, Any]
    cap: int | None
    console: dict[str, Any] | None
    inhibition: dict[str, Any] | None
    batches: list[Batch]


walls = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))
preferences = st.fixed_dictionaries(
    {},
    optional={
        "frequency": st.sampled_from(("batch", "daily", "weekly")),
        "interruption_budget": st.integers(1, 5),
        "min_urgency": st.sampled_from(("low", "medium")),
        "relevance_threshold": st.sampled_from((0.2, 0.5)),
        "assigned_clients_only": st.just(True),
        "quiet_ranges": st.integers(0, 6).map(
            lambda day: [{"days": [day], "start": "08:00", "end": "08:00"}]
        ),
        "time_zone": st.sampled_from(("Asia/Kathmandu", "America/New_York", "Pacific/Apia")),
        "digest_weekday": st.integers(0, 6),
    },
)
nights = st.fixed_dictionaries(
    {
        "quiet_hours_enabled": st.just(True),
        "quiet_start": walls,
        "quiet_end": walls.map(lambda wall: wall.replace(minute=15)),
        "quiet_policy": st.sampled_from(("defer", "digest", "drop")),
    }
)
consoles = st.fixed_dictionaries(
    {"priority_threshold": st.sampled_from((1, 5))},
    optional={
        "max_per_day": st.sampled_from((0, 1, 3)),
        "quiet_hours_enabled": st.just(True),
    },
)
inhibitions = st.fixed_dictionaries(
    {"equal": st.sampled_from(([], ["sender"])), "window_minutes": st.sampled_from((10, 120))}
)
batches = st.builds(
    Batch,
    st.sampled_from((-0.5, 1, 2, 7, 40, 100, 500)),
    st.lists(st.tuples(st.sampled_from(MAILS), st.sampled_from(SENDERS)), min_size=1, max_size=3),
    st.sampled_from(ACTS),
)
stories = st.builds(
    Story,
    st.builds(lambda one, two: {**one, **two}, preferences, st.just({}) | nights),
    st.none() | st.integers(1, 5),
    st.none() | consoles,
    st.none() | inhibitions,
    st.lists(batches, min_size=2, max_size=6),
)


@pytest.fixture
def live(
    mailroom: Outsider,
    mail: Mail,
    northwind: Business,
    ana: User,
    boris: User,
    settings: Settings,
) -> Lived:
    """What the drains decide, with clocks that have nothing to do with the database's."""
    settings.DEDUP_WINDOW_SECONDS = 0
    for domain, user in (("acme.example", ana), ("contoso.example", boris)):
        client = factories.make_client(business=northwind, domains=(domain,))
        factories.make_assignment(client=client, user=user)
    acts: dict[str | None, Callable[[datetime], object]] = {
        None: lambda at: None,
        "deliver": deliver_until,
        "set aside": lambda at: deliver_while_off(ana, at),
        "snooze": lambda at: waking.snooze(
            northwind, ana, silences.Snooze.HOUR, clock=ZoneInfo("UTC"), now=at
        ),
        "wake": lambda at: waking.wake(northwind, ana, now=at),
        "silence": lambda at: silences.add(
            northwind,
            ana,
            silences.Matchers(sender="@out.example"),
            expires_at=at + timedelta(hours=2),
            now=at,
        ),
        "lift": lambda at: lift_all(ana, at),
    }

    def run(story: Story, begins_at: datetime) -> None:
        settings.EXTRA_CHANNELS = ["console"] if story.console is not None else []
        factories.make_preference(user=ana, **story.preference)
        factories.make_channel_preference(user=ana, max_per_day=story.cap)
        for console in filter(None, [story.console]):
            factories.make_channel_preference(
                user=ana,
                channel="console",
                quiet_start=begins_at.time(),
                quiet_end=(begins_at + timedelta(hours=5)).time(),
                **console,
            )
        for inhibition in filter(None, [story.inhibition]):
            row = factories.make_inhibition(business=northwind, **inhibition)
            Inhibition.objects.filter(pk=row.pk).update(created_at=begins_at)
        for batch, at in zip(story.batches, clocks(story, begins_at), strict=True):
            for (subject, text), sender in batch.mails:
                answer = mailroom.post(mail(subject=subject, text=text, sender=sender))
                assert answer.status == 202
            before = list(Silence.objects.values_list("pk", flat=True))
            acts[batch.act](at)
            # A test's clock is not the one that the ORM stamps with.
            Silence.objects.exclude(pk__in=before).update(created_at=at)
            drain_inbox(now=at, limit=100)

    return run


def clocks(story: Story, begins_at: datetime) -> Iterator[datetime]:
    """The drain's clock for each batch. It may be behind another's, but not behind a person's act.

    What a person does while a batch is decided holds for it already: that is not on the record.
    """
    at = latest = done_at = begins_at
    moment = timedelta(seconds=1)
    for batch in story.batches:
        earliest = latest + moment if batch.act else done_at
        at = max(at + timedelta(minutes=batch.minutes), earliest)
        latest = max(latest, at)
        done_at = at if batch.act else done_at
        yield at


def lift_all(user: User, at: datetime) -> None:
    for row in Silence.objects.filter(user=user, ended_at=None, expires_at__gt=at):
        waking.lift(row.business, user, row.public_id, now=at)


def deliver_while_off(user: User, at: datetime) -> None:
    own = Preference.objects.filter(user=user)
    own.update(enabled=False)
    deliver_until(at)
    own.update(enabled=True)


def deliver_until(at: datetime) -> None:
    """Digests and deliveries that have come due in the story; the database's clock is past it."""
    for model in (Delivery, DigestRound):
        model.objects.filter(due_at__gt=at).update(due_at=F("due_at") + CENTURY)
    drain_digests(now=at, limit=100)
    drain_deliveries(now=at, limit=100)
    for model in (Delivery, DigestRound):
        model.objects.filter(due_at__gt=at + CENTURY).update(due_at=F("due_at") - CENTURY)


def forget_all() -> None:
    """Of the story before, also how much was sent in the last minute."""
    redis_client().flushdb()
    models = (
        Event,
        RawEvent,
        DigestRound,
        Tally,
        Silence,
        Inhibition,
        Preference,
        ChannelPreference,
    )
    for model in models:
        model.objects.all().delete()


def lived(user: User) -> list[Outcome]:
    rows = Decision.objects.filter(user=user).order_by("event_id")
    return [(row.outcome, row.reason, row.due_at) for row in rows]


def replayed(business: Business, user: User) -> list[Outcome]:
    preference = selectors.effective_of(
        selectors.preference_of(user), business, needs=needs_in_use()
    )
    setting = Setting(preference=preference, pace=pace_of(preference))
    occurrences, _ = selectors.occurrences_of(
        business, user, since=Decision.objects.earliest("created_at").created_at, limit=1_000
    )
    decisions = replay(occurrences, setting)
    return [(one.outcome.value, one.reason.value, one.due_at) for one in decisions]


def assert_replayed_as_lived(
    live: Lived, business: Business, user: User, story: Story, now: datetime
) -> None:
    forget_all()
    live(story, now - 100 * DAY)
    assert replayed(business, user) == lived(user)


unhurried = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=15, phases=[Phase.generate], deadline=None, suppress_health_check=unhurried)
@given(story=stories)
def test_a_replay_decides_as_live_did(
    live: Lived, northwind: Business, ana: User, now: datetime, story: Story
) -> None:
    assert_replayed_as_lived(live, northwind, ana, story, now)


@pytest.mark.slow
@pytest.mark.timeout(400)  # a busy machine takes some seconds for each story
@settings(max_examples=60, phases=[Phase.generate], deadline=None, suppress_health_check=unhurried)
@given(story=stories)
def test_a_replay_decides_as_live_did_in_many_stories(
    live: Lived, northwind: Business, ana: User, now: datetime, story: Story
) -> None:
    assert_replayed_as_lived(live, northwind, ana, story, now)
