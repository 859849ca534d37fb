from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.core.errors import InvalidInput
from apps.rules.models import Inhibition
from apps.rules.selectors import inhibitions, past_inhibitions
from apps.rules.services.inhibitions import add, remove, update
from tests import factories


def written(business: Business, **changes: Any) -> Inhibition:
    """As an operator writes it, not saved."""
    values = {"source_category": "risk", "target_category": "message", "equal": ["client"]}
    return Inhibition(business=business, **{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source_category": ""}, "source_category"),
        ({"target_category": ""}, "target_category"),
        ({"source_category": "message"}, "target_category"),
        ({"source_sender": "nobody"}, "source_sender"),
        ({"target_sender": "@"}, "target_sender"),
        ({"source_min_priority": 8, "source_max_priority": 3}, "source_max_priority"),
        ({"target_min_priority": 8, "target_max_priority": 3}, "target_max_priority"),
        ({"target_min_priority": 0}, "target_min_priority"),
        ({"source_max_priority": 11}, "source_max_priority"),
        ({"window_minutes": 0}, "window_minutes"),
        ({"window_minutes": 1_441}, "window_minutes"),
        ({"equal": ["weather"]}, "equal"),
        ({"source_category": "x" * 21}, "source_category"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_by_its_field(
    northwind: Business, ana: User, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(written(northwind, **changes), author=ana)
    assert set(refused.value.fields) == {field}
    assert not Inhibition.objects.exists()


def test_strangers_and_foreign_clients_are_all_named(
    northwind: Business, southbank: Business, ana: User, zoe: User
) -> None:
    foreign = factories.make_client(business=southbank)
    inhibition = written(northwind, user=zoe, source_client=foreign, target_client=foreign)
    with pytest.raises(InvalidInput) as refused:
        add(inhibition, author=ana)
    assert set(refused.value.fields) == {"user", "source_client", "target_client"}


@pytest.mark.parametrize(
    "changes",
    [
        {"source_category": ""},
        {"target_category": ""},
        {"window_minutes": 0},
        {"source_min_priority": 8, "source_max_priority": 3},
    ],
    ids=str,
)
def test_the_database_refuses_what_would_mute_everything(
    northwind: Business, changes: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_inhibition(business=northwind, **changes)


def test_a_business_has_no_more_than_can_be_looked_through(
    northwind: Business, southbank: Business, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.rules.services.inhibitions.MOST", 1)
    factories.make_inhibition(business=southbank)
    first = written(northwind)
    add(first, author=ana)
    with pytest.raises(InvalidInput) as refused:
        add(written(northwind, target_category="news"), author=ana)
    assert set(refused.value.fields) == {"business"}
    update(first, by=ana)


def test_what_is_written_is_kept_with_its_author_and_written_down(
    northwind: Business, ana: User
) -> None:
    add(written(northwind, source_sender=" Status@ACME.example ", comment="Status"), author=ana)
    kept = Inhibition.objects.get()
    same = factories.make_vip(business=northwind, address="status@acme.example")
    assert (kept.author, kept.comment, kept.source_sender) == (ana, "Status", "status@acme.example")
    assert kept.source.sender_index == bytes(same.address_index)
    assert kept.target.sender_index is None
    assert AuditEvent.objects.get().message == "Inhibition added"


def test_a_change_and_its_end_are_written_down_without_values(
    northwind: Business, ana: User
) -> None:
    inhibition = factories.make_inhibition(business=northwind, source_sender="@acme.example")
    inhibition.source_sender = ""
    update(inhibition, by=ana, fields=["source_sender"])
    inhibition.refresh_from_db()
    assert inhibition.source.sender_index is None
    remove([inhibition], by=ana)
    assert not Inhibition.objects.exists()
    changed, removed = AuditEvent.objects.order_by("id")
    assert (changed.message, changed.metadata) == (
        "Inhibition changed",
        {"fields": ["source_sender"]},
    )
    assert (removed.message, removed.actor) == ("Inhibition removed", ana)


def test_a_batch_sees_its_own_and_everybodys_and_no_other(
    northwind: Business, southbank: Business, ana: User, boris: User
) -> None:
    factories.make_inhibition(business=southbank)
    factories.make_inhibition(business=northwind, user=boris)
    factories.make_inhibition(business=northwind, enabled=False)
    assert not inhibitions({northwind.pk}, {ana.pk})
    shared = factories.make_inhibition(business=northwind, window_minutes=90)
    own = factories.make_inhibition(business=northwind, user=ana)
    found = inhibitions({northwind.pk, southbank.pk}, {ana.pk, boris.pk})
    ids = {one.inhibition_id for one in found.for_person(northwind.pk, ana.pk)}
    assert ids == {shared.public_id, own.public_id}
    assert found.longest == timedelta(minutes=90)


def test_a_whole_batch_is_read_at_once_and_nothing_is_decrypted(
    northwind: Business, ana: User
) -> None:
    for _ in range(3):
        factories.make_inhibition(business=northwind, target_sender="@acme.example")
    with CaptureQueriesContext(connection) as asked:
        inhibitions({northwind.pk}, {ana.pk}).for_person(northwind.pk, ana.pk)
    _, query = asked.captured_queries
    assert "comment" not in query["sql"]
    assert '_sender"' not in query["sql"]


def test_what_was_written_later_did_not_hold_then(
    northwind: Business, ana: User, boris: User, now: datetime
) -> None:
    factories.make_inhibition(business=northwind, user=boris)
    factories.make_inhibition(business=northwind, enabled=False)
    assert not past_inhibitions(northwind.pk, ana.pk)
    inhibition = factories.make_inhibition(business=northwind)
    Inhibition.objects.update(created_at=now)
    past = past_inhibitions(northwind.pk, ana.pk)
    assert past.at(now - timedelta(seconds=1)) == ()
    assert past.at(now) == (inhibition.active,)
