"""`manage.py read_bounces`: from a pipe, from files, from a Maildir."""

import io
import mailbox
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Business, User
from apps.notifications.models import Address, DeliveryAttempt
from tests import factories
from tests.notifications.engines.test_bounces import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(northwind: Business, ana: User) -> DeliveryAttempt:
    event = factories.make_event(business=northwind, user=ana)
    delivery = factories.make_delivery(
        notification=factories.make_notification(event=event, user=ana),
        channel="email",
        state="delivered",
        attempt_count=1,
        address=factories.make_address(user=ana, channel="email"),
    )
    return factories.make_attempt(delivery=delivery, provider="smtp", outcome="delivered")


@pytest.fixture
def bounce(attempt: DeliveryAttempt) -> bytes:
    return written(envelope=f"Original-Envelope-Id: {attempt.public_id}")


def told(*arguments: str) -> str:
    out = io.StringIO()
    call_command("read_bounces", *arguments, stdout=out)
    return out.getvalue().strip()


def test_a_mail_server_pipes_one_and_the_address_is_off(
    attempt: DeliveryAttempt, bounce: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(bounce)))
    assert told() == "1 read, 1 new reports"
    attempt.refresh_from_db()
    assert (attempt.report, Address.objects.get().off_reason) == ("bounced", "bounced")


def test_any_other_mail_is_read_and_passed_over(
    attempt: DeliveryAttempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"Subject: Hi\r\n\r\nHi")))
    assert told() == "1 read, 0 new reports"


def test_a_file_read_twice_counts_once(
    attempt: DeliveryAttempt, bounce: bytes, tmp_path: Path
) -> None:
    mail = tmp_path / "bounce.eml"
    mail.write_bytes(bounce)
    assert told("--file", str(mail), str(mail)) == "2 read, 1 new reports"


def test_a_maildir_is_read_once(attempt: DeliveryAttempt, bounce: bytes, tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "bounces")
    box.add(bounce)
    box.add(b"Subject: Hi\r\n\r\nHi")
    folder = str(tmp_path / "bounces")
    assert told("--maildir", folder) == "2 read, 1 new reports"
    assert told("--maildir", folder) == "0 read, 0 new reports"


@pytest.mark.parametrize("option", ["--file", "--maildir"])
def test_what_is_not_there_is_said(option: str, tmp_path: Path, now: datetime) -> None:
    with pytest.raises(CommandError):
        told(option, str(tmp_path / "nowhere"))
