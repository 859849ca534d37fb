"""A person's own preferences: every door writes them here."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.selectors import is_admin, person_seen_by
from apps.core.errors import Conflict, Forbidden, NotFound
from apps.notifications.models import Preference
from apps.notifications.selectors.preferences import Stored, stored_of, visible_preference
from apps.notifications.services.preference_rows import note, own_row, write_own, writing


def update(
    user: User, changes: Mapping[str, Any], *, seen: Collection[str] | None = None
) -> Stored:
    """Write `changes` (names of FIELDS, values already valid one by one) and return what is stored.

    The first change makes the row, in the person's own zone. Raises InvalidInput, with nothing
    changed, when the quiet hours make no sense, as a whole or a range of them, and
    PreconditionFailed when `seen` holds versions of `Stored` and none of them is the present one.
    """
    with writing(user, seen):
        write_own(user, changes, actor=user)
    return stored_of(user)


def ensure(user: User) -> Stored:
    """What is stored, with a row of defaults where there was none."""
    stored = stored_of(user)
    if stored.row.pk is None:
        with transaction.atomic():
            own_row(user)
        stored = stored_of(user)
    return stored


def create(actor: User, user_ref: UUID, changes: Mapping[str, Any]) -> Stored:
    """An admin's first row for somebody of their business (`user_ref` is the public id).

    Raises Forbidden for whoever is no admin, NotFound for a person who does not work there,
    Conflict where there are preferences already, and what `update` raises.
    """
    _require_admin(actor)
    user = person_seen_by(actor, user_ref)
    if user is None:
        raise NotFound
    with writing(user, None):
        if Preference.objects.filter(user=user).exists():
            raise Conflict("This person has preferences already")
        write_own(user, changes, actor=actor)
    return stored_of(user)


def delete(actor: User, preference_ref: UUID, *, seen: Collection[str] | None = None) -> None:
    """An admin takes somebody back to the defaults; what is set for single channels stays.

    Raises NotFound for a row that is not `actor`'s to see, Forbidden for whoever is no admin, and
    PreconditionFailed as `update` does.
    """
    row = visible_preference(actor, preference_ref)
    if row is None:
        raise NotFound
    _require_admin(actor)
    with writing(row.user, seen):
        note(actor, row.user, row, "Preferences deleted", {})
        row.delete()


def _require_admin(actor: User) -> None:
    if not is_admin(actor):
        raise Forbidden("Only admins do this")
