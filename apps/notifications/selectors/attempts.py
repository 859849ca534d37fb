"""What was tried before."""

from collections.abc import Sequence

from apps.notifications.models import Delivery, DeliveryAttempt


def last_attempts(deliveries: Sequence[Delivery]) -> dict[int, DeliveryAttempt]:
    """Delivery → its latest attempt, of those that have any. One query at most."""
    tried = [delivery.pk for delivery in deliveries if delivery.attempt_count]
    rows = DeliveryAttempt.objects.filter(delivery_id__any_of=tried)
    latest = rows.order_by("delivery_id", "-number").distinct("delivery_id")
    latest = latest.select_related("template")
    return {row.delivery_id: row for row in latest}
