"""Which template a WhatsApp message is given: the most specific one, soon after it was chosen."""

from collections.abc import Iterator

import pytest

from apps.accounts.models import Business, User
from apps.core.identifiers import uuid7
from apps.notifications.models import Address, Delivery
from apps.notifications.services.errands import errand_of
from apps.notifications.services.whatsapp_templates import Templates, templates
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    templates.forget()
    yield
    templates.forget()


def sid(number: int) -> str:
    return f"HX{number:032d}"


def given(business: Business, category: str) -> str | None:
    template = Templates().of(business.pk, category)
    return template["content_sid"] if template else None


def test_without_any_there_is_none(northwind: Business) -> None:
    assert given(northwind, "message") is None


def test_the_most_specific_one_counts(northwind: Business, southbank: Business) -> None:
    factories.make_whatsapp_template(content_sid=sid(1))
    factories.make_whatsapp_template(content_sid=sid(2), category="meeting")
    factories.make_whatsapp_template(content_sid=sid(3), business=northwind)
    factories.make_whatsapp_template(content_sid=sid(4), business=northwind, category="message")
    asked = [(northwind, "message"), (northwind, "meeting"), (southbank, "meeting")]
    assert [given(*one) for one in asked] == [sid(4), sid(3), sid(2)]
    assert given(southbank, "message") == sid(1)


def test_many_messages_ask_once(
    northwind: Business, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    known = Templates()
    with django_assert_num_queries(1):  # type: ignore[operator]  # a function
        for _ in range(50):
            known.of(northwind.pk, "message")


@pytest.mark.parametrize(("channel", "expected"), [("whatsapp", sid(7)), ("sms", None)])
def test_a_whatsapp_message_goes_with_its_template(
    northwind: Business, ana: User, channel: str, expected: str | None
) -> None:
    factories.make_whatsapp_template(content_sid=sid(7))
    address = factories.make_address(user=ana, channel=channel, details={"inbound_at": "x"})
    delivery = _delivery(northwind, ana, address)
    attempt = factories.make_attempt(delivery=delivery)
    target = errand_of(delivery, attempt, address, token=uuid7()).target
    template = target.details.get("template")
    assert (template and template["content_sid"]) == expected
    assert target.details["inbound_at"] == "x"


def _delivery(business: Business, user: User, address: Address) -> Delivery:
    event = factories.make_event(business=business, user=user)
    note = factories.make_notification(event=event, user=user)
    return factories.make_delivery(notification=note, channel=address.channel, address=address)
