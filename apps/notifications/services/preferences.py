"""A person's own preferences: every door writes them here."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.errors import InvalidInput
from apps.notifications.models import Preference
from apps.notifications.models.preference import FIELDS


def update(user: User, changes: Mapping[str, Any]) -> Preference:
    """Write `changes` (names of FIELDS, values already valid one by one) and return the row.

    The first change makes the row, in the person's own zone. Raises InvalidInput, with nothing
    changed, when the quiet hours as a whole make no sense.
    """
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise ValueError(f"no preferences: {sorted(unknown)}")
    with transaction.atomic():
        Preference.objects.get_or_create(user=user, defaults={"time_zone": user.time_zone})
        row = Preference.objects.select_for_update().get(user=user)
        changed = [name for name in FIELDS if _differs(row, name, changes)]
        for name in changed:
            setattr(row, name, changes[name])
        _check_quiet_hours(row)
        if changed:
            row.save(update_fields=[*changed, "updated_at"])
            _record(user, row, changed)
    return row


def _differs(row: Preference, name: str, changes: Mapping[str, Any]) -> bool:
    return name in changes and getattr(row, name) != changes[name]


def _check_quiet_hours(row: Preference) -> None:
    start, end = row.quiet_start, row.quiet_end
    if (start is None) != (end is None):
        raise InvalidInput(fields={"quiet_hours": "Start and end belong together."})
    if start is not None and start == end:
        raise InvalidInput(fields={"quiet_hours": "Start and end must differ."})
    if row.quiet_hours_enabled and start is None:
        raise InvalidInput(fields={"quiet_hours": "Quiet hours need a start and an end."})


def _record(user: User, row: Preference, changed: list[str]) -> None:
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message="Preferences changed",
                business_id=business_of(user).pk,
                actor_id=user.pk,
                subject=f"preference:{row.pk}",
                correlation_id=correlation.current(),
                metadata={"fields": changed},
            )
        ]
    )
