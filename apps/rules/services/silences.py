"""Silences and snoozes: people's own, and what operators silence for everybody."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import TextChoices

from apps.accounts.models import Business, Client, User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.crypto import blind_index
from apps.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from apps.core.locks import lock_in_order
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.rules.engines.addresses import normalize_address
from apps.rules.engines.silences import tomorrow
from apps.rules.models import Silence
from apps.rules.selectors import own_snoozes, visible_silences

LONGEST = timedelta(days=366)

# Of one person and at a time: every one is read for every batch that is judged.
MOST_OWN = 100


class Snooze(TextChoices):
    HOUR = "hour", "1 hour"
    TOMORROW = "tomorrow", "Until tomorrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matchers:
    """What a silence looks at; everything empty silences everything."""

    category: str = ""
    event_type: str = ""
    sender: str = ""
    client: Client | None = None
    min_priority: int | None = None
    max_priority: int | None = None


def add(
    business: Business,
    user: User,
    matchers: Matchers,
    *,
    expires_at: datetime,
    now: datetime,
    comment: str = "",
) -> Silence:
    """Silence such things for `user` alone.

    Raises InvalidInput, naming what is wrong, and Conflict for somebody who has MOST_OWN of them.
    """
    check_end(expires_at, now=now)
    _check(business, matchers)
    silence = _silence(business, user, matchers, expires_at=expires_at, comment=comment)
    with transaction.atomic():
        lock_in_order([f"silences:{user.pk}"])
        if visible_silences(user, now=now).filter(user=user).count() >= MOST_OWN:
            raise Conflict(f"At most {MOST_OWN} silences at a time")
        _keep(user, silence)
    return silence


def snooze(
    business: Business, user: User, choice: Snooze, *, clock: ZoneInfo, now: datetime
) -> Silence:
    """Nothing interrupts `user` for an hour, or until tomorrow on their own `clock`.

    The last word counts: it takes the place of an earlier snooze, also of a longer one.
    """
    silence = _silence(business, user, Matchers(), expires_at=end_of(choice, clock=clock, now=now))
    with transaction.atomic():
        lock_in_order([f"silences:{user.pk}"])
        _end_snoozes(business, user, now=now)
        _keep(user, silence)
    return silence


def wake(business: Business, user: User, *, now: datetime) -> None:
    """End `user`'s snooze, if there is one. What it held back is the caller's to release."""
    with transaction.atomic():
        lock_in_order([f"silences:{user.pk}"])
        _end_snoozes(business, user, now=now)


def _end_snoozes(business: Business, user: User, *, now: datetime) -> None:
    snoozes = own_snoozes(business, user, now=now)
    _record(user, snoozes, "Snooze ended")
    snoozes.update(ended_at=now)


def lift(user: User, public_id: UUID, *, now: datetime) -> None:
    """End one of `user`'s own. Raises Forbidden for a shared one, NotFound otherwise."""
    with transaction.atomic():
        mine = visible_silences(user, now=now).select_related(None)
        silence = mine.select_for_update(of=("self",)).filter(public_id=public_id).first()
        if silence is None:
            raise NotFound
        if silence.user_id is None:
            raise Forbidden("This silence is everybody's")
        _record(user, [silence], "Silence lifted")
        silence.ended_at = now
        silence.save(update_fields=["ended_at"])


def written_sender(silence: Silence, sender: str) -> None:
    """Set the sender and the index it is found by; "" is any. Raises InvalidInput for none."""
    silence.sender = normalize_address(sender) if sender.strip() else ""
    silence.sender_index = (
        blind_index(silence.sender, context=MAILBOX_CONTEXT) if silence.sender else None
    )


def check_end(expires_at: datetime, *, now: datetime) -> None:
    """Raises InvalidInput for an end that is past, or further away than anybody remembers."""
    if not now < expires_at <= now + LONGEST:
        problem = f"In the future, and within {LONGEST.days} days."
        raise InvalidInput(fields={"expires_at": problem})


def _silence(
    business: Business, user: User, matchers: Matchers, *, expires_at: datetime, comment: str = ""
) -> Silence:
    silence = Silence(
        business=business,
        user=user,
        author=user,
        comment=comment,
        category=matchers.category,
        event_type=matchers.event_type,
        client=matchers.client,
        min_priority=matchers.min_priority,
        max_priority=matchers.max_priority,
        expires_at=expires_at,
    )
    written_sender(silence, matchers.sender)
    return silence


def _keep(user: User, silence: Silence) -> None:
    silence.save()
    _record(user, [silence], "Silence added")


def _check(business: Business, matchers: Matchers) -> None:
    least, most = matchers.min_priority, matchers.max_priority
    if least is not None and most is not None and least > most:
        raise InvalidInput(fields={"max_priority": "Not below the least priority."})
    if matchers.client is not None and matchers.client.business_id != business.pk:
        raise InvalidInput(fields={"client": "This client is watched for another business."})


def _in_an_hour(now: datetime, clock: ZoneInfo) -> datetime:
    return now + timedelta(hours=1)


def end_of(choice: Snooze, *, clock: ZoneInfo, now: datetime) -> datetime:
    """When what is snoozed at `now` comes back, on its reader's own `clock`."""
    return _ENDS[choice](now, clock)


_ENDS: Mapping[Snooze, Callable[[datetime, ZoneInfo], datetime]] = {
    Snooze.HOUR: _in_an_hour,
    Snooze.TOMORROW: tomorrow,
}


def _record(user: User, silences: Iterable[Silence], message: str) -> None:
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message=message,
                business_id=silence.business_id,
                actor_id=user.pk,
                subject=f"silence:{silence.pk}",
                correlation_id=correlation.current(),
            )
            for silence in silences
        ]
    )
