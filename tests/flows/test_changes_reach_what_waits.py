"""Whatever somebody changes reaches what was put off, too: it is told as they want it now."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.notifications.models import Delivery, Digest, Notification, Preference
from apps.notifications.services import preferences
from apps.pipeline.services.deliveries import drain_deliveries
from apps.pipeline.services.digests import drain_digests
from apps.pipeline.services.inbox import drain_inbox
from apps.rules.services import silences
from tests import factories
from tests.flows.conftest import Outsider

Mail = Callable[..., dict[str, Any]]

UTC = ZoneInfo("UTC")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def console(settings: Settings) -> None:
    settings.EXTRA_CHANNELS, settings.PRESENCE_WINDOW_SECONDS = ["console"], 0


@pytest.fixture
def began() -> datetime:
    """Three days ago, so that whatever was put off is due by the database's own clock."""
    return timezone.now() - timedelta(days=3)


@pytest.fixture
def asleep(ana: User, began: datetime) -> Preference:
    """An hour before and after."""
    return factories.make_preference(
        user=ana,
        quiet_hours_enabled=True,
        quiet_start=wall(began - 60 * MINUTE),
        quiet_end=wall(began + 60 * MINUTE),
    )


@pytest.fixture
def put_off(asleep: Preference, mailroom: Outsider, mail: Mail, began: datetime) -> None:
    mailroom.post(mail(subject="Contract", text="The contract is ready to be signed by you."))
    drain_inbox(now=began, limit=10)
    assert ways() == {"in_app": ("pending", ""), "console": ("pending", "")}


def wall(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0)


def ways() -> dict[str, tuple[str, str]]:
    """What became of the notification, channel by channel."""
    rows = Delivery.objects.filter(digest=None)
    return {row.channel: (row.state, row.reason) for row in rows}


def waking(began: datetime) -> None:
    now = began + 61 * MINUTE
    drain_deliveries(now=now, limit=10)
    drain_digests(now=now, limit=10)


def test_what_was_put_off_is_told_by_who_changed_nothing(put_off: None, began: datetime) -> None:
    waking(began)
    assert ways() == {"in_app": ("delivered", ""), "console": ("delivered", "")}


def test_notifications_switched_off_ring_nowhere_and_the_inbox_counts_what_it_was(
    put_off: None, ana: User, began: datetime
) -> None:
    preferences.update(ana, {"enabled": False})
    waking(began)
    assert ways() == {"in_app": ("expired", "disabled"), "console": ("suppressed", "disabled")}
    assert Notification.objects.get().moot_reason == "disabled"
    assert Digest.objects.get().counts["moot"] == {"disabled": 1}


def test_a_silence_reaches_what_was_put_off_before_it(
    put_off: None, ana: User, began: datetime
) -> None:
    silences.add(
        business_of(ana),
        ana,
        silences.Matchers(category="message"),
        expires_at=began + 600 * MINUTE,
        now=began,
    )
    waking(began)
    assert ways() == {"in_app": ("expired", "silenced"), "console": ("suppressed", "silenced")}
    assert Digest.objects.get().away_line.endswith("(something was silenced).")


@pytest.mark.parametrize(("category", "moot"), [("message", "silenced"), ("newsletter", "")])
def test_a_silence_reaches_what_waits_for_a_digest(
    mailroom: Outsider, mail: Mail, ana: User, began: datetime, category: str, moot: str
) -> None:
    factories.make_preference(user=ana, frequency="batch")
    mailroom.post(mail(subject="Contract", text="The contract is ready to be signed by you."))
    drain_inbox(now=began, limit=10)
    matchers = silences.Matchers(category=category)
    ends = began + 600 * MINUTE
    silences.add(business_of(ana), ana, matchers, expires_at=ends, now=began)
    drain_digests(now=began + 61 * MINUTE, limit=10)
    assert Notification.objects.get().moot_reason == moot
    assert [row.away_line for row in Digest.objects.filter(channel="console")] == [""] * (not moot)


def test_a_silence_of_other_things_reaches_it_not(
    put_off: None, ana: User, began: datetime
) -> None:
    silences.add(
        business_of(ana),
        ana,
        silences.Matchers(category="newsletter"),
        expires_at=began + 600 * MINUTE,
        now=began,
    )
    waking(began)
    assert ways() == {"in_app": ("delivered", ""), "console": ("delivered", "")}


