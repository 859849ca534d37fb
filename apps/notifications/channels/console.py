import sys

from apps.notifications.channels.base import DeliveryError, Message, Receipt, Target
from apps.notifications.channels.remote import RemoteChannel


class ConsoleChannel(RemoteChannel):
    """Prints to standard output: for development, and the family's fake.

    It says that something came and where to look, not what: logs hold no contents.
    """

    addressed = False

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        line = (
            f"notification {message.ref} category={message.category} priority={message.priority}\n"
        )
        try:
            sys.stdout.write(line)
            sys.stdout.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError("Standard output is closed", permanent=False) from error
        return Receipt()
