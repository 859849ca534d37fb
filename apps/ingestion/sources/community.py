"""Community platforms: a member's profile changes, in one of three dialects.

Gainsight   {"userId", "username", "profileFieldId", "profileField", "value", "oldValue"}: no event
            id and no time; the event's name is known only by the path it is sent to
Discourse   {"user": {…}} under x-discourse-event headers: the whole user, without old values
signed      the first with {"event", "timestamp", "communityId"}; snake_case is understood, too
Sources: Gainsight Customer Communities developer portal, Discourse's webhook documentation.
"""

from collections.abc import Mapping
from datetime import UTC

from apps.core.hashing import digest
from apps.core.json_types import Json
from apps.ingestion.engines.text import cut, one_line
from apps.ingestion.sources.community_updates import Update, read_update
from apps.ingestion.sources.reading import TITLE_MAX, bounded_key, present
from apps.ingestion.types import (
    AccountKind,
    AccountRef,
    Envelope,
    EventKind,
    Fact,
    ProfileChange,
    Skipped,
    SkipReason,
)


class CommunitySource:
    """See `apps.ingestion.sources.base.Source`."""

    def open(self, document: Json, headers: Mapping[str, str]) -> Envelope:
        update = read_update(document, headers)
        return Envelope(
            event_type=update.event_type,
            dedup_id=update.event_id or _dedup_id(update),
            accounts=(
                (AccountRef(kind=AccountKind.COMMUNITY_USER, external_id=update.person_id),)
                if update.person_id
                else ()
            ),
            occurred_at=update.occurred_at,
        )

    def normalize(
        self, document: Json, headers: Mapping[str, str], *, content_limit: int
    ) -> tuple[Fact, ...] | Skipped:
        update = read_update(document, headers)
        if update.skip:
            return Skipped(reason=SkipReason.UNKNOWN_TYPE, detail=update.skip)
        if not update.changes:
            return Skipped(reason=SkipReason.NO_CONTENT)
        return tuple(_fact(update, change, content_limit) for change in update.changes)


def _dedup_id(update: Update) -> str:
    """Without the time a title that changes back would look like a repetition."""
    if update.occurred_at is None or not update.changes:
        return ""
    moment = update.occurred_at.astimezone(UTC).isoformat()
    parts = [part for change in update.changes for part in (change.field_name, change.value)]
    return digest(update.person_id, moment, *parts).hex()


def _fact(update: Update, change: ProfileChange, content_limit: int) -> Fact:
    name, value = change.field_name, one_line(change.value)
    content, truncated = cut(_sentence(change), content_limit)
    return Fact(
        kind=EventKind.PROFILE,
        event_type=update.event_type,
        external_id=bounded_key(f"{change.person_id}:{name}"),
        title=cut(f"{change.person_name}: {name} → {value or '(removed)'}", TITLE_MAX)[0],
        content=content,
        truncated=truncated,
        occurred_at=update.occurred_at,
        change=change,
        attributes=present(community_id=update.community_id),
    )


def _sentence(change: ProfileChange) -> str:
    name = change.field_name
    value, old_value = one_line(change.value), one_line(change.old_value or "")
    if not value:
        return f"{name} was removed; it was {old_value}." if old_value else f"{name} was removed."
    return f"{name} was {old_value}, is now {value}." if old_value else f"{name} is now {value}."
