"""What most channels are: remote, free of charge, without an address, sent again when unclear."""

from collections.abc import Sequence
from typing import ClassVar

from apps.notifications.channels.base import (
    DeliveryUnclear,
    Message,
    OnUnknown,
    Receipt,
    Sent,
    Target,
)


class RemoteChannel:
    """Defaults of `Channel`: a channel says only in what it differs, and how it sends."""

    local: ClassVar[bool] = False
    needs_consent: ClassVar[bool] = False
    needs_verification: ClassVar[bool] = False
    addressed: ClassVar[bool] = True
    each: ClassVar[bool] = False
    metered: ClassVar[bool] = False
    on_unknown: ClassVar[OnUnknown] = OnUnknown.RESEND
    grace_seconds: ClassVar[int] = 0

    def providers(self, target: Target) -> Sequence[str]:
        return ("",)

    def price_micros(self, message: Message, target: Target) -> int:
        return 0

    async def look_up(self, sent: Sent, target: Target, provider: str) -> Receipt | None:
        raise DeliveryUnclear("This channel cannot look up what it sent")
