"""Issue 3's story: many things, one message, at the hour its reader asked for."""

from collections.abc import Callable
from datetime import time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.notifications.models import Delivery, Digest, DigestRound, Notification, Preference
from apps.notifications.types import Frequency
from apps.pipeline.services.digests import drain_digests
from tests import factories
from tests.flows.conftest import Drain, Outsider

Mail = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def daily_reader(ana: User) -> Preference:
    """Ana reads at nine in Berlin."""
    return Preference.objects.create(
        user=ana, frequency=Frequency.DAILY, digest_time=time(9, 0), time_zone="Europe/Berlin"
    )


def test_a_day_of_mail_is_one_message_at_nine(
    mailroom: Outsider,
    mail: Mail,
    drain: Drain,
    ana: User,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.EXTRA_CHANNELS = ["console"]
    acme = factories.make_client(business=mailroom.source.business, name="Acme")
    type(acme).objects.update(domains=["acme.example"])
    for subject in ("Minutes of Monday", "Notes on pricing", "A photograph"):
        sender = "Jo <jo@out.example>" if "photo" in subject else "Carla <carla@acme.example>"
        mailroom.post(mail(subject=subject, text=f"{subject}, attached.", sender=sender))
    now = timezone.now()
    drain(now)
    held = Notification.objects.filter(user=ana)
    assert {row.status for row in held} == {Notification.Status.QUEUED}
    assert not Delivery.objects.exists()
    # The queue asks the database's clock, which no test may move: the rows' hour comes instead.
    nine = held[0].due_at
    DigestRound.objects.update(due_at=now)
    drain_digests(now=nine, limit=10)
    Delivery.objects.update(due_at=now)
    drain(nine)
    assert {row.status for row in held.all()} == {Notification.Status.DELIVERED}
    sent = Digest.objects.get(channel="console")
    assert "09:00: 3 things" in sent.title
    assert sent.body.index("Acme") < sent.body.index("Everything else")
    assert sent.body.count("- ") == 3
    assert capsys.readouterr().out.count("notification ") == 1


def test_the_preview_shows_the_next_digest_and_sends_nothing(
    mailroom: Outsider, mail: Mail, drain: Drain, ana: User
) -> None:
    mailroom.post(mail(subject="Minutes of Monday", text="Attached."))
    drain(timezone.now())
    shown = StringIO()
    call_command("digest", "preview", user=ana.email, stdout=shown)
    assert "Minutes of Monday" in shown.getvalue()
    assert "in_app · daily:" in shown.getvalue()
    assert not Digest.objects.exists()


def test_the_preview_of_nothing_says_so(ana: User) -> None:
    shown = StringIO()
    call_command("digest", "preview", user=ana.email, stdout=shown)
    assert "Nothing waits" in shown.getvalue()


def test_the_preview_of_nobody_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody"):
        call_command("digest", "preview", user="nobody@northwind.example")


def test_what_quiet_hours_held_and_is_over_by_morning_is_one_line(
    mailroom: Outsider, mail: Mail, drain: Drain, ana: User, daily_reader: Preference
) -> None:
    now = timezone.now()
    Preference.objects.update(
        frequency=Frequency.INSTANT,
        time_zone="UTC",
        quiet_hours_enabled=True,
        quiet_start=(now - timedelta(hours=1)).time(),
        quiet_end=(now + timedelta(hours=1)).time(),
    )
    for subject in ("Can you sign this?", "Could you call the bank?"):
        mailroom.post(mail(subject=subject, text=f"{subject} It is about something else."))
    drain(now)
    assert set(Notification.objects.values_list("status", flat=True)) == {"queued"}
    Notification.objects.update(expires_at=now)
    Delivery.objects.update(due_at=now)
    drain(now + timedelta(hours=1))
    assert set(Notification.objects.values_list("status", "moot_reason")) == {
        ("expired", "expired")
    }
    DigestRound.objects.update(due_at=now)
    drain_digests(now=now + timedelta(hours=1), limit=10)
    [line] = Digest.objects.all()
    assert line.body == (
        "While you were away: 2 things that no longer matter (2 things are out of date)."
    )
    assert line.counts["moot"] == {"expired": 2}
