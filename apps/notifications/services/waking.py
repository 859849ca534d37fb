"""Snoozes with what they held: it comes when they end, also when they are ended early.

A row that comes due here is no promise that it is told: the preflight asks for quiet hours, or for
the snooze that took the place of the one that ended.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import Business, User
from apps.notifications.models import Delivery, Notification
from apps.notifications.selectors import preference_of
from apps.notifications.services.digesting import add_rounds
from apps.notifications.types import Frequency, Outcome, Reason
from apps.rules.models import Silence
from apps.rules.selectors import snoozed_until_of
from apps.rules.services import silences

_WAITING = (Delivery.State.PENDING, Delivery.State.RETRY)
_OF_THEIR_OWN_TIME = (Frequency.DAILY, Frequency.WEEKLY)


def snooze(
    business: Business, user: User, choice: silences.Snooze, *, clock: ZoneInfo, now: datetime
) -> Silence:
    """As `silences.snooze`; what a longer one held comes when this one ends."""
    snoozed_until = snoozed_until_of(user, now=now)
    silence = silences.snooze(business, user, choice, clock=clock, now=now)
    if snoozed_until is not None and silence.expires_at < snoozed_until:
        _release(business, user, at=silence.expires_at)
    return silence


def wake(business: Business, user: User, *, now: datetime) -> None:
    """End `user`'s snooze, if there is one: what it held is due now."""
    silences.wake(business, user, now=now)
    _release(business, user, at=now)


def lift(business: Business, user: User, public_id: UUID, *, now: datetime) -> None:
    """End one of `user`'s own silences. Raises Forbidden for a shared one, NotFound otherwise."""
    snoozed_until = snoozed_until_of(user, now=now)
    silences.lift(user, public_id, now=now)
    left = snoozed_until_of(user, now=now)
    if snoozed_until is not None and left != snoozed_until:
        _release(business, user, at=left or now)


@transaction.atomic
def _release(business: Business, user: User, *, at: datetime) -> None:
    """After the snooze's end is committed: whoever still read of it has the row, and is awaited."""
    own = Q(notification__business=business, notification__user=user)
    own |= Q(digest__business=business, digest__user=user)
    by_snooze = Q(reason=Reason.SNOOZED) | Q(
        reason="", notification__decision__reason=Reason.SNOOZED
    )
    waiting = Delivery.objects.filter(own, by_snooze, state__in=_WAITING, due_at__gt=at)
    taken = Delivery.objects.filter(own, state=Delivery.State.CLAIMED)
    held = Q(pk__in=list(waiting.values_list("pk", flat=True)))
    held |= Q(pk__in=list(taken.values_list("pk", flat=True)), reason=Reason.SNOOZED)
    Delivery.objects.filter(held, state__in=_WAITING, due_at__gt=at).update(due_at=at)
    if preference_of(user).frequency not in _OF_THEIR_OWN_TIME:
        _release_batch(business, user, at=at)


def _release_batch(business: Business, user: User, *, at: datetime) -> None:
    """What waits for a batch after the snooze; a digest keeps to its person's own time."""
    moved = Notification.objects.filter(
        business=business,
        user=user,
        awaits_digest=True,
        awaits_channels=None,
        due_at__gt=at,
        decision__outcome=Outcome.DIGEST,
        decision__reason=Reason.SNOOZED,
    ).update(due_at=at)
    if moved:
        add_rounds([(business.pk, user.pk, at)])
