"""Opened and followed: told of people who consent to it, and while they do."""

from datetime import datetime

from apps.core.errors import NotFound
from apps.notifications.selectors.tracking import latest_ref, people_tracked
from apps.notifications.services.callbacks import take
from apps.notifications.services.links import Purpose, Ticket, place_of, ticket_of
from apps.notifications.types import Report, ReportKind

# Reports of our own pages are kept beside the providers'.
OURS = "vigil"


def opened(token: str, *, now: datetime) -> None:
    """A token that is none changes nothing."""
    try:
        ticket = ticket_of(token, Purpose.OPENED)
    except NotFound:
        return
    _report(ticket, ReportKind.OPENED, now)


def clicked(token: str, *, now: datetime) -> str:
    """Where to go: a page of ours. Raises NotFound for a token that is none."""
    ticket = ticket_of(token, Purpose.CLICKED)
    _report(ticket, ReportKind.CLICKED, now)
    return place_of(ticket)


def _report(ticket: Ticket, kind: ReportKind, now: datetime) -> None:
    """Once for each attempt, however often it is opened."""
    if ticket.user_id not in people_tracked({ticket.user_id}):
        return
    ref = latest_ref(ticket.user_id, ticket.channel, ticket.key)
    if ref is not None:
        take(OURS, [Report(callback_id=f"{kind}:{ref}", kind=kind, at=now, ref=ref)], now=now)
