"""What happened, whoever sent it, and why a body may hold nothing of the kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices

from apps.core.json_types import Json


class EventKind(TextChoices):
    EMAIL = "email"
    CALENDAR = "calendar"
    PROFILE = "profile"
    NEWS = "news"
    ACCOUNT = "account"


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
