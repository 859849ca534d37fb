"""What tells two facts apart that come in the same words."""

from datetime import datetime
from typing import Final

from apps.core.similarity import fingerprint
from apps.ingestion.types import EventKind, Fact

# One meeting that is made, or changed without a visible change, is one piece of news.
_CALLED_OFF = frozenset(("cancelled", "canceled", "deleted"))
_SOON = "starting_soon"

# From so many words on a message says by itself what it says; below it may be a mere "Sent from my
# phone" or "You have a new message", and only its title tells it from another.
_SPEAKS_FOR_ITSELF: Final = 40
_WRITTEN: Final = frozenset((EventKind.EMAIL, EventKind.NEWS))


def text_fingerprint(fact: Fact) -> int:
    """Of its content alone, without its title; 0 where that does not speak for itself."""
    if fact.kind not in _WRITTEN:
        return 0
    long = len(fact.content.split(maxsplit=_SPEAKS_FOR_ITSELF)) >= _SPEAKS_FOR_ITSELF
    return fingerprint(fact.content) if long else 0


def version_marks(fact: Fact) -> tuple[str, ...]:
    """What another telling of the same fact repeats: a duplicate has all of it in common.

    A mail has none. Its words are all there is to it, and two toolkits may bring the same one.
    """
    told = fact.attributes
    match fact.kind:
        case EventKind.CALENDAR:
            named = (told.get(name) for name in ("change", "status", "location", "updated_at"))
            return fact.external_id, *map(_text, named)
        case EventKind.NEWS:
            return fact.event_type, _text(told.get("priority")), _text(told.get("url"))
        case EventKind.ACCOUNT:
            return fact.event_type, fact.external_id
    return ()


def visible_marks(fact: Fact) -> tuple[str, ...]:
    """What makes a fact another one for its reader, though its words are the same.

    Of a meeting that is whether it begins, is called off or stands, when and where; who accepted it
    is no news. Of any other sender's message that is its type and its priority.
    """
    match fact.kind:
        case EventKind.CALENDAR:
            times = (_moment(fact.starts_at), _moment(fact.ends_at))
            return (
                fact.external_id,
                _happening(fact),
                *times,
                _text(fact.attributes.get("location")),
            )
        case EventKind.NEWS:
            return fact.event_type, _text(fact.attributes.get("priority"))
        case EventKind.ACCOUNT:
            return fact.event_type, fact.external_id
        case EventKind.PROFILE if fact.change is not None:
            return fact.change.person_id, fact.change.field_id, fact.change.value
    return ()


def thing_of(kind: str, external_id: str, change: object) -> str:
    """What may be said something new of, and then the first again: a meeting; "" for nothing.

    That it begins soon is nothing new of it: what was said before still holds. `change` is the
    attribute of that name.
    """
    return external_id if kind == EventKind.CALENDAR and change != _SOON else ""


def _happening(fact: Fact) -> str:
    change, status = (_text(fact.attributes.get(name)) for name in ("change", "status"))
    if _CALLED_OFF & {change, status}:
        return "off"
    return "soon" if change == _SOON else ""


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _text(value: object) -> str:
    return "" if value is None else str(value)
