"""How often what people were told helped them, by what they say of it."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count

from apps.notifications.engines.budget import helpful_rate
from apps.notifications.models import Feedback

FEEDBACK_DAYS = 90
_UNHELPFUL = (Feedback.Kind.DISMISSED, Feedback.Kind.LESS_LIKE_THIS)


def helpful_rates(user_ids: Collection[int], *, now: datetime) -> dict[int, dict[str, float]]:
    """Person → category → `helpful_rate` of the last FEEDBACK_DAYS; one query, none about nobody.

    A category of which somebody said nothing is left out.
    """
    if not user_ids:
        return {}
    counts = (
        Feedback.objects.filter(
            user_id__any_of=user_ids,
            kind__in=(Feedback.Kind.HELPFUL, *_UNHELPFUL),
            created_at__gte=now - timedelta(days=FEEDBACK_DAYS),
            notification__isnull=False,
        )
        .order_by()
        .values_list("user_id", "notification__category", "kind")
        .annotate(count=Count("id"))
    )
    said: dict[tuple[int, str], Counter[bool]] = {}
    for user, category, kind, count in counts:
        said.setdefault((user, category), Counter())[kind == Feedback.Kind.HELPFUL] += count
    found: dict[int, dict[str, float]] = {}
    for (user, category), answers in said.items():
        found.setdefault(user, {})[category] = helpful_rate(answers[True], answers[False])
    return found
