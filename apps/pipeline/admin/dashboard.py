"""The console's first page: what the last day brought, and whether anything waits or stands still.

Six queries, none of which reads more than COUNT_AT_MOST rows of a big table.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.core.claims import QueueRow
from apps.ingestion.models import RawEvent
from apps.notifications.models import Decision, Delivery
from apps.notifications.types import Outcome
from apps.pipeline.models import Heartbeat, Task

SPAN = timedelta(hours=24)
COUNT_AT_MOST = 50_000
# A worker that has not drained for so long is not well: the sweep comes every few seconds.
SILENT_AFTER = timedelta(minutes=1)
LATE_AFTER = timedelta(minutes=1)

State = RawEvent.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure that leads to its list. `mood` is "", "good" or "bad"."""

    label: str
    value: str
    link: str
    mood: str = ""
    hint: str = ""


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK. Somebody who may not see events sees no figures."""
    context["title"] = "Overview"
    if request.user.has_perm("ingestion.view_event"):
        now = timezone.now()
        context["rows_of_tiles"] = (
            ("What came in 24 hours", _came(now)),
            ("What became of it", _told(now)),
            ("Now", (*_waiting(now), *_workers(now))),
        )
    return context


def _came(now: datetime) -> tuple[Tile, ...]:
    states = _grouped(
        f"SELECT state FROM {RawEvent._meta.db_table} WHERE received_at >= %s"  # noqa: S608  # own name
        " ORDER BY received_at DESC LIMIT %s",
        now - SPAN,
    )
    total = sum(states.values())
    more = "+" if total >= COUNT_AT_MOST else ""
    since = {"received_at__gte": (now - SPAN).isoformat()}
    received = Tile(
        label="Received", value=f"{total:,}{more}", link=_list("ingestion_rawevent", **since)
    )
    return (
        received,
        *(
            Tile(
                label=state.label,
                value=f"{states[state]:,}",
                link=_list("ingestion_rawevent", state__exact=state.value, **since),
                mood="bad" if bad and states[state] else "",
            )
            for state, bad in (
                (State.DONE, False),
                (State.SKIPPED, False),
                (State.UNOWNED, True),
                (State.QUARANTINED, True),
                (State.DEAD, True),
            )
        ),
    )


def _told(now: datetime) -> tuple[Tile, ...]:
    outcomes = _grouped(
        f"SELECT outcome FROM {Decision._meta.db_table} WHERE created_at >= %s"  # noqa: S608  # own name
        " ORDER BY id DESC LIMIT %s",
        now - SPAN,
    )
    dead = Task.objects.filter(status=Task.Status.DEAD_LETTER).order_by()[:1_000].count()
    names = (
        ("Told at once", Outcome.NOTIFY_NOW),
        ("Held for later", Outcome.DEFER),
        ("Held for a digest", Outcome.DIGEST),
        ("Dropped", Outcome.DROP),
    )
    return (
        *(
            Tile(
                label=label,
                value=f"{outcomes[outcome]:,}",
                link=_list("notifications_decision", outcome__exact=outcome.value),
            )
            for label, outcome in names
        ),
        Tile(
            label="Dead letters",
            value=f"{dead:,}",
            link=_list("pipeline_task", status__exact=Task.Status.DEAD_LETTER.value),
            mood="bad" if dead else "good",
            hint="to be retried by hand",
        ),
    )


def _grouped(words: str, since: datetime) -> Counter[str]:
    """How often each word comes among the latest COUNT_AT_MOST rows that `words` selects."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word, count(*) FROM ({words}) AS latest (word) GROUP BY word",  # noqa: S608  # as above
            [since, COUNT_AT_MOST],
        )
        return Counter(dict(cursor.fetchall()))


def _waiting(now: datetime) -> tuple[Tile, ...]:
    return tuple(
        _oldest(label, model, now, link)
        for label, model, link in (
            ("Oldest waiting body", RawEvent, "ingestion_rawevent"),
            ("Oldest waiting delivery", Delivery, "notifications_delivery"),
        )
    )


def _oldest(label: str, model: type[RawEvent] | type[Delivery], now: datetime, page: str) -> Tile:
    rows: QuerySet[QueueRow] = model._default_manager.filter(state__in=model.OPEN)
    due_at = rows.order_by("due_at", "id").values_list("due_at", flat=True).first()
    late = now - due_at if due_at and due_at <= now else None
    if late is None:
        return Tile(label=label, value="none", link=_list(page), mood="good")
    mood = "bad" if late > LATE_AFTER else ""
    return Tile(label=label, value=_age(late), link=_list(page), mood=mood)


def _workers(now: datetime) -> tuple[Tile, ...]:
    beats = list(Heartbeat.objects.order_by("queue"))
    if not beats:
        return (Tile(label="Workers", value="none seen", link="", mood="bad"),)
    return tuple(
        Tile(
            label=f"Worker of {beat.queue}",
            value=f"{_age(now - beat.drained_at)} ago",
            link=_list("pipeline_heartbeat"),
            mood="bad" if now - beat.drained_at > SILENT_AFTER else "good",
            hint=beat.worker,
        )
        for beat in beats
    )


def _age(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _list(page: str, **filters: str) -> str:
    query = f"?{urlencode(filters)}" if filters else ""
    return reverse(f"admin:{page}_changelist") + query
