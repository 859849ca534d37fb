"""Once a hook works again: what it missed is sent again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core.errors import Conflict, InvalidInput, RateLimited
from apps.core.resilience.ratelimit import Limit, limiter
from apps.notifications.models import Address, Delivery
from apps.notifications.selectors.hooks import hook_of, lost_deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """How many are due again, how many were too old to tell, and whether to ask once more."""

    requeued: int
    expired: int
    more: bool


def recover(user: User, public_id: UUID, *, since: datetime, now: datetime) -> Recovered:
    """The deliveries to this hook that were given up since then are due again, the oldest first.

    At most HOOK_RECOVER_MAX_ROWS at a time. Asked twice, the second finds nothing to do. Raises
    InvalidInput for a moment that is not within HOOK_RECOVER_MAX_DAYS, Conflict for a hook that is
    off, RateLimited.
    """
    hook = hook_of(user, public_id)
    _check(since, now)
    _limit(hook)
    with transaction.atomic():
        hook = hook_of(user, public_id, lock=True)
        if hook.state != Address.State.ACTIVE:
            raise Conflict("Switch this hook on first")
        lost, too_late = lost_deliveries(hook, since=since, now=now)
        ids = _due_again(lost)
        found = Recovered(
            requeued=min(len(ids), settings.HOOK_RECOVER_MAX_ROWS),
            expired=too_late.count(),
            more=len(ids) > settings.HOOK_RECOVER_MAX_ROWS,
        )
        _requeue(ids[: found.requeued])
        _note(user, hook, since, found)
    return found


def _due_again(lost: QuerySet[Delivery]) -> list[int]:
    """One more than are sent, so that it shows whether there are more."""
    rows = lost.order_by("finished_at", "id").select_for_update(of=("self",), skip_locked=True)
    return list(rows.values_list("pk", flat=True)[: settings.HOOK_RECOVER_MAX_ROWS + 1])


def _requeue(ids: list[int]) -> None:
    """With a fresh retry schedule; its attempts keep their numbers."""
    Delivery.objects.filter(pk__in=ids).update(
        state=Delivery.State.RETRY,
        due_at=Now(),
        token=None,
        claim_count=0,
        failure_count=0,
        reason="",
        finished_at=None,
    )


def _check(since: datetime, now: datetime) -> None:
    if since > now:
        raise InvalidInput(fields={"since": "This is in the future."})
    if now - since > timedelta(days=settings.HOOK_RECOVER_MAX_DAYS):
        days = settings.HOOK_RECOVER_MAX_DAYS
        raise InvalidInput(fields={"since": f"This is more than {days} days ago."})


def _limit(hook: Address) -> None:
    limit = Limit(key=f"hook-recover:{hook.pk}", per_minute=settings.HOOK_RECOVER_PER_MINUTE)
    [wait] = limiter("closed").check([[limit]])
    if wait:
        raise RateLimited(retry_after=wait)


def _note(user: User, hook: Address, since: datetime, found: Recovered) -> None:
    record(
        [
            AuditDraft(
                type=AuditType.TASK_RETRIED,
                message="What a hook missed was made due again",
                business_id=business_of(user).pk,
                actor_id=user.pk,
                subject=f"address:{hook.public_id}",
                metadata={
                    "since": since.isoformat(),
                    "requeued": found.requeued,
                    "expired": found.expired,
                    "more": found.more,
                },
            )
        ]
    )
