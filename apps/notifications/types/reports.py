"""What providers tell of messages after they took them: the values of callbacks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.notifications.types.choices import ReportKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One word of a provider on one message. `callback_id` is unique within the provider.

    The message is known by `ref`, the attempt's id that the provider was given, else by
    `provider_message_id`. `lasting`: nothing sent to that address will ever arrive, so it is
    switched off; so it is where its person complained or unsubscribed. `code` is the provider's.
    """

    callback_id: str
    kind: ReportKind
    at: datetime
    ref: UUID | None = None
    provider_message_id: str = ""
    lasting: bool = False
    code: str = ""
