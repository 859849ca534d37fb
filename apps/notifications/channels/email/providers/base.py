"""What carries a letter."""

from typing import Protocol

from apps.notifications.channels.base import Receipt
from apps.notifications.channels.email.letters import Letter


class MailErrand(Protocol):
    """One letter on its way, in a thread of its own."""

    def run(self, letter: Letter, *, deadline_seconds: float) -> Receipt:
        """Blocks. Raises DeliveryError or DeliveryUnclear."""
        ...

    def abort(self) -> bool:
        """From another thread: it takes too long. Whether it may have been handed over.

        Where not, it surely will not be any more.
        """
        ...


class MailProvider(Protocol):
    """One service with its credential; its name in the table is its circuit breaker's."""

    def configured(self) -> bool: ...

    def errand(self) -> MailErrand: ...
