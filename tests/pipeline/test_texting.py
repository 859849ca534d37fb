"""Things told by SMS or WhatsApp through a real server: their price, their doubts, their STOP."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from apps.accounts.models import Business, User
from apps.accounts.tiers import Tier
from apps.core.identifiers import uuid7
from apps.core.resilience import breaker
from apps.ingestion.models import Source
from apps.notifications.models import Address, Delivery, SpendCounter
from apps.notifications.services.whatsapp_templates import templates
from apps.notifications.types import OffReason
from tests import factories
from tests.notifications.channels.twilio_server import FakeTwilio, problem
from tests.notifications.twilio_settings import PUBLIC_URL, TOKEN
from tests.pipeline.builders import deliver, drain, mail, receive

pytestmark = pytest.mark.django_db

NUMBER = "+4915123456789"
State = Delivery.State


@pytest.fixture(autouse=True)
def by_phone(
    twilio: FakeTwilio,  # the fixture of that name
    settings: Settings,
    linked_ana: User,
) -> Iterator[None]:
    settings.MIN_NOTIFICATION_INTERVAL_SECONDS = 0
    Business.objects.update(tier=Tier.BUSINESS)
    breaker.breaker_for.cache_clear()
    templates.forget()
    yield
    templates.forget()


def phone(user: User, settings: Settings, channel: str = "sms") -> Address:
    """Verified, with consent, and the only way besides the inbox."""
    settings.EXTRA_CHANNELS = [channel]
    factories.make_consent(user=user, purpose=channel, granted=True)
    return factories.make_address(user=user, channel=channel, value=NUMBER)


def tell(mailbox: Source, channel: str = "sms", subject: str = "Offer") -> Delivery:
    receive(mailbox, mail(subject=subject))
    drain()
    deliver(timezone.now())
    return Delivery.objects.filter(channel=channel).latest("pk")


def again(delivery: Delivery) -> None:
    """As if the time of what waits had come."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    deliver(timezone.now())
    delivery.refresh_from_db()


def spent() -> set[int]:
    return set(SpendCounter.objects.values_list("spent_micros", flat=True))


def call(path: str, **form: str) -> int:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, form)
    headers = {"X-Twilio-Signature": signature}
    return (
        Client()
        .post(
            path,
            "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in form.items()),
            content_type="application/x-www-form-urlencoded",
            headers=headers,
        )
        .status_code
    )


def test_a_text_is_sent_paid_and_reported(
    mailbox: Source,
    linked_ana: User,
    settings: Settings,
    twilio: FakeTwilio,  # as above
) -> None:
    phone(linked_ana, settings)
    delivery = tell(mailbox)
    attempt = delivery.attempts.get()
    [form] = twilio.forms
    assert delivery.state == State.DELIVERED
    assert form["StatusCallback"] == [f"{PUBLIC_URL}/callbacks/twilio/{attempt.public_id}"]
    assert (attempt.parts, attempt.cost_micros, spent()) == (1, 120_000, {120_000})
    path = f"/callbacks/twilio/{attempt.public_id}"
    sid = attempt.provider_message_id
    assert call(path, MessageSid=sid, MessageStatus="delivered", To=NUMBER) == 204
    attempt.refresh_from_db()
    assert attempt.report == "delivered"


def test_a_text_that_no_cap_leaves_room_for_is_not_sent(
    mailbox: Source,
    linked_ana: User,
    settings: Settings,
    twilio: FakeTwilio,  # as above
) -> None:
    settings.SMS_USER_DAILY_CAP_MICROS = 1
    phone(linked_ana, settings)
    delivery = tell(mailbox)
    assert (delivery.state, delivery.reason) == (State.SUPPRESSED, "spend_cap")
    assert (twilio.forms, spent()) == ([], {0})


def test_a_refused_number_is_off_and_costs_nothing(
    mailbox: Source,
    linked_ana: User,
    settings: Settings,
    twilio: FakeTwilio,  # as above
) -> None:
    address = phone(linked_ana, settings)
    twilio.refuse = [problem(400, 21610)]
    delivery = tell(mailbox)
    address.refresh_from_db()
    assert (delivery.state, delivery.reason) == (State.FAILED, "twilio_21610")
    assert (address.off_reason, spent()) == (OffReason.UNSUBSCRIBED, {0})


@pytest.mark.parametrize("taken", [True, False])
def test_a_text_that_nobody_knows_of_is_looked_up_before_it_is_repeated(
    mailbox: Source,
    linked_ana: User,
    settings: Settings,
    taken: bool,
    twilio: FakeTwilio,  # as above
) -> None:
    phone(linked_ana, settings)
    twilio.refuse = [problem(500, 20500)]
    delivery = tell(mailbox)
    assert delivery.state == State.UNKNOWN
    assert delivery.due_at > timezone.now() + timedelta(seconds=80)
    if taken:
        twilio.add(twilio.forms[0])
    again(delivery)
    if not taken:
        again(delivery)
    assert delivery.state == State.DELIVERED
    assert (len(twilio.forms), spent()) == (1 if taken else 2, {120_000})


def test_stop_ends_what_is_told_and_start_resumes_it(
    mailbox: Source,
    linked_ana: User,
    settings: Settings,
    twilio: FakeTwilio,  # as above
) -> None:
    phone(linked_ana, settings)
    for number, word in enumerate(("STOP", "START")):
        sid = f"SM{uuid7().hex}"
        assert call("/callbacks/twilio/inbound", MessageSid=sid, From=NUMBER, Body=word) == 200
        tell(mailbox, subject=f"Offer {number}") if word == "START" else _told_nothing(mailbox)
    assert len(twilio.forms) == 1


def _told_nothing(mailbox: Source) -> None:
    receive(mailbox, mail(subject="Not by phone"))
    drain()
    deliver(timezone.now())


def test_whatsapp_has_templates_until_its_person_writes(
    mailbox: Source,
    linked_ana: User,
    settings: Settings,
    twilio: FakeTwilio,  # as above
) -> None:
    phone(linked_ana, settings, "whatsapp")
    delivery = tell(mailbox, "whatsapp")
    assert (delivery.state, delivery.reason) == (State.FAILED, "window_closed")
    factories.make_whatsapp_template()
    templates.forget()
    assert tell(mailbox, "whatsapp", "Second").state == State.DELIVERED
    call(
        "/callbacks/twilio/inbound",
        MessageSid=f"SM{uuid7().hex}",
        From=f"whatsapp:{NUMBER}",
        Body="Hi",
    )
    assert tell(mailbox, "whatsapp", "Third").state == State.DELIVERED
    assert ["ContentSid" in form for form in twilio.forms] == [True, False]
