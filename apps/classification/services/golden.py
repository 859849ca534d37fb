"""Verdicts that somebody called wrong, kept with what would have been right."""

from apps.accounts.models import User
from apps.classification.engines.facts import fact_to_json
from apps.classification.models import Classification, GoldenCase
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind, Fact, Mailbox, ProfileChange

_SENIORITY = "seniority_"


def keep(
    event: Event, *, author: User, origin: GoldenCase.Origin, urgency: str, category: str
) -> GoldenCase:
    """One case for each event and author: a second opinion replaces the first.

    At least one of `urgency` and `category` is given; "" means it was right. The caller's
    transaction.
    """
    verdict: Classification | None = getattr(event, "classification", None)
    case, _ = GoldenCase.objects.update_or_create(
        event=event,
        author=author,
        defaults={
            "business_id": event.business_id,
            "owner_id": event.user_id,
            "origin": origin,
            "kind": event.kind,
            "fact": fact_to_json(fact_of(event)),
            "seniority": _seniority(verdict),
            "judged_at": event.received_at,
            "judged_urgency": verdict.urgency if verdict else "",
            "judged_category": verdict.category if verdict else "",
            "judged_method": verdict.method if verdict else "",
            "expected_urgency": urgency,
            "expected_category": category,
        },
    )
    return case


def fact_of(event: Event) -> Fact:
    """The fact that was stored as `event`, without its recipients."""
    change = event.details.get("change")
    return Fact(
        kind=EventKind(event.kind),
        event_type=event.event_type,
        external_id=event.external_id,
        title=event.title,
        content=event.content,
        truncated=event.truncated,
        occurred_at=event.occurred_at,
        sender=_sender(event),
        thread_key=event.thread_key,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        change=ProfileChange(**change) if change else None,
        hidden=tuple(event.details.get("hidden") or ()),
        attributes=event.details.get("attributes") or {},
    )


def _sender(event: Event) -> Mailbox | None:
    if not event.sender_address:
        return None
    return Mailbox(address=event.sender_address, name=event.sender_name)


def _seniority(verdict: Classification | None) -> str:
    """ "first", "unchanged", …: what the title rules made of it."""
    codes = (signal["code"] for signal in (verdict.signals if verdict else ()))
    found = next((code for code in codes if code.startswith(_SENIORITY)), "")
    return str(found).removeprefix(_SENIORITY)
