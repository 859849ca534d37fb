from typing import ClassVar

from apps.notifications.channels.base import Message, Receipt


class InAppChannel:
    """The inbox. The notification's own row is the message, so there is nothing left to send."""

    local: ClassVar[bool] = True
    needs_consent: ClassVar[bool] = False
    needs_verification: ClassVar[bool] = False

    def send(self, message: Message) -> Receipt:
        return Receipt(provider_message_id=str(message.ref))
