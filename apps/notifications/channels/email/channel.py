"""The channel: writes a letter and gives it to a provider."""

from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.utils import timezone

from apps.core.engines.circuit import Outcome
from apps.notifications.channels.base import (
    DeliveryError,
    DeliveryUnclear,
    Message,
    OnUnknown,
    Receipt,
    Sent,
    Target,
)
from apps.notifications.channels.email.letters import letter_of
from apps.notifications.channels.email.providers import MAIL_PROVIDERS
from apps.notifications.channels.email.threads import hand_over
from apps.notifications.channels.remote import RemoteChannel

SMTP = "smtp"


class EmailChannel(RemoteChannel):
    """Mail through the providers of EMAIL_PROVIDERS that are configured.

    Nobody knows: after `grace_seconds`, in which SendGrid's event would have come, it is looked up.
    An SMTP server cannot be asked and a mail without an answer mostly never was one, so that one is
    sent again, with its Message-ID, by which many mailboxes tell a repetition. SendGrid cannot be
    asked either, and its events are reliable: the message's urgency decides then.
    """

    on_unknown: ClassVar[OnUnknown] = OnUnknown.RECONCILE
    grace_seconds: ClassVar[int] = 120

    def providers(self, target: Target) -> Sequence[str]:
        return tuple(name for name in settings.EMAIL_PROVIDERS if _is_usable(name))

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        if not _is_usable(provider):
            raise DeliveryError(
                "This provider is not configured any more",
                permanent=False,
                fault=Outcome.CLIENT_ERROR,
                code="channel_unavailable",
            )
        letter = letter_of(message, target, now=timezone.now())
        return await hand_over(letter, MAIL_PROVIDERS.get(provider).errand())

    async def look_up(self, sent: Sent, target: Target, provider: str) -> Receipt | None:
        """None, so: send it again, for SMTP (see the class). SendGrid's events have not come."""
        if provider == SMTP:
            return None
        raise DeliveryUnclear("Its provider has told nothing of it", fault=Outcome.SUCCESS)


def _is_usable(name: str) -> bool:
    return (
        name in MAIL_PROVIDERS
        and bool(settings.SMTP_FROM_EMAIL)
        and MAIL_PROVIDERS.get(name).configured()
    )
