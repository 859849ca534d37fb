"""Digests: what waits for somebody becomes one message for each of their channels.

    rounds claimed ─► ┌ lock · fence ─G1─ digests ─G2─ items ─G3─ deliveries ─G4─ ┐ commit ─G5
                      └──────────────────── one transaction ──────────────────────┘

Killed before the commit: nothing is visible, and the rounds are claimed again when their lease
runs out. Killed after it: all is done. The lock is one for each person, so two builders never
gather the same things; should they, two unique keys refuse the second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.core.claims import Queue, fence
from apps.core.faultpoints import faultpoint
from apps.core.identifiers import uuid7
from apps.core.locks import lock_in_order
from apps.notifications import selectors
from apps.notifications.engines.present import GO_ON, Answer, held
from apps.notifications.models import (
    Delivery,
    DeliveryAttempt,
    Digest,
    DigestItem,
    DigestRound,
    Notification,
)
from apps.notifications.selectors.digests import (
    Pair,
    chunks_so_far,
    next_slot_of,
    waiting,
)
from apps.notifications.selectors.standing import Waiting
from apps.notifications.services import live
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.digest_parts import Part, parts_of
from apps.notifications.services.moving import never_told, told_late
from apps.rules import selectors as rules

State = DigestRound.State

ROUNDS = Queue(
    model=DigestRound,
    open_states=DigestRound.OPEN,
    claimed_state=State.CLAIMED,
    columns=("id", "business_id", "user_id", "correlation_id", "slot", "claim_count"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A claimed row of the digest queue."""

    id: int
    business_id: int
    user_id: int
    correlation_id: UUID
    slot: datetime
    claim_count: int


def build_digests(rounds: Sequence[Round], *, token: UUID, now: datetime) -> bool:
    """Everything that is due for these people. True when some channel has something to send."""
    with transaction.atomic():
        lock_in_order(f"digest:{round_.user_id}" for round_ in rounds)
        ours = fence(ROUNDS, token, [round_.id for round_ in rounds])
        faultpoint("G1")
        gathered = _gather([round_ for round_ in rounds if round_.id in ours], now=now)
        preferences = selectors.preferences_of(set(gathered), needs=needs_in_use())
        parts = [
            part
            for pair, found in gathered.items()
            for part in parts_of(pair, found, preferences[pair])
        ]
        digests = _store_digests(parts, now=now)
        faultpoint("G2")
        _store_items(parts, digests)
        _release([entry for found in gathered.values() for entry in found], parts, now=now)
        faultpoint("G3")
        unsent = _store_deliveries(parts, digests, now=now)
        DigestRound.objects.filter(pk__in=ours).update(state=State.DONE, token=None)
        live.signal(user_id for _, user_id in gathered)
        faultpoint("G4")
    faultpoint("G5")
    return unsent


def preview_digest(user: User, *, now: datetime) -> list[Part]:
    """What this person's next digest would be if it went now. Nothing is written or sent."""
    slot = next_slot_of(user)
    if slot is None:
        return []
    pair = (business_of(user).pk, user.pk)
    found = waiting({pair: max(now, slot)}, now=now)[pair]
    preference = selectors.preferences_of({pair}, needs=needs_in_use())[pair]
    return parts_of(pair, found, preference)


def give_up_rounds(rounds: Sequence[Round], *, token: UUID) -> list[Round]:
    """Rounds that could not be built too often: dead, in the caller's transaction.

    Returns those that were still ours. What they would have gathered waits for the person's next.
    """
    ours = fence(ROUNDS, token, [round_.id for round_ in rounds])
    DigestRound.objects.filter(pk__in=ours).update(state=State.DEAD, token=None)
    return [round_ for round_ in rounds if round_.id in ours]


def add_rounds(slots: Iterable[tuple[int, int, datetime]]) -> None:
    """(business, person, slot): somebody has something to be gathered then. Each is written once.

    In the transaction that holds it back, so that neither is ever there without the other.
    """
    rounds = [
        DigestRound(
            business_id=business_id,
            user_id=user_id,
            slot=slot,
            due_at=slot,
            correlation_id=uuid7(),
        )
        for business_id, user_id, slot in sorted(set(slots))
    ]
    if rounds:
        DigestRound.objects.bulk_create(rounds)


