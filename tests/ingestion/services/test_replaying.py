"""Bodies sent through again by hand."""

import json
from datetime import datetime

import pytest

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.ingestion.models import RawEvent
from apps.ingestion.services.replaying import replay
from tests import factories

State = RawEvent.State


@pytest.mark.parametrize("state", [State.QUARANTINED, State.UNOWNED, State.DEAD, State.SKIPPED])
def test_a_row_that_ended_without_an_event_is_due_again(
    state: str, northwind: Business, now: datetime
) -> None:
    raw = factories.make_raw_event(
        business=northwind, state=state, reason="why", claim_count=6, finished_at=now
    )
    assert replay([raw.pk], actor=None, now=now) == 1
    raw.refresh_from_db()
    assert (raw.state, raw.reason, raw.claim_count) == (State.RECEIVED, "", 0)
    assert raw.finished_at is None
    assert raw.due_at == now


@pytest.mark.parametrize("state", [State.DONE, State.RECEIVED, State.PROCESSING, State.RETRY])
def test_any_other_row_is_left_alone(state: str, northwind: Business, now: datetime) -> None:
    raw = factories.make_raw_event(business=northwind, state=state)
    assert replay([raw.pk], actor=None, now=now) == 0
    raw.refresh_from_db()
    assert raw.state == state


def test_a_second_call_finds_nothing_to_do(northwind: Business, now: datetime) -> None:
    raw = factories.make_raw_event(business=northwind, state=State.DEAD)
    replay([raw.pk], actor=None, now=now)
    assert replay([raw.pk], actor=None, now=now) == 0


def test_who_did_it_is_written_down(northwind: Business, ana: User, now: datetime) -> None:
    raw = factories.make_raw_event(business=northwind, state=State.DEAD)
    replay([raw.pk], actor=ana, now=now)
    audit = AuditEvent.objects.get(type=AuditType.EVENT_REPLAYED)
    assert (audit.actor, audit.correlation_id) == (ana, raw.correlation_id)


def test_a_body_that_is_understood_by_now_finds_its_owner(
    northwind: Business, now: datetime
) -> None:
    source = factories.make_source(business=northwind, kind="generic")
    body = {"type": "note", "user": "ana", "data": {"title": "News"}}
    raw = factories.make_raw_event(
        business=northwind,
        source=source,
        state=State.QUARANTINED,
        body=json.dumps(body).encode(),
    )
    replay([raw.pk], actor=None, now=now)
    raw.refresh_from_db()
    assert raw.accounts == ["external_user:ana"]


def test_a_body_that_is_still_not_understood_goes_its_way_all_the_same(
    northwind: Business, now: datetime
) -> None:
    source = factories.make_source(business=northwind, kind="generic")
    raw = factories.make_raw_event(
        business=northwind, source=source, state=State.QUARANTINED, body=b"[]"
    )
    assert replay([raw.pk], actor=None, now=now) == 1
