"""The inbox drain: a fact's whole way from a stored body to somebody's inbox, on one screen.

    claim ─commit─► read ─► ┌ fence · own · lock · link · classify · decide · write ┐ ─commit─► hint
                            └──────────────── one transaction ─────────────────────┘

A kill anywhere before the second commit leaves rows whose lease runs out: they are claimed again
and nothing of the first try is visible. A kill after it leaves them done. The audience's locks
make "did we just tell them this?" true for two drains that meet on the same person.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.classification.services import storing as verdicts
from apps.classification.services.classifying import classify
from apps.core.bulk import reserve_ids
from apps.core.claims import Claim, Queue, claim, fence
from apps.core.faultpoints import faultpoint
from apps.core.locks import lock_in_order
from apps.ingestion import selectors
from apps.ingestion.models import Event, RawEvent, Source
from apps.ingestion.services.linking import drafts_of, find_owners, link
from apps.ingestion.services.normalizing import read
from apps.ingestion.services.profiles import apply_changes
from apps.ingestion.services.storing import store_events
from apps.ingestion.types import Draft, RawRow, Reading
from apps.notifications.services import live
from apps.notifications.services.deciding import decide_all
from apps.notifications.services.storing import store_decisions
from apps.pipeline.services.closing import bury_poison, close
from apps.pipeline.types import Drained

INBOX = Queue(
    model=RawEvent,
    open_states=RawEvent.OPEN,
    claimed_state=RawEvent.State.PROCESSING,
    columns=(
        "id",
        "business_id",
        "source_id",
        "correlation_id",
        "body",
        "headers",
        "accounts",
        "received_at",
        "claim_count",
    ),
)


def drain_inbox(*, now: datetime, limit: int) -> Drained:
    """One round: claim, process, commit. `now` is what quiet hours and windows are judged by."""
    faultpoint("P1")
    claimed = claim(INBOX, limit=limit, lease_seconds=settings.LEASE_SECONDS)
    if not claimed.rows:
        return Drained()
    faultpoint("P2")
    rows = [_raw_row(values) for values in claimed.rows]
    shapes = selectors.source_shapes({row.source_id for row in rows})
    alive = [row for row in rows if row.claim_count <= settings.MAX_CLAIMS]
    readings = read(alive, {source_id: kind for source_id, (kind, _) in shapes.items()})
    members_sources = frozenset(
        source_id
        for source_id, (_, audience) in shapes.items()
        if audience == Source.Audience.MEMBERS
    )
    faultpoint("P3")
    with transaction.atomic():
        hints = _process(claimed, readings, members_sources, now=now)
        bury_poison([row for row in rows if row.claim_count > settings.MAX_CLAIMS], claimed.token)
        faultpoint("P5")
    faultpoint("P6")
    return Drained(claimed=len(rows), hints=hints)


def _process(
    claimed: Claim, readings: Sequence[Reading], members_sources: frozenset[int], *, now: datetime
) -> frozenset[str]:
    ours = fence(
        INBOX,
        claimed.token,
        [reading.raw.id for reading in readings],
    )
    faultpoint("P4")
    readings = [reading for reading in readings if reading.raw.id in ours]
    drafts = drafts_of(readings)
    find_owners(drafts, members_sources)
    told = _tell([draft for draft in drafts if draft.audience and not draft.skipped], now=now)
    close(readings, drafts, token=claimed.token, now=now)
    return frozenset({"deliver"}) if told else frozenset()


def _tell(drafts: list[Draft], *, now: datetime) -> bool:
    """Link, judge, decide and write. True when some channel has something left to send."""
    lock_in_order(_locks(drafts))
    apply_changes(drafts)
    drafts = [draft for draft in drafts if not draft.skipped]
    if not drafts:
        return False
    [event_ids] = reserve_ids([(Event, len(drafts))])
    for draft, event_id in zip(drafts, event_ids, strict=True):
        draft.event_id = event_id
    link(drafts)
    judged = classify([draft for draft in drafts if draft.duplicate_of_id is None], now=now)
    decided = decide_all(judged, now=now)
    store_events(drafts)
    verdicts.store_verdicts(judged)
    verdicts.store_seniority(judged, now=now)
    unsent = store_decisions(decided, now=now)
    live.signal(item.user_id for item in decided if item.told)
    return unsent


def _locks(drafts: Sequence[Draft]) -> set[str]:
    people = {f"user:{user_id}" for draft in drafts for user_id in draft.audience}
    profiles = {
        f"profile:{draft.raw.source_id}:{draft.fact.change.person_id}"
        for draft in drafts
        if draft.fact.change
    }
    return people | profiles


def _raw_row(values: tuple[Any, ...]) -> RawRow:
    row = dict(zip(INBOX.columns, values, strict=True))
    accounts = tuple(row.pop("accounts"))
    headers = json.loads(row.pop("headers"))
    return RawRow(**row, accounts=accounts, headers=headers)
