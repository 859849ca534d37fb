"""From a signed webhook to an inbox entry with its reasons: seed 000's whole way."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from apps.audit.models import AuditEvent
from apps.ingestion.models import RawEvent
from apps.notifications.models import Notification
from tests.conftest import JsonClient
from tests.flows.conftest import Drain, Outsider

Mail = Callable[..., dict[str, Any]]


def test_one_changed_byte_is_refused_and_leaves_nothing(mailroom: Outsider, mail: Mail) -> None:
    answer = mailroom.post(mail(subject="Lunch?", text="Are you free?"), spoil=True)
    assert answer.status == 401
    assert answer.body["code"] == "invalid_signature"
    assert RawEvent.objects.count() == 0


def test_the_same_body_again_is_a_duplicate_and_adds_nothing(
    mailroom: Outsider, mail: Mail, drain: Drain, now: datetime
) -> None:
    document = mail(subject="Lunch?", text="Are you free?")
    first, second = mailroom.post(document), mailroom.post(document)
    drain(now)
    assert (first.status, second.status) == (202, 200)
    assert second.body["duplicate"] is True
    assert second.event_id == first.event_id
    assert Notification.objects.count() == 1


def test_the_same_id_with_another_body_is_a_conflict(mailroom: Outsider, mail: Mail) -> None:
    mailroom.post(mail(subject="Lunch?", text="Are you free?"), message_id="msg_1")
    answer = mailroom.post(mail(subject="Dinner?", text="Or later?"), message_id="msg_1")
    assert answer.status == 409
    assert answer.body["code"] == "idempotency_conflict"


def test_a_signed_mail_is_in_the_inbox_with_its_whole_trace(
    mailroom: Outsider, mail: Mail, drain: Drain, now: datetime, as_ana: JsonClient
) -> None:
    answer = mailroom.post(mail(subject="Lunch?", text="Are you free at noon?"))
    drain(now)
    [notification] = as_ana.get("/api/notifications/history").json()["notifications"]
    trace = as_ana.get(f"/v3/proactive/events/{answer.event_id}").json()
    assert notification["eventId"] == answer.event_id
    assert notification["status"] == "delivered"
    assert "Lunch?" in notification["title"]
    assert trace["id"] == answer.event_id
    assert trace["decision"]["outcome"] == "notify_now"
    assert len(trace["decision"]["steps"]) >= 6


def test_every_row_of_a_fact_carries_the_id_the_sender_was_given(
    mailroom: Outsider, mail: Mail, drain: Drain, now: datetime
) -> None:
    event_id = mailroom.post(mail(subject="Lunch?", text="Are you free?")).event_id
    drain(now)
    notification = Notification.objects.select_related("decision", "event__classification").get()
    ids = {
        notification.correlation_id,
        notification.decision.correlation_id,
        notification.event.correlation_id,
        notification.event.classification.correlation_id,
        notification.deliveries.get().correlation_id,
        RawEvent.objects.get().correlation_id,
        AuditEvent.objects.get(type="event_processed").correlation_id,
    }
    assert {str(value) for value in ids} == {event_id}


def test_a_read_notification_stays_read(
    mailroom: Outsider, mail: Mail, drain: Drain, now: datetime, as_ana: JsonClient
) -> None:
    mailroom.post(mail(subject="Lunch?", text="Are you free?"))
    drain(now)
    [notification] = as_ana.get("/api/notifications/history").json()["notifications"]
    first = as_ana.patch(f"/api/notifications/{notification['id']}/read").json()
    second = as_ana.patch(f"/api/notifications/{notification['id']}/read").json()
    assert first["success"] is True
    assert second["readAt"] == first["readAt"]