def _gather(rounds: Sequence[Round], *, now: datetime) -> dict[Pair, list[Waiting]]:
    """`now` may be a moment behind the database, whose clock said that the slot has come."""
    until: dict[Pair, datetime] = {}
    for round_ in rounds:
        pair = (round_.business_id, round_.user_id)
        until[pair] = max(until.get(pair, now), round_.slot)
    return waiting(until, now=now, lock=True) if until else {}


def _store_digests(parts: Sequence[Part], *, now: datetime) -> list[Digest]:
    following = chunks_so_far([part.key for part in parts])
    digests = []
    for part in parts:
        chunk = following.get(part.key, 0)
        following[part.key] = chunk + 1
        digests.append(
            Digest(
                business_id=part.business_id,
                user_id=part.user_id,
                channel=part.channel,
                period_key=part.period_key,
                chunk=chunk,
                slot=part.slot,
                part=part.number,
                parts=part.of,
                correlation_id=uuid7(),
                title=part.words.title,
                body=part.words.body,
                priority=part.priority,
                counts=part.counts,
                left_out=part.counts["left_out"],
                expires_at=now + timedelta(seconds=settings.NOTIFICATION_LIFETIME_SECONDS),
                created_at=now,
            )
        )
    return Digest.objects.bulk_create(digests)


def _store_items(parts: Sequence[Part], digests: Sequence[Digest]) -> None:
    DigestItem.objects.bulk_create(
        DigestItem(digest=digest, notification_id=key, channel=part.channel, place=place)
        for part, digest in zip(parts, digests, strict=True)
        for key, place in part.places.items()
    )


def _release(gathered: Sequence[Waiting], parts: Sequence[Part], *, now: datetime) -> None:
    """Nothing of it waits any more: it is in the inbox, on its way, or moot."""
    rows = Notification.objects
    shown = {key for part in parts if part.local for key in part.told}
    rows.filter(pk__any_of=shown).update(
        status=Notification.Status.DELIVERED, delivered_at=now, awaits_digest=False
    )
    rows.filter(pk__any_of={e.row.pk for e in gathered if not e.settled} - shown).update(
        awaits_digest=False
    )
    told_late([e.row for e in gathered if e.channels is None and e.row.pk in shown], now=now)
    settled = [entry for entry in gathered if entry.settled]
    never_told([entry.row for entry in settled if not entry.row.moot_reason], now=now)
    for reason in {entry.moot for entry in settled if entry.moot is not None}:
        rows.filter(pk__any_of={e.row.pk for e in settled if e.moot is reason}).update(
            status=Notification.Status.EXPIRED, moot_reason=reason, awaits_digest=False
        )


def _store_deliveries(parts: Sequence[Part], digests: Sequence[Digest], *, now: datetime) -> bool:
    """Local channels are finished right here, as their rows are in this very transaction."""
    holds = _holds(parts, now=now)
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            digest=digest,
            channel=part.channel,
            correlation_id=digest.correlation_id,
            state=Delivery.State.DELIVERED if part.local else Delivery.State.PENDING,
            due_at=hold.until or now,
            reason=hold.reason,
            attempt_count=int(part.local),
            finished_at=now if part.local else None,
        )
        for part, digest, hold in zip(parts, digests, holds, strict=True)
    )
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(
            delivery=delivery,
            number=1,
            outcome=DeliveryAttempt.Outcome.DELIVERED,
            finished_at=now,
        )
        for delivery, part in zip(deliveries, parts, strict=True)
        if part.local
    )
    return not all(part.local for part in parts)


def _holds(parts: Sequence[Part], *, now: datetime) -> list[Answer]:
    """What a snooze or quiet hours do to each; what only enters the inbox is not asked about."""
    ringing = {(part.business_id, part.user_id) for part in parts if not part.local}
    if not ringing:
        return [GO_ON for _ in parts]
    businesses, users = {business for business, _ in ringing}, {user for _, user in ringing}
    silences = rules.silences(businesses, users, now=now)
    return [
        GO_ON
        if part.local
        else held(
            part.preference,
            part.channel,
            silences.snoozed_until(part.business_id, part.user_id),
            now,
        )
        for part in parts
    ]
