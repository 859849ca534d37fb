"""A fact as JSON and back, as golden cases keep it: all that a judgement looks at."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from apps.ingestion.types import EventKind, Fact, Mailbox, ProfileChange


def fact_to_json(fact: Fact) -> dict[str, Any]:
    """Recipients and the thread are left out: no rule reads them."""
    return {
        "kind": fact.kind.value,
        "event_type": fact.event_type,
        "title": fact.title,
        "content": fact.content,
        "sender": asdict(fact.sender) if fact.sender else None,
        "change": asdict(fact.change) if fact.change else None,
        "hidden": list(fact.hidden),
        "attributes": dict(fact.attributes),
        "occurred_at": _told(fact.occurred_at),
        "starts_at": _told(fact.starts_at),
        "ends_at": _told(fact.ends_at),
    }


def fact_from_json(data: Mapping[str, Any]) -> Fact:
    """The inverse of `fact_to_json`; KeyError or ValueError for anything else."""
    return Fact(
        kind=EventKind(data["kind"]),
        event_type=data["event_type"],
        title=data["title"],
        content=data["content"],
        sender=Mailbox(**data["sender"]) if data["sender"] else None,
        change=ProfileChange(**data["change"]) if data["change"] else None,
        hidden=tuple(data.get("hidden", ())),
        attributes=data["attributes"],
        occurred_at=_moment(data["occurred_at"]),
        starts_at=_moment(data["starts_at"]),
        ends_at=_moment(data["ends_at"]),
    )


def _told(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
