"""The log of mails: read from deliveries, their attempts and what providers reported."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.notifications.models import Delivery
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

PATH = "/api/v1/email-logs/"
SOMEBODY = "01a1fbe1-0000-7000-8000-000000000000"
State = Delivery.State

Mail = Callable[..., Delivery]


def mail_of(user: User, business: Business, now: datetime, **values: Any) -> Delivery:
    """One that arrived, unless `values` say otherwise."""
    told = {k: values.pop(k) for k in ("title", "body", "category") if k in values}
    event = factories.make_event(business=business, user=user)
    note = factories.make_notification(event=event, user=user, now=now, **told)
    return sent(now, user, notification=note, **values)


def sent(now: datetime, user: User, *, state: str = State.DELIVERED, **values: Any) -> Delivery:
    attempt = {k: values.pop(k) for k in ("report", "error", "error_code") if k in values}
    address = values.pop("address", None) or factories.make_address(
        user=user, channel="email", hint="a…@example.com"
    )
    delivery = factories.make_delivery(
        channel="email", state=state, attempt_count=1, address=address, **values
    )
    factories.make_attempt(
        delivery=delivery,
        provider="smtp",
        provider_message_id="id-1",
        started_at=now,
        finished_at=now,
        **attempt,
    )
    return delivery


@pytest.fixture
def mail(northwind: Business, ana: User, now: datetime) -> Mail:
    return lambda **values: mail_of(ana, northwind, values.pop("at", now), **values)


def log_id(delivery: Delivery) -> str:
    return str(delivery.attempts.get(number=1).public_id)


def ids(api: JsonClient, path: str = PATH, **query: Any) -> list[str]:
    answer = api.get(path, query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["logs"]]


@pytest.mark.parametrize("path", ["", "stats/summary", f"user/{SOMEBODY}", f"event/{SOMEBODY}"])
def test_nobody_reads_logs_without_a_token(anonymous: JsonClient, path: str, db: None) -> None:
    assert anonymous.get(f"{PATH}{path}").status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {"skip": -1},
        {"limit": 101},
        {"offset": 1},
        {"status": "lost"},
        {"email_type": "spam"},
        {"event_id": "7"},
        {"start_date": "yesterday"},
        {"start_date": "2026-03-04T12:00:00"},
        {"start_date": "2026-03-05T00:00:00Z", "end_date": "2026-03-04T00:00:00Z"},
        {"recipient_email": "x" * 321},
    ],
)
def test_what_a_list_cannot_be_asked_is_refused(as_ana: JsonClient, query: dict[str, Any]) -> None:
    answer = as_ana.get(PATH, query)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"]


def test_figures_cannot_be_asked_what_they_do_not_know(as_ana: JsonClient) -> None:
    assert as_ana.get(f"{PATH}stats/summary", {"days": 7}).status_code == 422


def test_another_business_sees_nothing(
    mail: Mail, as_zoe: JsonClient, ana: User, zoe: User
) -> None:
    delivery = mail()
    assert delivery.notification is not None
    event = delivery.notification.event.public_id
    assert ids(as_zoe) == ids(as_zoe, f"{PATH}event/{event}") == []
    assert as_zoe.get(f"{PATH}{log_id(delivery)}").status_code == 404
    assert as_zoe.get(f"{PATH}user/{ana.public_id}").status_code == 404
    assert as_zoe.get(f"{PATH}stats/summary").json()["total_emails"] == 0


def test_a_colleague_sees_their_own_mails_alone(
    mail: Mail, northwind: Business, ana: User, boris: User, as_boris: JsonClient, now: datetime
) -> None:
    theirs, own = mail(), mail_of(boris, northwind, now)
    assert ids(as_boris) == [log_id(own)]
    assert as_boris.get(f"{PATH}{log_id(theirs)}").status_code == 404
    assert as_boris.get(f"{PATH}user/{ana.public_id}").status_code == 404
    assert ids(as_boris, f"{PATH}user/{boris.public_id}") == [log_id(own)]


def test_an_admin_sees_that_a_colleague_was_mailed_and_not_what(
    northwind: Business, boris: User, as_ana: JsonClient, now: datetime
) -> None:
    mail_of(boris, northwind, now, title="Carla: Offer", body="In confidence")
    [row] = as_ana.get(f"{PATH}user/{boris.public_id}").json()["logs"]
    assert (row["subject"], row["body_preview"]) == ("Carla: Offer", "")


def test_a_log_has_the_seeds_fields(
    mail: Mail, as_ana: JsonClient, ana: User, northwind: Business, now: datetime
) -> None:
    delivery = mail(title="Carla: Offer", body="x" * 300)
    attempt = delivery.attempts.get()
    for kind, minutes in (("opened", 1), ("opened", 2), ("clicked", 3)):
        factories.make_report(attempt=attempt, kind=kind, at=now + timedelta(minutes=minutes))
    assert delivery.notification is not None
    row = as_ana.get(f"{PATH}{log_id(delivery)}").json()
    moments = {name: datetime.fromisoformat(row.pop(name)) for name in ("sent_at", "opened_at")}
    assert moments == {"sent_at": now, "opened_at": now + timedelta(minutes=1)}
    assert datetime.fromisoformat(row.pop("clicked_at")) == now + timedelta(minutes=3)
    assert row == {
        "id": log_id(delivery),
        "business_id": str(northwind.public_id),
        "user_id": str(ana.public_id),
        "event_id": str(delivery.notification.event.public_id),
        "job_run_id": None,
        "email_type": "event_notification",
        "recipient_email": "a…@example.com",
        "subject": "Carla: Offer",
        "body_preview": "x" * 200,
        "status": "sent",
        "error_message": "",
        "retry_count": 0,
        "provider": "smtp",
        "provider_message_id": "id-1",
    }


def test_a_code_is_shown_to_nobody(mail: Mail, as_ana: JsonClient) -> None:
    mail(category=Category.SECURITY_CODE, title="Code 123456", body="123456")
    assert "123456" not in as_ana.get(PATH).content.decode()


@pytest.mark.parametrize(
    ("state", "report", "status"),
    [
        (State.DELIVERED, "", "sent"),
        (State.DELIVERED, "opened", "sent"),
        (State.DELIVERED, "complained", "sent"),
        (State.FAILED, "bounced", "bounced"),
        (State.RETRY, "bounced", "bounced"),
        (State.FAILED, "failed", "failed"),
        (State.DEAD, "", "failed"),
        (State.EXPIRED, "", "failed"),
        (State.RETRY, "", "pending"),
        (State.UNKNOWN, "", "pending"),
        (State.HELD, "", "pending"),
    ],
)
def test_each_state_has_the_seeds_word(
    mail: Mail, as_ana: JsonClient, state: str, report: str, status: str
) -> None:
    delivery = mail(state=state, report=report)
    assert ids(as_ana, status=status) == [log_id(delivery)]
    assert as_ana.get(PATH).json()["logs"][0]["status"] == status


def test_a_mail_that_was_tried_again_keeps_its_id_and_counts(
    mail: Mail, as_ana: JsonClient, now: datetime
) -> None:
    delivery = mail(error_code="smtp_451", error="It answered 451")
    factories.make_attempt(delivery=delivery, number=2, provider="sendgrid:main", finished_at=now)
    [row] = as_ana.get(PATH).json()["logs"]
    assert (row["id"], row["retry_count"], row["provider"]) == (
        log_id(delivery),
        1,
        "sendgrid:main",
    )


def test_what_was_never_tried_or_is_no_mail_is_in_no_log(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    note = factories.make_notification(
        event=factories.make_event(business=northwind, user=ana), user=ana
    )
    factories.make_delivery(notification=note, channel="email")
    other = factories.make_delivery(notification=note, channel="console", attempt_count=1)
    factories.make_attempt(delivery=other)
    assert ids(as_ana) == []


def test_the_newest_come_first_page_by_page(mail: Mail, as_ana: JsonClient) -> None:
    newest_first = [log_id(mail()) for _ in range(3)][::-1]
    first = as_ana.get(PATH, {"limit": 2}).json()
    assert ids(as_ana, limit=2) + ids(as_ana, limit=2, skip=2) == newest_first
    assert (first["total"], first["skip"], first["hasMore"]) == (3, 0, True)


def test_it_is_narrowed_by_recipient_type_and_time(
    mail: Mail, as_ana: JsonClient, ana: User, northwind: Business, now: datetime
) -> None:
    old = mail(at=now - timedelta(days=3))
    home = factories.make_address(user=ana, channel="email", value="ana@home.example")
    new = mail(address=home)
    digest = sent(now, ana, digest=factories.make_digest(business=northwind, user=ana))
    assert ids(as_ana, recipient_email="ANA@home.example") == [log_id(new)]
    assert ids(as_ana, email_type="digest") == [log_id(digest)]
    assert ids(as_ana, email_type="alert") == []
    assert ids(as_ana, end_date=(now - timedelta(days=1)).isoformat()) == [log_id(old)]


def test_an_events_mails_are_its_own_and_the_digests_that_told_it(
    mail: Mail, as_ana: JsonClient, ana: User, northwind: Business, now: datetime
) -> None:
    alone, _ = mail(), mail()
    assert alone.notification is not None
    digest = factories.make_digest(business=northwind, user=ana, channel="email")
    factories.make_digest_item(digest=digest, notification=alone.notification)
    within = sent(now, ana, digest=digest)
    event = alone.notification.event.public_id
    found = [log_id(within), log_id(alone)]
    assert ids(as_ana, f"{PATH}event/{event}") == ids(as_ana, event_id=event) == found


def test_figures_are_of_a_span_and_rates_of_what_was_sent(
    mail: Mail, as_ana: JsonClient, ana: User, northwind: Business, now: datetime
) -> None:
    mail(at=now - timedelta(days=40))
    opened, clicked, _ = mail(), mail(), mail()
    factories.make_report(attempt=opened.attempts.get(), kind="opened", at=now)
    factories.make_report(attempt=clicked.attempts.get(), kind="clicked", at=now)
    mail(state=State.FAILED)
    mail(state=State.RETRY)
    mail(state=State.FAILED, report="bounced")
    sent(now, ana, digest=factories.make_digest(business=northwind, user=ana))
    assert as_ana.get(f"{PATH}stats/summary").json() == {
        "total_emails": 7,
        "sent": 4,
        "failed": 1,
        "pending": 1,
        "bounced": 1,
        "opened": 2,
        "clicked": 1,
        "open_rate": 50.0,
        "click_rate": 25.0,
        "delivery_rate": 57.14,
        "by_type": {"event_notification": 6, "digest": 1},
    }
    whole = {"start_date": (now - timedelta(days=60)).isoformat()}
    assert as_ana.get(f"{PATH}stats/summary", whole).json()["total_emails"] == 8


def test_no_mails_have_rates_too(as_ana: JsonClient) -> None:
    assert as_ana.get(f"{PATH}stats/summary").json()["open_rate"] == 0.0


def test_a_page_costs_the_same_however_long_it_is(
    mail: Mail,
    as_ana: JsonClient,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        mail()
    with django_assert_max_num_queries(14):
        assert len(ids(as_ana)) == 5
