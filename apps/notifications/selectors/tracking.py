"""Who may be told of as having opened a mail, and which mail that was."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from apps.accounts.selectors import latest_consents
from apps.notifications.models import DeliveryAttempt

# What people consent to for it; nobody has who never spoke.
TRACKING = "email_tracking"


def people_tracked(user_ids: Collection[int]) -> set[int]:
    """Those who consented. One query, none while EMAIL_TRACKING is off."""
    if not settings.EMAIL_TRACKING:
        return set()
    latest = latest_consents(user_ids, [TRACKING])
    return {user_id for (user_id, _), row in latest.items() if row.granted}


def latest_ref(user_id: int, channel: str, key: UUID) -> UUID | None:
    """The id of the last attempt to tell this person that notification or digest this way."""
    own = Q(delivery__notification__public_id=key, delivery__notification__user=user_id)
    own |= Q(delivery__digest__public_id=key, delivery__digest__user=user_id)
    rows = DeliveryAttempt.objects.filter(own, delivery__channel=channel).order_by("-id")
    return rows.values_list("public_id", flat=True).first()
