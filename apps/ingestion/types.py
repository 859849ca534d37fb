"""The values that travel from the door to judgement. Frozen; no ORM, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Final
from uuid import UUID

from django.db.models import TextChoices

from apps.core.errors import VigilError
from apps.core.json_types import Json

# The slugs of what the demo seeds: a first steps' page must not tell them to anybody else.
DEMO_BUSINESS: Final = "northwind"
DEMO_SOURCE: Final = "radar"


class EventKind(TextChoices):
    EMAIL = "email"
    CALENDAR = "calendar"
    PROFILE = "profile"
    NEWS = "news"
    ACCOUNT = "account"


class AccountKind(TextChoices):
    """What an outsider calls one of our users."""

    COMPOSIO_USER = "composio_user"
    COMPOSIO_CONNECTION = "composio_connection"
    COMMUNITY_USER = "community_user"
    EXTERNAL_USER = "external_user"


class SkipReason(TextChoices):
    """Why a raw event became no Event. Each is a state an operator can filter by."""

    SENT_MAIL = "sent_mail"
    CHANGE_PING = "change_ping"
    UNREGISTERED_FIELD = "unregistered_field"
    UNCHANGED_VALUE = "unchanged_value"
    STALE_UPDATE = "stale_update"
    UNKNOWN_TYPE = "unknown_type"
    NO_CONTENT = "no_content"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRef:
    kind: AccountKind
    external_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the door needs to know of a body: enough to deduplicate, to limit and to route it.

    `dedup_id` is the sender's own id of this message, "" when it has none; `accounts` are the
    sender's names for whose fact it is, most specific first.
    """

    event_type: str
    dedup_id: str = ""
    accounts: tuple[AccountRef, ...] = ()
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """`address` is lower case and has no display name."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """One registered or unregistered field of one community member.

    `old_value` is None where the platform does not tell it; `value` "" means it was removed.
    """

    person_id: str
    person_name: str
    field_id: str
    field_name: str
    value: str
    old_value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened, whoever sent it.

    `external_id` names the thing at its source and repeats when the thing changes; `content` is
    plain text, already cut; every datetime is aware. `occurred_at` is None where the source does
    not tell. `hidden` names the kinds of text that were left out because no reader sees them
    (`engines.concealed.Hidden`).
    """

    kind: EventKind
    event_type: str
    external_id: str = ""
    title: str = ""
    content: str = ""
    truncated: bool = False
    occurred_at: datetime | None = None
    sender: Mailbox | None = None
    recipients: tuple[Mailbox, ...] = ()
    thread_key: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    change: ProfileChange | None = None
    hidden: tuple[str, ...] = ()
    attributes: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A well-formed body that is no news, and why."""

    reason: SkipReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    value: str
    not_before: datetime
    not_after: datetime | None

    def valid_at(self, now: datetime) -> bool:
        return self.not_before <= now and (self.not_after is None or now < self.not_after)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """A source as the door needs it; `per_minute` and `tolerance_seconds` are resolved."""

    id: int
    business_id: int
    slug: str
    kind: str
    scheme: str
    tolerance_seconds: int
    per_minute: int
    secrets: tuple[Secret, ...]
    networks: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What came over HTTP. `headers` have lower-case names; `peer` is the client's address."""

    slug: str
    headers: Mapping[str, str]
    body: bytes
    peer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A verified body on its way into the inbox. One with a `problem` goes into quarantine."""

    source: SourceConfig
    envelope: Envelope
    dedup_key: bytes
    body: bytes
    body_digest: bytes
    headers: Mapping[str, str]
    correlation_id: UUID
    peer: str
    problem: VigilError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the sender is told: the id of the fact, and whether it had come before."""

    event_id: UUID
    duplicate: bool = False


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
    job_title: bool = False
    previous_value: str = ""
    skipped: Skipped | None = None
    postponed: bool = False

    @property
    def key(self) -> tuple[int, int]:
        """The raw event's id and the fact's place in it: the same each time its body is read."""
        return self.raw.id, self.ordinal
