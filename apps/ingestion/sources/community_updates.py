"""What the community platforms' dialects have in common, read into one value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from apps.core.json_types import Json
from apps.ingestion.engines.text import one_line
from apps.ingestion.sources.reading import Fields, fields_of
from apps.ingestion.types import ProfileChange

FIELD_MAX = 100
VALUE_MAX = 10_000
USER_FIELDS_MAX = 100
DISCOURSE_UPDATES = frozenset(("", "user_created", "user_updated"))

_EVENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,119}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """`skip` says why a well-formed body is no profile change; "" when it is one."""

    event_type: str
    person_id: str = ""
    event_id: str = ""
    community_id: str = ""
    occurred_at: datetime | None = None
    changes: tuple[ProfileChange, ...] = ()
    skip: str = ""


def read_update(document: Json, headers: Mapping[str, str]) -> Update:
    """Raises ShapeError naming the first field that is missing or wrong."""
    body = fields_of(document)
    if body.has("user") or "x-discourse-event" in headers:
        return _discourse(body, headers)
    if body.has("ping"):
        return Update(event_type="ping", skip="ping")
    return _gainsight(body)


def _gainsight(body: Fields) -> Update:
    person_id = body.required("userId", "user_id")
    change = _gainsight_change(body, person_id)
    return Update(
        event_type=_event_type(body, "profile.updated" if change else "user.seen"),
        person_id=person_id,
        event_id=body.identifier("eventId", "event_id"),
        community_id=body.identifier("communityId", "community_id"),
        occurred_at=body.time("timestamp", "date"),
        changes=(change,) if change else (),
        skip="" if change else "no profile field",
    )


def _gainsight_change(body: Fields, person_id: str) -> ProfileChange | None:
    """None where no field is named: somebody registered or logged in."""
    field_id = body.identifier("profileFieldId", "profile_field_id")
    field_name = one_line(body.text("profileField", "profile_field", "field"))
    if max(len(field_id), len(field_name)) > FIELD_MAX:
        body.fail("profileField", f"must be text of up to {FIELD_MAX} characters")
    if not (field_id or field_name):
        return None
    if "value" not in body.values:
        body.fail("value", "is required")
    old_name = "oldValue" if body.has("oldValue") else "old_value"
    return ProfileChange(
        person_id=person_id,
        person_name=one_line(body.text("username", "userName", "user_name")) or person_id,
        field_id=field_id,
        field_name=field_name or field_id,
        value=_value(body, "value"),
        old_value=_value(body, old_name) if body.has(old_name) else None,
    )


def _discourse(body: Fields, headers: Mapping[str, str]) -> Update:
    event = headers.get("x-discourse-event", "")
    event_type = f"discourse.{event or 'user_updated'}"
    if not _EVENT_NAME.fullmatch(event_type):
        body.fail("x-discourse-event", "is not an event's name")
    event_id = headers.get("x-discourse-event-id", "")[:FIELD_MAX]
    if event not in DISCOURSE_UPDATES:
        return Update(event_type=event_type, event_id=event_id, skip=f"{event}: no profile change")
    if not body.has("user"):
        body.fail("user", "is required")
    user = body.child("user")
    return Update(
        event_type=event_type,
        person_id=user.required("id"),
        event_id=event_id,
        changes=_discourse_changes(user),
    )


def _discourse_changes(user: Fields) -> tuple[ProfileChange, ...]:
    """One for the title and one for each custom field, whether or not they changed."""
    person_id = user.required("id")
    person_name = one_line(user.text("name", "username")) or person_id
    custom = user.child("user_fields")
    if len(custom.values) > USER_FIELDS_MAX:
        user.fail("user_fields", f"must have up to {USER_FIELDS_MAX} entries")
    found = [("title", "title", _value(user, "title"))] if "title" in user.values else []
    for key in custom.values:
        if len(key) > FIELD_MAX - len("user_fields."):
            user.fail("user_fields", "has too long a name")
        found.append((key, f"user_fields.{key}", _value(custom, key)))
    return tuple(
        ProfileChange(
            person_id=person_id,
            person_name=person_name,
            field_id=field_id,
            field_name=field_name,
            value=value,
        )
        for field_id, field_name, value in found
    )


def _event_type(body: Fields, otherwise: str) -> str:
    event = body.text("event")
    if event and not _EVENT_NAME.fullmatch(event):
        body.fail("event", "is not an event's name")
    return event or otherwise


def _value(fields: Fields, name: str) -> str:
    """Text, or the texts chosen from a list; null and "" mean that it was removed."""
    chosen = isinstance(fields.values.get(name), list)
    text = ", ".join(fields.texts(name)) if chosen else fields.text(name)
    return text.strip()[:VALUE_MAX]
