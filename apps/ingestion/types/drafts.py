"""From a row of the inbox to an event being made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.core.errors import VigilError
from apps.ingestion.types.facts import Fact, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """A claimed row of the inbox: `body` as stored, encrypted; `accounts` are "kind:id".

    `headers` are those the source reads. What is judged again from a record has no body any more.
    """

    id: int
    business_id: int
    source_id: int
    correlation_id: UUID
    received_at: datetime
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    accounts: tuple[str, ...] = ()
    claim_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a raw row turned out to hold: facts, nothing worth telling, or a failure."""

    raw: RawRow
    facts: tuple[Fact, ...] = ()
    skipped: Skipped | None = None
    failure: VigilError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A client by what its facts are known by. `domains` are lower case."""

    client_id: int
    name: str
    domains: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Draft:
    """An Event being made: linking fills in what it finds. One per fact, in the order they came.

    `audience` is everybody the fact is for; `owner_id` None means the whole business. One that is
    `postponed` is not stored yet: a model is asked about its body first. `previous_value` is what
    a changed field said before, as far as it was ever told to us.
    """

    raw: RawRow
    ordinal: int
    fact: Fact
    public_id: UUID
    event_id: int = 0
    owner_id: int | None = None
    mailbox: str = ""
    audience: tuple[int, ...] = ()
    client_id: int | None = None
    previous_id: int | None = None
    duplicate_of_id: int | None = None
    sender_index: bytes | None = None
    content_digest: bytes = b""
    fingerprint: int = 0
    text_fingerprint: int = 0
    job_title: bool = False
    previous_value: str = ""
    skipped: Skipped | None = None
    postponed: bool = False

    @property
    def key(self) -> tuple[int, int]:
        """The raw event's id and the fact's place in it: the same each time its body is read."""
        return self.raw.id, self.ordinal
