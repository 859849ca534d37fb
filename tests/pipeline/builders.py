"""Facts on their way: signed bodies for three kinds of sources, received and drained for real."""

import json
import random
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from apps.accounts.models import Business
from apps.core.signing import Scheme, sign
from apps.ingestion import selectors
from apps.ingestion.models import Event, RawEvent, Source
from apps.ingestion.services.inspecting import inspect
from apps.ingestion.services.receiving import accept
from apps.ingestion.types import Parcel, Posting, Receipt
from apps.notifications.models import Notification
from apps.pipeline.services.deliveries import drain_deliveries
from apps.pipeline.services.digests import drain_digests
from apps.pipeline.services.inbox import drain_inbox
from tests import factories
from tests.factories.ingestion import SECRET
from tests.factories.values import number

Document = dict[str, Any]

_WORDS = random.Random(4)  # texts need only differ, and the same way every time


def mail_source(business: Business, **values: Any) -> Source:
    return _source(business, "composio", Scheme.COMPOSIO, **values)


def community_source(business: Business, **values: Any) -> Source:
    """Its members' changes are told to the whole business."""
    values.setdefault("audience", Source.Audience.MEMBERS)
    return _source(business, "community", Scheme.HMAC, **values)


def news_source(business: Business, **values: Any) -> Source:
    return _source(business, "generic", Scheme.STANDARD_WEBHOOKS, **values)


def _source(business: Business, kind: str, scheme: Scheme, **values: Any) -> Source:
    source = factories.make_source(business=business, kind=kind, scheme=scheme, **values)
    factories.make_source_secret(source=source)
    return source


def mail(
    *,
    user: str = "ana",
    sender: str = "Carla <carla@acme.example>",
    subject: str = "",
    text: str = "",
    thread: str = "",
) -> Document:
    """A Composio V3 envelope around a Gmail message; without words it says something new."""
    return {
        "id": f"msg_{number()}",
        "timestamp": "2026-03-04T12:00:00.000Z",
        "type": "composio.trigger.message",
        "metadata": {"trigger_slug": "GMAIL_NEW_GMAIL_MESSAGE", "user_id": user},
        "data": {
            "message_id": f"{number():015x}",
            "thread_id": thread,
            "label_ids": ["INBOX"],
            "sender": sender,
            "subject": subject or something_new(6),
            "message_text": text or something_new(12),
            "to": "ana@northwind.example",
        },
    }


def news(*, user: str = "ana", title: str = "", body: str = "") -> Document:
    """Our own schema for any other sender; without words it says something new."""
    data = {"title": title or something_new(6), "body": body or something_new(12)}
    return {"type": "news.article", "user": user, "data": data}


def profile(
    *,
    value: str,
    person: str = "2001",
    field: str = "Job Title",
    at: datetime | None = None,
    old_value: str = "",
) -> Document:
    """A member's profile change, as the signed dialect of the community says it."""
    moment = {"timestamp": at.isoformat()} if at else {}
    return moment | {
        "event": "integration.UserProfileUpdated",
        "userId": person,
        "username": "Dana",
        "profileFieldId": "123",
        "profileField": field,
        "value": value,
        "oldValue": old_value,
    }


def something_new(words: int) -> str:
    """Words nobody has said before, unlike one another's for any similarity."""
    return " ".join(f"w{_WORDS.getrandbits(40):x}" for _ in range(words))


def parcel(
    source: Source, document: Document, *, message_id: str = "", body: bytes = b""
) -> Parcel:
    """A signed body, inspected: what the door hands to `accept`."""
    body = body or json.dumps(document).encode()
    now = timezone.now()
    message_id = message_id or f"msg_{number()}"
    headers = sign(Scheme(source.scheme), SECRET, message_id=message_id, now=now, body=body)
    posting = Posting(
        slug=source.slug,
        headers={**headers, "content-type": "application/json"},
        body=body,
        peer="203.0.113.7",
    )
    directory = selectors.source_directory()
    return inspect(posting, directory, now=now, max_bytes=settings.WEBHOOK_MAX_BYTES)


def receive(source: Source, *documents: Document) -> list[UUID]:
    """Accept bodies as the door does, in one batch. The ids their senders were given."""
    outcomes = accept([parcel(source, document) for document in documents])
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    assert len(receipts) == len(documents), outcomes
    return [receipt.event_id for receipt in receipts]


def drain(now: datetime | None = None, *, limit: int = 200) -> None:
    """Rounds of the inbox drain until nothing is due."""
    while drain_inbox(now=now or timezone.now(), limit=limit).claimed:
        pass


def deliver(now: datetime) -> None:
    """Rounds of the delivery drain until nothing is due."""
    while drain_deliveries(now=now, limit=200).claimed:
        pass


def gather(now: datetime) -> None:
    """Rounds of the digest drain until nothing is due."""
    while drain_digests(now=now, limit=200).claimed:
        pass


def event_of(event_id: UUID) -> Event:
    return Event.objects.get(public_id=event_id)


def raw_of(event_id: UUID) -> RawEvent:
    return RawEvent.objects.get(correlation_id=event_id)


def told_of(event_id: UUID) -> list[Notification]:
    """Who was told of it, in order."""
    return list(Notification.objects.filter(correlation_id=event_id).order_by("id"))
