"""What the door knows of a sender and of a body, before anybody reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from uuid import UUID

from django.db.models import TextChoices

from apps.core.errors import VigilError


class AccountKind(TextChoices):
    """What an outsider calls one of our users."""

    COMPOSIO_USER = "composio_user"
    COMPOSIO_CONNECTION = "composio_connection"
    COMMUNITY_USER = "community_user"
    EXTERNAL_USER = "external_user"


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
