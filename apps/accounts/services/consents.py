"""Writing down what people consent to."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import Consent, User
from apps.accounts.selectors import latest_consents
from apps.accounts.signals import consent_recorded
from apps.core.locks import lock_in_order


def record(
    user: User, purpose: str, *, granted: bool, source: Consent.Source, actor: User, now: datetime
) -> tuple[Consent, bool]:
    """The row that counts, and whether it is new: the same word again is none."""
    with transaction.atomic():
        lock_in_order([f"consent:{user.pk}"])
        latest = latest_consents({user.pk}, [purpose]).get((user.pk, purpose))
        if latest is not None and latest.granted is granted:
            return latest, False
        row = Consent.objects.create(
            user=user,
            purpose=purpose,
            granted=granted,
            recorded_at=now,
            source=source,
            actor=actor,
        )
        consent_recorded.send(sender=Consent, consent=row)
        return row, True
