"""What channels ask of people before they are used, and what people say to it."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.accounts.models import Consent, User
from apps.accounts.models.consent import NOTIFICATIONS
from apps.accounts.services import consents
from apps.notifications.channels import CHANNELS
from apps.notifications.models import Delivery
from apps.notifications.selectors.consenting import ConsentState, consent_states
from apps.notifications.selectors.tracking import TRACKING
from apps.notifications.types import CHANNEL_NAMES, Bar, Needs

_UNSENT = (*Delivery.WAITING, Delivery.State.UNKNOWN)


def needs_in_use() -> Needs:
    """Of the channels that people are told through."""
    return _needs(("in_app", *settings.EXTRA_CHANNELS))


def needs_of_all() -> Needs:
    """Of every channel there is."""
    return _needs(CHANNELS)


def purposes() -> tuple[str, ...]:
    """What one can consent to: being told things, each channel but the inbox, and being told of as
    having opened a mail, where EMAIL_TRACKING is on.
    """
    channels = dict.fromkeys((*CHANNEL_NAMES, *sorted(needs_of_all().consent)))
    others = (TRACKING,) if settings.EMAIL_TRACKING else ()
    return NOTIFICATIONS, *(name for name in channels if name != "in_app"), *others


def states_of(user: User) -> list[ConsentState]:
    return consent_states(user, purposes(), needs_of_all())


def set_consent(
    user: User, purpose: str, *, granted: bool, source: Consent.Source, now: datetime
) -> None:
    """Write down somebody's own word on one of `purposes`. It holds for the next event.

    What is on its way to a channel of that purpose is not sent any more; it lies in the inbox.
    """
    with transaction.atomic():
        _, changed = consents.record(
            user, purpose, granted=granted, source=source, actor=user, now=now
        )
        if changed and not granted:
            _stop(user, purpose, now=now)


def _stop(user: User, purpose: str, *, now: datetime) -> None:
    """Whatever a worker holds at this moment is beyond reach."""
    those = Q(channel=purpose)
    if purpose == NOTIFICATIONS:
        those = ~Q(channel__in=[name for name in CHANNELS if CHANNELS.get(name).local])
    own = Q(notification__user=user) | Q(digest__user=user)
    rows = Delivery.objects.filter(those, own, state__in=_UNSENT).values_list("pk", flat=True)
    Delivery.objects.filter(pk__in=list(rows), state__in=_UNSENT).update(
        state=Delivery.State.EXPIRED, reason=Bar.NO_CONSENT.value, finished_at=now, token=None
    )


def _needs(names: Iterable[str]) -> Needs:
    channels = {name: CHANNELS.get(name) for name in names}
    return Needs(
        consent=frozenset(name for name, one in channels.items() if one.needs_consent),
        address=frozenset(name for name, one in channels.items() if one.addressed),
    )
