"""What each tier may do. A frozen table in code: half-edited limits would be worse than none.

Intervals are in seconds; None means no limit (the seed's -1).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class Tier(TextChoices):
    FREE = "free"
    PERSONAL = "personal"
    FAMILY = "family"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    evaluation_seconds: int
    notifications_per_day: int | None
    rules_per_aura: int | None
    channels: tuple[str, ...]
    sensor_cache_seconds: int
    queue_priority: int


LIMITS: Mapping[Tier, Limits] = {
    Tier.FREE: Limits(
        evaluation_seconds=1_800,
        notifications_per_day=10,
        rules_per_aura=3,
        channels=("in_app",),
        sensor_cache_seconds=3_600,
        queue_priority=1,
    ),
    Tier.PERSONAL: Limits(
        evaluation_seconds=900,
        notifications_per_day=50,
        rules_per_aura=10,
        channels=("in_app", "web_push"),
        sensor_cache_seconds=1_800,
        queue_priority=2,
    ),
    Tier.FAMILY: Limits(
        evaluation_seconds=300,
        notifications_per_day=200,
        rules_per_aura=25,
        channels=("in_app", "web_push", "sms"),
        sensor_cache_seconds=600,
        queue_priority=3,
    ),
    Tier.BUSINESS: Limits(
        evaluation_seconds=60,
        notifications_per_day=None,
        rules_per_aura=None,
        channels=("in_app", "web_push", "sms", "whatsapp"),
        sensor_cache_seconds=300,
        queue_priority=4,
    ),
}


def limits_of(tier: str) -> Limits:
    return LIMITS[Tier(tier)]
