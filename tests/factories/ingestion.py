import hashlib
from datetime import datetime
from typing import Any

from apps.accounts.models import Business, User
from apps.core.crypto import blind_index
from apps.core.identifiers import uuid7
from apps.core.signing import Scheme
from apps.core.similarity import fingerprint
from apps.ingestion.models import (
    Event,
    ProfileValue,
    RawEvent,
    Source,
    SourceSecret,
    WatchedField,
)
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.ingestion.types import EventKind
from tests.factories.values import NOON, number

SECRET = "whsec_bm90LWEtcmVhbC1zZWNyZXQtb25seS1mb3ItdGVzdHM="


def make_source(*, business: Business, kind: str = "composio_mail", **values: Any) -> Source:
    values.setdefault("slug", f"{kind.replace('_', '-')}-{number()}")
    values.setdefault("name", "Mail")
    values.setdefault("scheme", Scheme.STANDARD_WEBHOOKS)
    return Source.objects.create(business=business, kind=kind, **values)


def make_source_secret(
    *, source: Source, value: str = SECRET, not_before: datetime = NOON, **values: Any
) -> SourceSecret:
    return SourceSecret.objects.create(
        source=source, value=value, last_four=value[-4:], not_before=not_before, **values
    )


def make_raw_event(
    *,
    business: Business,
    source: Source | None = None,
    body: bytes = b"{}",
    received_at: datetime = NOON,
    **values: Any,
) -> RawEvent:
    """As just accepted, unless `state` says otherwise."""
    values.setdefault("correlation_id", uuid7())
    values.setdefault("dedup_key", hashlib.sha256(values["correlation_id"].bytes).digest())
    return RawEvent.objects.create(
        business=business,
        source=source or make_source(business=business),
        body=body,
        body_digest=hashlib.sha256(body).digest(),
        received_at=received_at,
        **values,
    )


def make_event(
    *,
    business: Business,
    user: User | None = None,
    raw_event: RawEvent | None = None,
    title: str = "Offer",
    content: str = "Please have a look.",
    sender_address: str = "carla@acme.example",
    received_at: datetime = NOON,
    **values: Any,
) -> Event:
    """A processed fact of `user`, or of the whole business."""
    raw_event = raw_event or make_raw_event(
        business=business, received_at=received_at, state=RawEvent.State.DONE
    )
    values.setdefault("ordinal", raw_event.events.count())
    if values["ordinal"] == 0:
        values.setdefault("public_id", raw_event.correlation_id)
    values.setdefault("kind", EventKind.EMAIL)
    values.setdefault("event_type", "GMAIL_NEW_GMAIL_MESSAGE")
    values.setdefault("sender_name", "Carla")
    values.setdefault("details", {})
    values.setdefault("content_digest", hashlib.sha256(f"{title}\n{content}".encode()).digest())
    return Event.objects.create(
        business=business,
        user=user,
        raw_event=raw_event,
        source=raw_event.source,
        correlation_id=raw_event.correlation_id,
        title=title,
        content=content,
        sender_address=sender_address,
        sender_index=blind_index(sender_address, context=MAILBOX_CONTEXT),
        fingerprint=fingerprint(f"{title}\n{content}"),
        received_at=received_at,
        **values,
    )


def make_watched_field(*, source: Source, name: str = "Job title", **values: Any) -> WatchedField:
    values.setdefault("meaning", WatchedField.Meaning.JOB_TITLE)
    return WatchedField.objects.create(source=source, name=name, **values)


def make_profile_value(
    *, source: Source, person_id: str = "", value: str = "Engineer", as_of: datetime = NOON
) -> ProfileValue:
    return ProfileValue.objects.create(
        source=source,
        person_id=person_id or f"person-{number()}",
        field="job title",
        value=value,
        as_of=as_of,
    )
