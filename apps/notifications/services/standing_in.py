"""The next channel of a person's order: for what failed, and for what is critical and stays unread.

Both are due deliveries like any other: what was read by then is not sent (services/seen.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from apps.classification.types import Urgency
from apps.notifications.engines.allowed import usable_for
from apps.notifications.engines.succession import following
from apps.notifications.engines.topics import on_topic
from apps.notifications.models import Delivery, Notification
from apps.notifications.selectors.effective import preferences_of
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.types import PreferenceValues

State = Delivery.State

_FAILED = frozenset(
    (State.FAILED.value, State.DEAD.value, State.SUPPRESSED.value, State.EXPIRED.value)
)


def stand_in(failed: Sequence[Delivery], *, told: Sequence[Delivery], now: datetime) -> None:
    """In the transaction of their outcomes. Three queries more where somebody has an order.

    It counts for no channel's daily limit: it is told instead, not besides.
    """
    critical = [d for d in told if _priority(d) >= Urgency.CRITICAL.floor]
    candidates = [d for d in (*failed, *critical) if d.notification is not None]
    if not candidates:
        return
    pairs = {(d.subject.business_id, d.subject.user_id) for d in candidates}
    preferences = {
        user: one
        for (_, user), one in preferences_of(pairs, needs=needs_in_use()).items()
        if one.channel_order
    }
    ordered = [d for d in candidates if d.subject.user_id in preferences]
    if not ordered:
        return
    known = _locked(ordered)
    rows = (
        _next(d, preferences[d.subject.user_id], known[d.notification_id], now, d in told)
        for d in ordered
        if d.notification_id is not None
    )
    Delivery.objects.bulk_create([row for row in rows if row], ignore_conflicts=True)


def _next(
    delivery: Delivery,
    preference: PreferenceValues,
    known: Sequence[tuple[str, str]],
    now: datetime,
    was_told: bool,
) -> Delivery | None:
    wait = preference.escalation_minutes if was_told else 0
    if wait is None or (not was_told and _rings_on(delivery, known)):
        return None
    channel = following(
        preference.channel_order,
        usable_for(on_topic(preference, _category(delivery)), _priority(delivery)),
        {name for name, _ in known},
        delivery.channel,
    )
    if channel is None:
        return None
    return Delivery(
        notification_id=delivery.notification_id,
        channel=channel,
        correlation_id=delivery.correlation_id,
        stands_in_for=delivery,
        reason="unread" if was_told else "failed",
        due_at=now + timedelta(minutes=wait),
    )


def _rings_on(delivery: Delivery, known: Iterable[tuple[str, str]]) -> bool:
    """Whether another address of the channel was told, or may yet be."""
    return any(name == delivery.channel and state not in _FAILED for name, state in known)


def _locked(deliveries: Sequence[Delivery]) -> Mapping[int, list[tuple[str, str]]]:
    """Notification → (channel, state) of its deliveries. Who settles another of them waits."""
    ids = {d.notification_id for d in deliveries if d.notification_id is not None}
    list(Notification.objects.filter(pk__in=ids).order_by("pk").select_for_update().only("pk"))
    known: dict[int, list[tuple[str, str]]] = {}
    rows = Delivery.objects.filter(notification_id__in=ids)
    for pk, channel, state in rows.values_list("notification_id", "channel", "state"):
        if pk is not None:
            known.setdefault(pk, []).append((channel, state))
    return known


def _category(delivery: Delivery) -> str:
    return delivery.notification.category if delivery.notification else ""


def _priority(delivery: Delivery) -> int:
    return delivery.notification.priority if delivery.notification else 0
