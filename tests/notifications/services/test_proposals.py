"""Accepting and undoing go there and back exactly, or not at all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.classification.types import Category
from apps.core.errors import Conflict, NotFound
from apps.notifications.models import Preference, Proposal
from apps.notifications.services import preferences
from apps.notifications.services.proposals import accept, keep, reject, undo
from apps.notifications.types import ProposalKind
from apps.rules.models import Silence
from apps.rules.services import silences
from tests import factories

pytestmark = pytest.mark.django_db

Answer = Callable[..., Proposal]
Status = Proposal.Status

FIELDS: list[tuple[ProposalKind, str, dict[str, Any], dict[str, Any]]] = [
    (
        ProposalKind.MUTE_CATEGORY,
        "news",
        {"categories": None},
        {"categories": [word for word in Category.values if word != "news"]},
    ),
    (
        ProposalKind.MUTE_CATEGORY,
        "news",
        {"categories": ["meeting", "news"]},
        {"categories": ["meeting"]},
    ),
    (ProposalKind.RAISE_MIN_URGENCY, "", {"min_urgency": "low"}, {"min_urgency": "medium"}),
    (ProposalKind.DAILY_DIGEST, "", {"frequency": "batch"}, {"frequency": "daily"}),
]
each_field = pytest.mark.parametrize(
    ("kind", "category", "before", "after"), FIELDS, ids=lambda value: str(value)[:40]
)


@pytest.fixture
def offered(ana: User, northwind: Business) -> Proposal:
    """To silence the newsletters of one sender."""
    return factories.make_proposal(business=northwind, user=ana)


def own(user: User, names: dict[str, Any]) -> dict[str, Any]:
    row = Preference.objects.get(user=user)
    return {name: getattr(row, name) for name in names}


def decisions() -> list[dict[str, Any]]:
    rows = AuditEvent.objects.filter(type=AuditType.PROPOSAL_DECIDED).order_by("id")
    return list(rows.values_list("metadata", flat=True))


@pytest.mark.parametrize("answer", [accept, reject, keep, undo])
def test_nobody_elses_is_answered(
    answer: Answer, offered: Proposal, boris: User, zoe: User, now: datetime
) -> None:
    for user, key in ((boris, offered.public_id), (zoe, offered.public_id), (boris, uuid4())):
        with pytest.raises(NotFound):
            answer(user, key, now=now)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        *((accept, status) for status in Status if status != Status.OPEN),
        *((reject, status) for status in Status if status != Status.OPEN),
        *((keep, status) for status in Status if status != Status.DOUBTED),
        *((undo, status) for status in Status if status not in Proposal.IN_FORCE),
    ],
)
def test_what_is_settled_is_not_answered_again(
    answer: Answer, status: Proposal.Status, ana: User, northwind: Business, now: datetime
) -> None:
    decided_at = None if status in (Status.OPEN, Status.WITHDRAWN) else now
    row = factories.make_proposal(
        business=northwind, user=ana, status=status, decided_at=decided_at
    )
    with pytest.raises(Conflict, match=f"is {status}"):
        answer(ana, row.public_id, now=now)
    assert not Silence.objects.exists()
    assert decisions() == []


def test_accepting_writes_a_silence_of_these_things_alone_and_undoing_lifts_it(
    offered: Proposal, ana: User, now: datetime
) -> None:
    row = accept(ana, offered.public_id, now=now)
    silence = Silence.objects.get()
    assert (row.status, row.decided_at, row.silence_ref) == ("accepted", now, silence.public_id)
    assert (silence.user, silence.author) == (ana, ana)
    assert (silence.category, silence.sender) == ("newsletter", "deals@shop.example")
    assert bytes(silence.sender_index or b"") == bytes(offered.sender_index or b"")
    assert (silence.min_priority, silence.max_priority) == (None, 6)
    assert silence.expires_at == now + timedelta(days=180)
    undone = undo(ana, offered.public_id, now=now + timedelta(hours=1))
    assert undone.status == Status.UNDONE
    assert not Silence.objects.filter(ended_at=None).exists()


@each_field
def test_accepting_writes_a_preference_and_undoing_puts_the_former_back(
    kind: ProposalKind,
    category: str,
    before: dict[str, Any],
    after: dict[str, Any],
    ana: User,
    northwind: Business,
    now: datetime,
) -> None:
    factories.make_preference(user=ana, relevance_threshold=0.3, **before)
    row = factories.make_proposal(business=northwind, user=ana, kind=kind, category=category)
    accept(ana, row.public_id, now=now)
    assert own(ana, after) == after
    preferences.update(ana, {"relevance_threshold": 0.4})
    undo(ana, row.public_id, now=now)
    assert own(ana, before) == before
    assert Preference.objects.get().relevance_threshold == 0.4


@each_field
def test_what_was_changed_since_is_not_put_back(
    kind: ProposalKind,
    category: str,
    before: dict[str, Any],
    after: dict[str, Any],
    ana: User,
    northwind: Business,
    now: datetime,
) -> None:
    row = factories.make_proposal(business=northwind, user=ana, kind=kind, category=category)
    accept(ana, row.public_id, now=now)
    since = {"categories": ["legal"], "min_urgency": "critical", "frequency": "weekly"}
    chosen = {name: since[name] for name in after}
    preferences.update(ana, chosen)
    with pytest.raises(Conflict, match="changed this since"):
        undo(ana, row.public_id, now=now)
    assert own(ana, chosen) == chosen
    row.refresh_from_db()
    assert row.status == Status.ACCEPTED


@each_field
def test_what_was_done_by_hand_meanwhile_is_not_done_again(
    kind: ProposalKind,
    category: str,
    before: dict[str, Any],
    after: dict[str, Any],
    ana: User,
    northwind: Business,
    now: datetime,
) -> None:
    factories.make_preference(user=ana, **after)
    row = factories.make_proposal(business=northwind, user=ana, kind=kind, category=category)
    with pytest.raises(Conflict, match="changed this since"):
        accept(ana, row.public_id, now=now)
    assert own(ana, after) == after


def test_what_was_chosen_since_it_was_proposed_is_kept(
    ana: User, northwind: Business, now: datetime
) -> None:
    row = factories.make_proposal(
        business=northwind,
        user=ana,
        kind=ProposalKind.MUTE_CATEGORY,
        category="news",
        change={"categories": ["meeting", "message"]},
    )
    factories.make_preference(user=ana, categories=["legal", "news"])
    accepted = accept(ana, row.public_id, now=now)
    assert own(ana, {"categories": None}) == {"categories": ["legal"]}
    assert accepted.change == {"categories": ["legal"]}


def test_a_sender_who_became_a_vip_is_not_silenced(
    offered: Proposal, ana: User, northwind: Business, now: datetime
) -> None:
    factories.make_vip(business=northwind, address="@shop.example")
    with pytest.raises(Conflict, match="VIP"):
        accept(ana, offered.public_id, now=now)
    assert not Silence.objects.exists()


def test_a_silence_that_was_lifted_is_not_lifted_again(
    offered: Proposal, ana: User, now: datetime
) -> None:
    accept(ana, offered.public_id, now=now)
    silences.lift(ana, Silence.objects.get().public_id, now=now)
    with pytest.raises(Conflict, match="ended already"):
        undo(ana, offered.public_id, now=now)


@pytest.mark.parametrize(
    "changed", [{"max_priority": 3}, {"category": "news"}, {"event_type": "x"}], ids=str
)
def test_a_silence_that_was_changed_since_is_not_lifted(
    changed: dict[str, Any], offered: Proposal, ana: User, now: datetime
) -> None:
    accept(ana, offered.public_id, now=now)
    Silence.objects.update(**changed)
    with pytest.raises(Conflict, match="changed since"):
        undo(ana, offered.public_id, now=now)
    assert Silence.objects.exists()


def test_rejecting_changes_nothing(offered: Proposal, ana: User, now: datetime) -> None:
    assert reject(ana, offered.public_id, now=now).status == Status.REJECTED
    assert not Silence.objects.exists()
    assert not Preference.objects.exists()


def test_every_answer_is_written_down_without_saying_whom_it_is_about(
    offered: Proposal, ana: User, northwind: Business, now: datetime
) -> None:
    other = factories.make_proposal(business=northwind, user=ana, sender="news@list.example")
    accept(ana, offered.public_id, now=now)
    undo(ana, offered.public_id, now=now)
    reject(ana, other.public_id, now=now)
    assert decisions() == [
        {"kind": "silence_sender", "decision": word} for word in ("accepted", "undone", "rejected")
    ]
    entries = AuditEvent.objects.filter(type=AuditType.PROPOSAL_DECIDED)
    assert {entry.actor for entry in entries} == {ana}
    assert {entry.business_id for entry in entries} == {northwind.pk}


def test_what_was_accepted_with_a_full_list_of_silences_stays_open(
    offered: Proposal, ana: User, northwind: Business, now: datetime
) -> None:
    for _ in range(silences.MOST_OWN):
        factories.make_silence(business=northwind, user=ana, category="news")
    with pytest.raises(Conflict, match="At most"):
        accept(ana, offered.public_id, now=now)
    offered.refresh_from_db()
    assert offered.status == Status.OPEN
