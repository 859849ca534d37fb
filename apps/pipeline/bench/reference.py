"""What Vigil is measured against: the same work as most Django code would do it.

The same engines, but the ORM a row at a time for each event; its door is `reference_door.py`. It is
slow honestly, and used for nothing else.
"""

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Client, LinkedAccount, Membership
from apps.audit.models import AuditEvent
from apps.classification.engines.verdicts import JudgeContext, judge
from apps.classification.models import Classification
from apps.classification.types import Level, Verdict
from apps.core.crypto import blind_index
from apps.ingestion.models import Event, RawEvent
from apps.ingestion.services.linking import MAILBOX_CONTEXT, drafts_of
from apps.ingestion.sources import SOURCES
from apps.ingestion.types import Draft, RawRow, Reading
from apps.notifications import selectors
from apps.notifications.engines.composing import compose
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.trace import trace_to_json
from apps.notifications.models import (
    Decision,
    Delivery,
    DeliveryAttempt,
    Notification,
    Tally,
)
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.types import FilterContext
from apps.rules import selectors as rules


@transaction.atomic
def process_one(row: RawEvent, *, now: datetime) -> None:
    """One event's whole way, a query at a time."""
    row = RawEvent.objects.select_for_update().select_related("source").get(pk=row.pk)
    document = json.loads(row.body)
    facts = SOURCES.get(row.source.kind).normalize(
        document, row.headers, content_limit=settings.CONTENT_MAX_CHARACTERS
    )
    assert isinstance(facts, tuple)  # noqa: S101  # the bench sends nothing else
    raw = RawRow(
        id=row.pk,
        business_id=row.business_id,
        source_id=row.source_id,
        correlation_id=row.correlation_id,
        body=row.body,
        headers=row.headers,
        accounts=tuple(row.accounts),
        received_at=row.received_at,
        claim_count=1,
    )
    for draft in drafts_of([Reading(raw=raw, facts=facts)]):
        event = _event(draft, now=now)
        verdict = _verdict(draft, event, now=now)
        _tell(draft, event, verdict, now=now)
    row.state, row.finished_at = RawEvent.State.DONE, now
    row.save()
    AuditEvent.objects.create(
        type="event_processed",
        severity="info",
        message="Processed",
        business_id=row.business_id,
        correlation_id=row.correlation_id,
    )


def _event(draft: Draft, *, now: datetime) -> Event:
    fact, raw = draft.fact, draft.raw
    kind, _, external_id = raw.accounts[0].partition(":")
    account = LinkedAccount.objects.select_related("user").get(
        business_id=raw.business_id, kind=kind, external_id=external_id
    )
    since = now - timedelta(seconds=settings.DEDUP_WINDOW_SECONDS)
    earlier = Event.objects.filter(user=account.user)
    earlier.filter(content_digest=draft.content_digest, received_at__gte=since).first()
    Client.objects.filter(business_id=raw.business_id, is_active=True).first()
    return Event.objects.create(
        raw_event_id=raw.id,
        business_id=raw.business_id,
        source_id=raw.source_id,
        user=account.user,
        previous=earlier.filter(thread_key=fact.thread_key).order_by("-id").first(),
        correlation_id=raw.correlation_id,
        kind=fact.kind,
        event_type=fact.event_type,
        external_id=fact.external_id,
        thread_key=fact.thread_key,
        title=fact.title,
        content=fact.content,
        sender_name=fact.sender.name if fact.sender else "",
        sender_address=fact.sender.address if fact.sender else "",
        sender_index=draft.sender_index,
        details={},
        content_digest=draft.content_digest,
        fingerprint=draft.fingerprint,
        received_at=raw.received_at,
    )


def _verdict(draft: Draft, event: Event, *, now: datetime) -> Verdict:
    address = draft.fact.sender.address if draft.fact.sender else ""
    index = blind_index(address, context=MAILBOX_CONTEXT)
    rules.vips({event.business_id}, {index})
    keywords = rules.keyword_sets({event.business_id}).for_person(event.business_id, event.user_id)
    context = JudgeContext(
        vip=None,
        keywords=keywords.match(draft.fact.content),
        previous_level=Level.NONE,
        title_rules=None,
        proximity_minutes=settings.CALENDAR_PROXIMITY_MINUTES,
    )
    verdict = judge(draft.fact, context, now=now)
    Classification.objects.create(
        event=event,
        correlation_id=event.correlation_id,
        priority=verdict.priority,
        urgency=verdict.urgency,
        category=verdict.category,
        action_required=verdict.action_required,
        relevance=verdict.relevance,
        sentiment=verdict.sentiment,
        risk=verdict.risk,
        confidence=verdict.confidence,
        method=verdict.method,
        reason=verdict.reason,
    )
    return verdict


def _tell(draft: Draft, event: Event, verdict: Verdict, *, now: datetime) -> None:
    membership = Membership.objects.select_related("user", "business").get(user=event.user)
    key = (membership.business_id, membership.user_id)
    users = {membership.user_id}
    tally, _ = Tally.objects.get_or_create(
        user=membership.user,
        channel="",
        local_date=now.date(),
        defaults={"count": 0, "last_at": now},
    )
    since = now - timedelta(seconds=settings.REDUNDANCY_WINDOW_SECONDS)
    context = FilterContext(
        preference=selectors.preferences_of({key}, needs=needs_in_use())[key],
        fingerprint=draft.fingerprint,
        told=selectors.told_since(users, since).get(membership.user_id, ()),
        sent_today=tally.count,
        min_interval_seconds=0,
    )
    decision = decide(verdict, context, now)
    row = Decision.objects.create(
        event=event,
        user=membership.user,
        correlation_id=event.correlation_id,
        outcome=decision.outcome,
        reason=decision.reason,
        trace=trace_to_json(decision.steps),
        due_at=decision.due_at,
        expires_at=decision.expires_at,
    )
    if decision.due_at is not None:
        _deliver(draft, event, verdict, row, now=now)
        tally.count, tally.last_at = tally.count + 1, now
        tally.save()


def _deliver(
    draft: Draft, event: Event, verdict: Verdict, decision: Decision, *, now: datetime
) -> None:
    words = compose(verdict, draft.fact.title, draft.fact.content, "", now=now)
    notification = Notification.objects.create(
        business_id=event.business_id,
        user_id=decision.user_id,
        decision=decision,
        event=event,
        correlation_id=event.correlation_id,
        title=words.title,
        body=words.body,
        category=verdict.category,
        priority=verdict.priority,
        fingerprint=draft.fingerprint,
        status=Notification.Status.QUEUED,
        due_at=now,
        expires_at=now + timedelta(days=7),
    )
    delivery = Delivery.objects.create(
        notification=notification, channel="in_app", correlation_id=event.correlation_id
    )
    attempt = DeliveryAttempt.objects.create(delivery=delivery, number=1)
    attempt.outcome, attempt.finished_at = DeliveryAttempt.Outcome.DELIVERED, now
    attempt.save()
    delivery.state, delivery.finished_at = Delivery.State.DELIVERED, now
    delivery.save()
    notification.status, notification.delivered_at = Notification.Status.DELIVERED, now
    notification.save()
