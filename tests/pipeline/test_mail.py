"""A thing that is told by mail, through a real mail server: its links, its doubts, its bounce."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.core.resilience import breaker
from apps.ingestion.models import Source
from apps.notifications.models import Address, Delivery, Notification
from tests import factories
from tests.notifications.channels.smtp_server import Mails, closing, mail_server
from tests.notifications.engines.test_bounces import written
from tests.pipeline.builders import deliver, drain, mail, receive

pytestmark = pytest.mark.django_db

State = Delivery.State


@pytest.fixture(autouse=True)
def _by_mail(settings: Settings, linked_ana: User) -> None:
    settings.EXTRA_CHANNELS = ["email"]
    settings.MIN_NOTIFICATION_INTERVAL_SECONDS = 0
    settings.PUBLIC_URL = "https://vigil.example"
    breaker.breaker_for.cache_clear()


def tell(mails: Mails, mailbox: Source, settings: Settings, subject: str = "Offer") -> Delivery:
    mails.use_for(settings)
    receive(mailbox, mail(subject=subject))
    drain()
    deliver(timezone.now())
    return Delivery.objects.get(channel="email", notification__isnull=False)


def again() -> None:
    """As if the time of whatever waits had come."""
    Delivery.objects.filter(channel="email").update(due_at=timezone.now() - timedelta(seconds=1))
    deliver(timezone.now())


def test_a_mail_arrives_at_the_account_and_its_link_ends_the_next(
    mailbox: Source, settings: Settings, linked_ana: User
) -> None:
    with mail_server() as mails:
        delivery = tell(mails, mailbox, settings)
        [first] = mails.taken
        assert (delivery.state, first["To"]) == (State.DELIVERED, linked_ana.email)
        assert "Offer" in first["Subject"]
        link = first["List-Unsubscribe"].strip("<>")
        path = link.removeprefix("https://vigil.example")
        assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        receive(mailbox, mail(subject="Another"))
        drain()
        deliver(timezone.now())
    assert len(mails.taken) == 1
    assert Notification.objects.count() == 2


def test_a_topic_that_is_left_is_mailed_no_more_and_still_in_the_inbox(
    mailbox: Source, settings: Settings, linked_ana: User
) -> None:
    with mail_server() as mails:
        delivery = tell(mails, mailbox, settings)
        assert delivery.notification is not None
        topic = delivery.notification.category
        path = mails.taken[0]["List-Unsubscribe"].strip("<>").removeprefix("https://vigil.example")
        Client().post(path, {"what": "topic"})
        receive(mailbox, mail(subject="Another"))
        drain()
        deliver(timezone.now())
    assert len(mails.taken) == 1
    told = Notification.objects.filter(category=topic, status="delivered")
    assert told.count() == 2


def test_a_mail_without_an_answer_is_sent_again_with_its_message_id(
    mailbox: Source, settings: Settings
) -> None:
    with mail_server({".": closing}) as mails:
        delivery = tell(mails, mailbox, settings)
        assert delivery.state == State.UNKNOWN
        assert delivery.due_at > timezone.now() + timedelta(seconds=100)
        mails.replies = {}
        again()
        again()
    delivery.refresh_from_db()
    first, second = (one["Message-ID"] for one in mails.taken)
    assert (delivery.state, first) == (State.DELIVERED, second)
    tried = delivery.attempts.order_by("number").values_list("public_id", flat=True)
    assert [one["X-Vigil-Ref"] for one in mails.taken] == [str(ref) for ref in tried]


def test_a_mailbox_that_is_gone_is_off_and_nothing_more_is_sent(
    mailbox: Source, settings: Settings
) -> None:
    with mail_server({"RCPT": b"550 5.1.1 No such user"}) as mails:
        delivery = tell(mails, mailbox, settings)
        assert delivery.state == State.FAILED
        address = Address.objects.get()
        assert (address.state, address.off_reason) == ("off", "bounced")
        mails.replies = {}
        receive(mailbox, mail(subject="Another"))
        drain()
        deliver(timezone.now())
    assert mails.taken == []


def test_a_bounce_that_comes_later_undoes_what_was_told(
    mailbox: Source, settings: Settings, tmp_path: object
) -> None:
    with mail_server() as mails:
        delivery = tell(mails, mailbox, settings)
    ref = mails.taken[0]["X-Vigil-Ref"]
    file = f"{tmp_path}/bounce.eml"
    with open(file, "wb") as bounce:
        bounce.write(written(envelope=f"Original-Envelope-Id: {ref}"))
    call_command("read_bounces", "--file", file)
    deliver(timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    assert Address.objects.get().off_reason == "bounced"


def test_who_agreed_has_a_pixel_and_nobody_else(
    mailbox: Source, settings: Settings, linked_ana: User
) -> None:
    settings.EMAIL_TRACKING = True
    with mail_server() as mails:
        tell(mails, mailbox, settings)
        factories.make_consent(user=linked_ana, purpose="email_tracking", granted=True)
        receive(mailbox, mail(subject="Another"))
        drain()
        deliver(timezone.now())
    htmls = [one.get_body(("html",)).get_content() for one in mails.taken]  # type: ignore[union-attr]
    assert ["<img" in html for html in htmls] == [False, True]
