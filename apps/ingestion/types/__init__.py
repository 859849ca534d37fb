"""The values that travel from the door to judgement. Frozen; no ORM, no clock."""

from typing import Final

from apps.ingestion.types.door import (
    AccountKind,
    AccountRef,
    Envelope,
    Parcel,
    Posting,
    Receipt,
    Secret,
    SourceConfig,
)
from apps.ingestion.types.drafts import (
    Draft,
    RawRow,
    Reading,
    Watched,
)
from apps.ingestion.types.facts import (
    EventKind,
    Fact,
    Mailbox,
    ProfileChange,
    Skipped,
    SkipReason,
)

__all__ = [
    "DEMO_BUSINESS",
    "DEMO_SOURCE",
    "AccountKind",
    "AccountRef",
    "Draft",
    "Envelope",
    "EventKind",
    "Fact",
    "Mailbox",
    "Parcel",
    "Posting",
    "ProfileChange",
    "RawRow",
    "Reading",
    "Receipt",
    "Secret",
    "SkipReason",
    "Skipped",
    "SourceConfig",
    "Watched",
]

# The slugs of what the demo seeds: a first steps' page must not tell them to anybody else.
DEMO_BUSINESS: Final = "northwind"
DEMO_SOURCE: Final = "radar"
