"""One person's recorded decisions, ready to be made again."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Business, User
from apps.classification.services.recorded import verdict_of
from apps.classification.types import Verdict
from apps.core.json_types import Json
from apps.ingestion.engines.sameness import thing_of
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind, Fact, ProfileChange
from apps.notifications.engines.masking import without_code
from apps.notifications.engines.moving import Move
from apps.notifications.engines.redundancy import distinct_fingerprint
from apps.notifications.engines.replaying import Occurrence
from apps.notifications.models import Decision, Notification
from apps.notifications.selectors.judging import assignments
from apps.notifications.selectors.subjects import subject_of
from apps.rules import selectors as rules

_UNREAD = (
    "trace",
    "event__title",
    "event__content",
    "event__sender_name",
    "notification__title",
    "notification__body",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What held for one person at any time; `assigned` are pairs of person and client."""

    silences: rules.PastSilences
    inhibitions: rules.PastInhibitions
    assigned: frozenset[tuple[int, int]]
    with_subjects: bool


def occurrences_of(
    business: Business, user: User, *, since: datetime, limit: int, with_subjects: bool = False
) -> tuple[list[Occurrence], bool]:
    """What was decided for `user` since then, in the order it was, and whether that was cut.

    Only the newest `limit` are read; `with_subjects` where a silence is to be tried. Five queries;
    silences, inhibitions and assigned clients are as far as they are still known.
    """
    newest = (
        Decision.objects.filter(user=user, event__business=business)
        .exclude(event__classification=None)
        .select_related("event__classification", "notification")
        .prefetch_related("notification__moves")
        .defer(*_UNREAD)
        .order_by("-event_id")[: limit + 1]
    )
    recent = [row for row in newest if row.created_at >= since]
    # Ids of events are given out under the person's lock: theirs is the order of decisions.
    kept = recent[:limit][::-1]
    clients = {row.event.client_id for row in kept if row.event.client_id is not None}
    inhibitions = rules.past_inhibitions(business.pk, user.pk)
    known = _Known(
        silences=rules.past_silences(business.pk, user.pk, since=since),
        inhibitions=inhibitions,
        assigned=assignments({user.pk}, clients),
        with_subjects=with_subjects or bool(inhibitions),
    )
    found = [_occurrence(row, known) for row in kept]
    return found, len(recent) > limit


def masked_titles(business: Business, event_ids: set[int]) -> dict[int, tuple[str, str]]:
    """Event → its public id and its title, in which a one-time code is masked."""
    rows = (
        Event.objects.filter(pk__in=event_ids, business=business)
        .select_related("classification")
        .only("public_id", "title", "classification__code")
    )
    return {
        row.pk: (str(row.public_id), without_code(row.title, row.classification.code))
        for row in rows
    }


def _notification(row: Decision) -> Notification | None:
    return getattr(row, "notification", None)


def _occurrence(row: Decision, known: _Known) -> Occurrence:
    event, notification, at = row.event, _notification(row), row.created_at
    verdict = verdict_of(event.classification)
    fingerprints = _fingerprints(event, verdict, notification)
    silences = known.silences.at(at)
    subject = subject_of(event, verdict) if silences or known.with_subjects else None
    business_id, user_id = event.business_id, row.user_id
    return Occurrence(
        event_id=event.pk,
        at=at,
        verdict=verdict,
        fingerprint=fingerprints[0],
        text_fingerprint=fingerprints[1],
        ref=notification.public_id if notification else None,
        silence=silences.silence_for(business_id, user_id, subject) if subject else None,
        snoozed_until=silences.snoozed_until(business_id, user_id),
        assigned=None if event.client_id is None else (user_id, event.client_id) in known.assigned,
        subject=subject,
        inhibitions=known.inhibitions.at(at),
        thing=thing_of(event.kind, event.external_id, _attributes(event).get("change")),
        due_at=row.due_at,
        moves=_moves(notification) if notification else (),
    )


def _moves(row: Notification) -> tuple[Move, ...]:
    return tuple(
        Move(at=one.moved_at, channel=one.channel, was=one.was_due_at, becomes=one.due_at)
        for one in row.moves.all()
    )


def _fingerprints(
    event: Event, verdict: Verdict, notification: Notification | None
) -> tuple[int, int]:
    """Of title and content, and of the content alone."""
    if notification is not None:
        return notification.fingerprint, notification.text_fingerprint
    fact = _marked(event)
    return (
        distinct_fingerprint(fact, verdict, event.fingerprint),
        distinct_fingerprint(fact, verdict, event.text_fingerprint),
    )


def _marked(event: Event) -> Fact:
    """What the live path mixes in; without the event's words, which would have to be decrypted."""
    change = event.details.get("change")
    return Fact(
        kind=EventKind(event.kind),
        event_type=event.event_type,
        external_id=event.external_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        change=ProfileChange(**change) if change else None,
        attributes=_attributes(event),
    )


def _attributes(event: Event) -> dict[str, Json]:
    return event.details.get("attributes") or {}
