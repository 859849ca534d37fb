"""Where people can be reached."""

from collections.abc import Collection, Mapping

from apps.accounts.models import User
from apps.notifications.models import Address
from apps.notifications.models.address import address_index
from apps.notifications.types import Bar, Needs

# The one channel that an account brings an address for.
MAIL = "email"


def address_bars(user_ids: Collection[int], needs: Needs) -> Mapping[int, Mapping[str, Bar]]:
    """Person → channels that need an address → why they cannot be used. Two queries at most."""
    if not needs.address:
        return {}
    rows = Address.objects.filter(user_id__any_of=user_ids, channel__in=needs.address)
    states: dict[tuple[int, str], set[str]] = {}
    for user_id, channel, state in rows.values_list("user_id", "channel", "state"):
        states.setdefault((user_id, channel), set()).add(state)
    mailed = _with_mail(user_ids) if MAIL in needs.address else frozenset()
    return {
        user_id: {
            channel: bar
            for channel in needs.address
            if (bar := _bar(states.get((user_id, channel)), channel == MAIL and user_id in mailed))
        }
        for user_id in user_ids
    }


def addresses_of(user: User, *, channel: str | None = None) -> list[Address]:
    """One person's own, in the order in which they came; switched off ones too."""
    rows = Address.objects.filter(user=user).order_by("id")
    return list(rows if channel is None else rows.filter(channel=channel))


def active_addresses(
    wanted: Collection[tuple[int, str]],
) -> dict[tuple[int, str], list[Address]]:
    """(person, channel) → their active addresses, the first one first. One query."""
    rows = Address.objects.filter(
        user_id__any_of={user for user, _ in wanted},
        channel__in={channel for _, channel in wanted},
        state=Address.State.ACTIVE,
    ).order_by("id")
    found: dict[tuple[int, str], list[Address]] = {}
    for row in rows:
        if (row.user_id, row.channel) in wanted:
            found.setdefault((row.user_id, row.channel), []).append(row)
    return found


def is_in_use(channel: str, value: str, *, besides: User) -> bool:
    """Whether somebody else is reached there now."""
    rows = Address.objects.filter(channel=channel, value_index=address_index(channel, value))
    return rows.exclude(user=besides).exclude(state=Address.State.OFF).exists()


def active_address(user_id: int, address_id: int) -> Address | None:
    """With its person, who may still log in."""
    rows = Address.objects.filter(pk=address_id, state=Address.State.ACTIVE)
    return rows.filter(user_id=user_id, user__is_active=True).select_related("user").first()


def _bar(states: set[str] | None, has_mail: bool) -> Bar | None:
    if states is None:
        return None if has_mail else Bar.NO_ADDRESS
    if Address.State.ACTIVE in states:
        return None
    return Bar.UNVERIFIED if Address.State.UNVERIFIED in states else Bar.NO_ADDRESS


def _with_mail(user_ids: Collection[int]) -> frozenset[int]:
    people = User.objects.filter(id__any_of=user_ids).exclude(email="")
    return frozenset(people.values_list("id", flat=True))
