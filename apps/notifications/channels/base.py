"""What a channel plug-in must be: it sends one message and says what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from apps.core.errors import VigilError


class DeliveryError(VigilError):
    """The channel could not deliver. `permanent` means that trying again cannot help."""

    default_code = "delivery_failed"
    title = "The message could not be delivered"

    def __init__(
        self, detail: str = "", *, permanent: bool, retry_after: float | None = None
    ) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.permanent = permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A notification, or a digest of many: then the category is "digest", the body has many lines.

    `ref` is the attempt's id; the provider is given it, so that the outcome can be found.
    """

    ref: UUID
    user_id: int
    title: str
    body: str
    category: str
    priority: int
    correlation_id: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The provider took it. `provider_message_id` may be "" (some give none)."""

    provider_message_id: str = ""


class Channel(Protocol):
    """`local` channels live in the same database: their send is part of the same transaction.

    One that `needs_consent` is used only for people who gave it for this very channel, one that
    `needs_verification` only once the address is shown to be theirs.
    """

    local: ClassVar[bool]
    needs_consent: ClassVar[bool]
    needs_verification: ClassVar[bool]

    def send(self, message: Message) -> Receipt:
        """Deliver or raise DeliveryError, within SEND_DEADLINE_SECONDS in all."""
        ...
