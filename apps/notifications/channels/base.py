"""What a channel plug-in must be: it sends a message to an address and says what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol
from uuid import UUID

from apps.core.engines.circuit import Outcome
from apps.core.errors import VigilError
from apps.notifications.types import OffReason


class DeliveryError(VigilError):
    """It was certainly not delivered. `permanent` means that trying again cannot help.

    `fault` is what the provider's circuit breaker is told. `off` switches the address off for good;
    it implies `permanent`. `retry_after` is in seconds.
    """

    default_code = "delivery_failed"
    title = "The message could not be delivered"

    def __init__(
        self,
        detail: str = "",
        *,
        permanent: bool,
        retry_after: float | None = None,
        fault: Outcome = Outcome.CLIENT_ERROR,
        off: OffReason | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(detail, retry_after=retry_after, code=code)
        self.permanent = permanent or off is not None
        self.fault = fault
        self.off = off


class DeliveryUnclear(VigilError):
    """Nobody knows whether it was delivered: the channel's `on_unknown` says what follows."""

    default_code = "delivery_unclear"
    title = "It is not known whether the message was delivered"

    def __init__(
        self, detail: str = "", *, fault: Outcome = Outcome.TIMEOUT, code: str | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.fault = fault


class OnUnknown(StrEnum):
    """What follows where nobody knows whether a message was sent (reliability.md 2C).

    RESEND repeats it. RECONCILE asks the provider by the attempt's ref first; where that tells
    nothing, and at once for HOLD, an urgent one is repeated and any other kept for an operator.
    """

    RESEND = "resend"
    RECONCILE = "reconcile"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Absolute addresses of pages; "" where there is none. `unsubscribe` needs no log-in.

    `pixel` is for people alone who consented to be told of as having opened a mail.
    """

    open: str = ""
    why: str = ""
    less: str = ""
    unsubscribe: str = ""
    pixel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A notification, or a digest of many: then the category is "digest", the body has many lines.

    `key` is the notification's or digest's own id and the same at every attempt and address; `ref`
    is this attempt's: the provider is given one or both, so that the outcome can be found and a
    repetition be told.
    """

    ref: UUID
    key: UUID
    business_id: int
    user_id: int
    title: str
    body: str
    category: str
    priority: int
    correlation_id: UUID
    created_at: datetime
    expires_at: datetime
    links: Links = field(default_factory=Links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to. `value` is a phone number, a mail address or a URL; `details` what only the channel
    understands (keys, a secret, a template's name). A channel without addresses gets NOWHERE.
    """

    address_id: int
    value: str
    details: Mapping[str, Any] = field(default_factory=dict)


NOWHERE = Target(address_id=0, value="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The provider took it. `provider_message_id` may be "" (some give none).

    `parts` are billed units (segments of an SMS), `cost_micros` millionths of a dollar, where the
    provider says so.
    """

    provider_message_id: str = ""
    parts: int = 1
    cost_micros: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An attempt that is looked up. `started_at` is when its row was written."""

    ref: UUID
    started_at: datetime
    message: Message


class Channel(Protocol):
    """A way to reach a person. One instance serves a process: no state of a message in it.

    `local` channels live in the same database: their rows are the message and nothing is sent.
    One that `needs_consent` is used only for people who gave it for this very channel, one that
    `needs_verification` only for addresses that were shown to be theirs. One that is `addressed`
    sends to the person's addresses: to `each` of them (every browser), or to the first.
    What is sent through one that is `metered` costs money, which caps keep in bounds.
    `grace_seconds` is how long after an unclear attempt `on_unknown` waits before it does anything.
    """

    local: ClassVar[bool]
    needs_consent: ClassVar[bool]
    needs_verification: ClassVar[bool]
    addressed: ClassVar[bool]
    each: ClassVar[bool]
    metered: ClassVar[bool]
    on_unknown: ClassVar[OnUnknown]
    grace_seconds: ClassVar[int]

    def providers(self, target: Target) -> Sequence[str]:
        """What may be asked to reach it, the preferred first; "" is nobody outside.

        Each name has its circuit breaker: a service with its credential, or the target's host.
        None at all: the channel is not set up.
        """
        ...

    def price_micros(self, message: Message, target: Target) -> int:
        """What it will cost at most, in millionths of a dollar. Asked where it is `metered`."""
        ...

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        """Deliver, or raise DeliveryError or DeliveryUnclear. SEND_DEADLINE_SECONDS cut it off.

        It runs in the background loop: what blocks belongs into `asyncio.to_thread`.
        """
        ...

    async def look_up(self, sent: Sent, target: Target, provider: str) -> Receipt | None:
        """For RECONCILE: the Receipt of what was sent, None if it surely was not.

        Raises DeliveryUnclear where the provider cannot say.
        """
        ...
