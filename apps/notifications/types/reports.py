"""What providers tell of messages after they took them: the values of callbacks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.notifications.types.choices import ReportKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One word of a provider on one message. `callback_id` is unique within the provider.

    The message is known by `ref`, the attempt's id that the provider was given, else by
    `provider_message_id`. `address` is whom it is about ("" unknown). `lasting`: nothing sent there
    will ever arrive, so that the address is switched off. `code` is the provider's own.
    """

    callback_id: str
    kind: ReportKind
    at: datetime
    ref: UUID | None = None
    provider_message_id: str = ""
    address: str = ""
    lasting: bool = False
    code: str = ""
