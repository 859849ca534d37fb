"""What all writing of preferences shares: one writer at a time, whole quiet hours, an audit row."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.errors import InvalidInput, PreconditionFailed
from apps.core.locks import lock_in_order
from apps.notifications.engines.written_ranges import range_problems
from apps.notifications.models import ChannelPreference, Preference
from apps.notifications.models.preference import FIELDS
from apps.notifications.selectors.preferences import stored_of
from apps.notifications.services.waking import owe, pay

Row = Preference | ChannelPreference


@contextmanager
def writing(user: User, seen: Collection[str] | None) -> Iterator[None]:
    """A transaction in which no other door writes this person's preferences.

    `seen` holds versions (`Stored.version`); raises PreconditionFailed when the present one is
    not among them. None accepts whatever is there. After it, nothing that was put off waits longer
    than the new preferences ask for; where that fails the change stands, and the sweep does it.
    """
    with transaction.atomic():
        lock_in_order([f"preferences:{user.pk}"])
        if seen is not None and stored_of(user).version not in seen:
            raise PreconditionFailed
        yield
        business, now = business_of(user), timezone.now()
        owe(business, user, now=now)
    pay(business, user, now=now)


def write_own(user: User, changes: Mapping[str, Any], *, actor: User) -> None:
    """Write fields of the person's own row, making it where there is none. Call it in `writing`."""
    check_changes(changes)
    row = own_row(user)
    changed = assign(row, _each_once(changes))
    check_quiet_hours(row)
    if changed:
        row.save(update_fields=[*changed, "updated_at"])
        note(actor, user, row, "Preferences changed", {"fields": changed})


def _each_once(changes: Mapping[str, Any]) -> dict[str, Any]:
    """A category that is named twice is one, in the place where it is named first."""
    if changes.get("categories") is None:
        return dict(changes)
    return {**changes, "categories": list(dict.fromkeys(changes["categories"]))}


def check_changes(changes: Mapping[str, Any]) -> None:
    """What can be said of changes before the row is known. Raises InvalidInput."""
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise ValueError(f"no preferences: {sorted(unknown)}")
    if "quiet_ranges" in changes:
        check_quiet_ranges(changes["quiet_ranges"])


def own_row(user: User) -> Preference:
    Preference.objects.get_or_create(user=user, defaults={"time_zone": user.time_zone})
    return Preference.objects.select_for_update().get(user=user)


def assign(row: Row, changes: Mapping[str, Any]) -> list[str]:
    """Set what differs. Returns the names, in alphabetical order."""
    changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, changes[name])
    return changed


def check_quiet_hours(row: Row) -> None:
    start, end = row.quiet_start, row.quiet_end
    if (start is None) != (end is None):
        raise InvalidInput(fields={"quiet_hours": "Start and end belong together."})
    if start is not None and start == end:
        raise InvalidInput(fields={"quiet_hours": "Start and end must differ."})
    if row.quiet_hours_enabled and start is None:
        raise InvalidInput(fields={"quiet_hours": "Quiet hours need a start and an end."})


def check_quiet_ranges(ranges: object) -> None:
    """Raises InvalidInput with the places that `range_problems` names."""
    problems = range_problems(ranges).items()
    if problems:
        places = ((f"quiet_ranges.{place}".rstrip("."), problem) for place, problem in problems)
        raise InvalidInput(fields=dict(places))


def note(actor: User, user: User, row: Row, message: str, metadata: Mapping[str, Any]) -> None:
    """What was changed by name, never to what; `metadata` holds no values of a person's."""
    kind = "preference" if isinstance(row, Preference) else "channel_preference"
    about = {} if actor == user else {"user": user.pk}
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message=message,
                business_id=business_of(user).pk,
                actor_id=actor.pk,
                subject=f"{kind}:{row.pk}",
                correlation_id=correlation.current(),
                metadata={**metadata, **about},
            )
        ]
    )
