from apps.notifications.channels.base import Message, Receipt, Target
from apps.notifications.channels.remote import RemoteChannel


class InAppChannel(RemoteChannel):
    """The inbox. The notification's own row is the message, so there is nothing left to send."""

    local = True
    addressed = False

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        return Receipt(provider_message_id=str(message.ref))