@pytest.mark.parametrize(
    ("changes", "reason"), [({"enabled": False}, "off"), ({"priority_threshold": 9}, "priority")]
)
def test_a_channel_that_is_off_by_now_or_asks_for_more_rings_not(
    put_off: None, ana: User, began: datetime, changes: dict[str, Any], reason: str
) -> None:
    factories.make_channel_preference(user=ana, channel="console", **changes)
    waking(began)
    assert ways() == {"in_app": ("delivered", ""), "console": ("suppressed", reason)}


def test_a_channel_whose_own_quiet_hours_began_waits_for_their_end(
    put_off: None, ana: User, began: datetime
) -> None:
    ends = (began + 120 * MINUTE).replace(second=0, microsecond=0)
    factories.make_channel_preference(
        user=ana,
        channel="console",
        quiet_hours_enabled=True,
        quiet_start=wall(began),
        quiet_end=wall(ends),
    )
    waking(began)
    assert ways() == {"in_app": ("delivered", ""), "console": ("pending", "channel_quiet_hours")}
    assert Delivery.objects.get(channel="console").due_at == ends


def test_quiet_hours_made_longer_hold_it_until_their_new_end(
    put_off: None, ana: User, began: datetime
) -> None:
    ends = (began + 300 * MINUTE).replace(second=0, microsecond=0)
    preferences.update(ana, {"quiet_end": wall(ends)})
    waking(began)
    assert ways() == {"in_app": ("pending", "quiet_hours"), "console": ("pending", "quiet_hours")}
    assert set(Delivery.objects.values_list("due_at", "attempt_count")) == {(ends, 0)}
    drain_deliveries(now=ends, limit=10)
    assert ways() == {"in_app": ("delivered", ""), "console": ("delivered", "")}


def test_a_snooze_holds_it_until_it_ends(put_off: None, ana: User, began: datetime) -> None:
    snooze = silences.snooze(
        business_of(ana), ana, silences.Snooze.HOUR, clock=UTC, now=began + 30 * MINUTE
    )
    waking(began)
    assert ways() == {"in_app": ("pending", "snoozed"), "console": ("pending", "snoozed")}
    assert {row.due_at for row in Delivery.objects.all()} == {snooze.expires_at}


def test_what_would_come_too_late_is_set_aside(put_off: None, ana: User, began: datetime) -> None:
    Notification.objects.update(expires_at=began + 90 * MINUTE)
    preferences.update(ana, {"quiet_end": wall(began + 300 * MINUTE)})
    waking(began)
    assert ways() == {"in_app": ("expired", "expired"), "console": ("expired", "quiet_hours")}
    assert Notification.objects.get().moot_reason == "expired"


def test_a_digest_rings_nobody_in_the_middle_of_a_snooze(
    ana: User, mailroom: Outsider, mail: Mail, began: datetime
) -> None:
    factories.make_preference(user=ana, frequency="daily", digest_time=wall(began + 60 * MINUTE))
    mailroom.post(mail(subject="Contract", text="The contract is ready to be signed by you."))
    drain_inbox(now=began, limit=10)
    snooze = silences.snooze(
        business_of(ana), ana, silences.Snooze.HOUR, clock=UTC, now=began + 30 * MINUTE
    )
    drain_digests(now=began + 61 * MINUTE, limit=10)
    ringing = Delivery.objects.get(channel="console")
    assert (ringing.state, ringing.reason, ringing.due_at) == (
        "pending",
        "snoozed",
        snooze.expires_at,
    )
    assert Delivery.objects.get(channel="in_app").state == "delivered"


def test_a_code_that_still_lives_rings_in_quiet_hours_that_began_meanwhile(
    ana: User, mailroom: Outsider, mail: Mail, began: datetime
) -> None:
    mailroom.post(mail(subject="Your code", text="482913 is your verification code."))
    drain_inbox(now=began, limit=10)
    factories.make_preference(
        user=ana,
        quiet_hours_enabled=True,
        quiet_start=wall(began - 60 * MINUTE),
        quiet_end=wall(began + 60 * MINUTE),
    )
    silences.snooze(business_of(ana), ana, silences.Snooze.HOUR, clock=UTC, now=began)
    drain_deliveries(now=began + timedelta(seconds=5), limit=10)
    assert ways() == {"in_app": ("delivered", ""), "console": ("delivered", "")}


def test_switching_off_reaches_what_was_told_a_moment_ago(
    ana: User, mailroom: Outsider, mail: Mail, began: datetime
) -> None:
    mailroom.post(mail(subject="Contract", text="The contract is ready to be signed by you."))
    drain_inbox(now=began, limit=10)
    factories.make_preference(user=ana, enabled=False)
    drain_deliveries(now=began + timedelta(seconds=1), limit=10)
    assert ways() == {"in_app": ("delivered", ""), "console": ("suppressed", "disabled")}
