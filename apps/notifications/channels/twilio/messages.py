"""A message through Twilio: made, and found again where nobody knows whether it was."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final

from django.conf import settings

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
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.channels.twilio.client import is_set_up, readable, ready
from apps.notifications.channels.twilio.failures import of_code
from apps.notifications.engines.prices import price_of

# How far Twilio's clock, which tells whole seconds, may be behind ours.
_SKEW: Final = timedelta(seconds=10)
_PAGE: Final = 50
_MOST_LISTED: Final = 200
_NOT_SENT: Final = frozenset(("failed", "undelivered", "canceled"))
_SERVICE: Final = "MG"


class TwilioChannel(RemoteChannel):
    """To a number. What is sent, and how it is known again, is the channel's own."""

    needs_consent: ClassVar[bool] = True
    needs_verification: ClassVar[bool] = True
    metered: ClassVar[bool] = True
    on_unknown: ClassVar[OnUnknown] = OnUnknown.RECONCILE
    # A sender that was killed may have sent bytes that are still on their way.
    grace_seconds: ClassVar[int] = 90

    @abstractmethod
    def sender(self) -> str:
        """A number, or a messaging service; "" is none."""

    @abstractmethod
    def address(self, number: str) -> str:
        """As Twilio writes it."""

    @abstractmethod
    def content(self, message: Message, target: Target) -> Mapping[str, Any]:
        """The SDK's arguments. Raises DeliveryError for what cannot be sent."""

    @abstractmethod
    def parts(self, message: Message, target: Target) -> int:
        """As many as will be paid for."""

    @abstractmethod
    def is_ours(self, body: str, message: Message, target: Target) -> bool:
        """Whether the text of a sent message is this one's."""

    @property
    @abstractmethod
    def prices(self) -> Mapping[str, int]:
        """Of one part."""

    def providers(self, target: Target) -> Sequence[str]:
        if not is_set_up() or not self.sender():
            return ()
        return (f"twilio:{settings.TWILIO_ACCOUNT_SID}",)

    def price_micros(self, message: Message, target: Target) -> int:
        return self.parts(message, target) * price_of(target.value, self.prices)

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        content = self.content(message, target)
        api = await ready()
        with readable():
            made = await api.messages.create_async(
                to=self.address(target.value),
                **_from(self.sender(), self.address),
                **_callback(message),
                **content,
            )
            return self._receipt(made, message, target)

    async def look_up(self, sent: Sent, target: Target, provider: str) -> Receipt | None:
        since = sent.started_at - _SKEW
        api = await ready()
        with readable(posted=False):
            rows = await api.messages.list_async(
                to=self.address(target.value),
                date_sent_after=since,
                page_size=_PAGE,
                limit=_MOST_LISTED,
            )
            for row in rows:
                if row.status in _NOT_SENT or (row.date_created or since) < since:
                    continue
                if self._is_found(row.body or "", sent.message, target):
                    return self._receipt(row, sent.message, target)
        if len(rows) >= _MOST_LISTED:
            raise DeliveryUnclear("There are more messages than are looked through")
        return None

    def _is_found(self, body: str, message: Message, target: Target) -> bool:
        """By its link, whatever words it was put into since; a digest's names no message."""
        return str(message.key) in body or self.is_ours(body, message, target)

    def _receipt(self, row: Any, message: Message, target: Target) -> Receipt:
        """Of a message of Twilio's, which counts no parts before it has chosen a number."""
        if row.status in _NOT_SENT and row.error_code:
            refused = DeliveryError(permanent=True, fault=Outcome.CLIENT_ERROR)
            raise of_code(row.error_code, refused)
        if not isinstance(row.sid, str) or not row.sid:
            raise DeliveryUnclear("Its answer names no message", code="unreadable_answer")
        parts = int(row.num_segments or 0) or self.parts(message, target)
        return Receipt(
            provider_message_id=row.sid,
            parts=parts,
            cost_micros=parts * price_of(target.value, self.prices),
        )


def _from(sender: str, address: Callable[[str], str]) -> dict[str, str]:
    if sender.startswith(_SERVICE):
        return {"messaging_service_sid": sender}
    return {"from_": address(sender)}


def _callback(message: Message) -> dict[str, str]:
    """Twilio refuses a message whose callback it cannot reach, such as a developer's machine."""
    if not settings.PUBLIC_URL.startswith("https://"):
        return {}
    return {"status_callback": f"{settings.PUBLIC_URL.rstrip('/')}/callbacks/twilio/{message.ref}"}
