"""Addresses come, are shown to be somebody's, and are switched off and on.

unverified ─► active ◄─► off (gone, invalid, bounced, complained, unsubscribed, failing, by hand)
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from apps.accounts.models import User
from apps.core.errors import Conflict, NotFound
from apps.notifications.channels import CHANNELS
from apps.notifications.models import Address
from apps.notifications.models.address import address_index
from apps.notifications.selectors.addresses import MAIL
from apps.notifications.types import OffReason

State = Address.State


def add_address(
    user: User,
    channel: str,
    value: str,
    *,
    hint: str,
    now: datetime,
    label: str = "",
    details: Mapping[str, Any] | None = None,
) -> Address:
    """The person's address, made or, known already, brought up to date and switched on again.

    It is active at once unless its channel asks for verification. Raises Conflict at
    ADDRESSES_PER_CHANNEL of them, not counting those that are off.
    """
    index = address_index(channel, value)
    waits = CHANNELS.get(channel).needs_verification
    with transaction.atomic():
        known = {bytes(row.value_index): row for row in _locked(user, channel)}
        row = known.get(index)
        if row is None:
            in_use = [one for one in known.values() if one.state != State.OFF]
            if len(in_use) >= settings.ADDRESSES_PER_CHANNEL:
                raise Conflict("Remove one of the addresses of this channel first")
            row = Address(user=user, channel=channel, value_index=index)
        row.value, row.hint, row.label = value, hint[:80], label[:80]
        row.details = None if details is None else dict(details)
        proven = not waits or row.verified_at is not None
        row.state = State.ACTIVE if proven else State.UNVERIFIED
        row.verified_at = row.verified_at or (now if proven else None)
        row.off_reason, row.off_at, row.failing_since = "", None, None
        row.save()
    return row


def verify_address(row: Address, *, now: datetime) -> None:
    """It was shown to be its person's."""
    row.verified_at, row.state, row.off_reason, row.off_at = now, State.ACTIVE, "", None
    row.save(update_fields=["verified_at", "state", "off_reason", "off_at", "updated_at"])


def switch_off(rows: Mapping[OffReason, Collection[int]], *, now: datetime) -> None:
    """Address ids by reason; the first reason stays."""
    for reason, ids in rows.items():
        Address.objects.filter(pk__in=ids).exclude(state=State.OFF).update(
            state=State.OFF, off_reason=reason.value, off_at=now, updated_at=now
        )


def switch_on(row: Address, *, now: datetime) -> None:
    """Again, by its person or an operator. Raises Conflict for one that was never verified."""
    if CHANNELS.get(row.channel).needs_verification and row.verified_at is None:
        raise Conflict("This address must be verified first")
    Address.objects.filter(pk=row.pk).update(
        state=State.ACTIVE, off_reason="", off_at=None, failing_since=None, updated_at=now
    )


def remove_address(user: User, channel: str, value: str, *, now: datetime) -> None:
    """Switched off by hand. Raises NotFound for what is not theirs."""
    rows = Address.objects.filter(
        user=user, channel=channel, value_index=address_index(channel, value)
    )
    if not rows.update(
        state=State.OFF, off_reason=OffReason.BY_HAND.value, off_at=now, updated_at=now
    ):
        raise NotFound("No such address")


def forget_unused(user: User, channel: str) -> None:
    """Those that are off and nothing was sent to, or nothing that is still known. Only where an
    address that is off never comes back: elsewhere it says whom not to write to.
    """
    rows = Address.objects.filter(user=user, channel=channel, state=State.OFF)
    rows.filter(deliveries=None).delete()


def account_mails(user_ids: Collection[int], *, now: datetime) -> dict[int, Address]:
    """The addresses of the accounts of people who set none for mail."""
    if not user_ids:
        return {}
    own = Address.objects.filter(user=OuterRef("pk"), channel=MAIL)
    people = User.objects.filter(~Exists(own), pk__any_of=user_ids).exclude(email="")
    rows = [
        Address(
            user_id=user_id,
            channel=MAIL,
            value=email,
            value_index=address_index(MAIL, email),
            hint=masked_mail(email),
            label="Account",
            state=State.ACTIVE,
            verified_at=now,
        )
        for user_id, email in people.values_list("pk", "email")
    ]
    Address.objects.bulk_create(rows, ignore_conflicts=True)
    made = Address.objects.filter(user_id__in=[row.user_id for row in rows], channel=MAIL)
    return {row.user_id: row for row in made if row.state == State.ACTIVE}


def masked_mail(value: str) -> str:
    """`a…@example.com`."""
    name, _, host = value.rpartition("@")
    return f"{name[:1]}…@{host}"


def _locked(user: User, channel: str) -> list[Address]:
    """Two at once must not pass the limit together, so they queue behind the person's row."""
    User.objects.select_for_update().get(pk=user.pk)
    return list(Address.objects.filter(user=user, channel=channel))
