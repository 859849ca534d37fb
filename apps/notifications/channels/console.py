import sys
from typing import ClassVar

from apps.notifications.channels.base import DeliveryError, Message, Receipt


class ConsoleChannel:
    """Prints to standard output: for development, and the family's fake.

    It says that something came and where to look, not what: logs hold no contents.
    """

    local: ClassVar[bool] = False
    needs_consent: ClassVar[bool] = False
    needs_verification: ClassVar[bool] = False

    def send(self, message: Message) -> Receipt:
        line = (
            f"notification {message.ref} category={message.category} priority={message.priority}\n"
        )
        try:
            sys.stdout.write(line)
            sys.stdout.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError("Standard output is closed", permanent=False) from error
        return Receipt()
