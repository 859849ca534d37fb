"""A change that proved wrong is asked about, with the figures, and stays until somebody answers."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.core.errors import Conflict
from apps.notifications.models import Feedback, Notification, Preference, Proposal
from apps.notifications.services import preferences
from apps.notifications.services.learning import propose, propose_all, say
from apps.notifications.services.proposals import accept, keep, undo
from apps.notifications.types import ProposalKind
from apps.rules.models import Silence
from tests import factories

pytestmark = pytest.mark.django_db

Kind = Feedback.Kind
Status = Proposal.Status
DAY = timedelta(days=1)
QUERIES = 26


def told(
    user: User, business: Business, *, at: datetime, category: Category = Category.NEWSLETTER
) -> Notification:
    event = factories.make_event(
        business=business,
        user=user,
        title=f"Matter {factories.values.number()}",
        sender_address="deals@shop.example",
        received_at=at,
    )
    factories.make_classification(event=event, category=category, priority=8)
    return factories.make_notification(
        event=event, user=user, now=at, category=category, priority=8
    )


def helpful(user: User, business: Business, *, at: datetime, count: int = 3) -> None:
    """So many urgent things of the silenced sender, told after all, and helpful."""
    for _ in range(count):
        factories.make_feedback(notification=told(user, business, at=at), created_at=at)


@pytest.fixture
def accepted(ana: User, northwind: Business, now: datetime) -> Proposal:
    """A sender's newsletters, silenced two days ago."""
    row = factories.make_proposal(business=northwind, user=ana)
    return accept(ana, row.public_id, now=now - 2 * DAY)


def test_what_turned_out_helpful_is_asked_about_and_nothing_is_changed(
    ana: User, northwind: Business, accepted: Proposal, now: datetime
) -> None:
    helpful(ana, northwind, at=now - DAY)
    [row] = propose(ana, now=now)
    assert (row.pk, row.status, row.decided_at) == (accepted.pk, "doubted", now - 2 * DAY)
    assert row.since == {
        "told": 0,
        "read": 0,
        "helpful": 3,
        "dismissed": 0,
        "less_like_this": 0,
    }
    assert row.doubt == (
        "Of what deals@shop.example still told you since, you called 3 helpful and dismissed none."
    )
    assert Silence.objects.get().ended_at is None


def test_it_is_asked_as_soon_as_it_is_said(
    ana: User, northwind: Business, accepted: Proposal, now: datetime
) -> None:
    helpful(ana, northwind, at=now - DAY, count=2)
    third = told(ana, northwind, at=now - DAY)
    said = say(ana, third.public_id, kind=Kind.HELPFUL, now=now)
    assert [row.status for row in said.proposals] == ["doubted"]


def test_before_enough_is_said_nothing_is_asked(
    ana: User, northwind: Business, accepted: Proposal, now: datetime
) -> None:
    helpful(ana, northwind, at=now - DAY, count=2)
    helpful(ana, northwind, at=now - 3 * DAY, count=5)
    assert propose(ana, now=now) == []


def test_a_colleagues_opinions_speak_against_nobody_elses_change(
    ana: User, boris: User, northwind: Business, accepted: Proposal, now: datetime
) -> None:
    helpful(boris, northwind, at=now - DAY, count=9)
    assert propose(ana, now=now) == []


def test_a_doubt_goes_with_its_reasons(
    ana: User, northwind: Business, accepted: Proposal, now: datetime
) -> None:
    helpful(ana, northwind, at=now - DAY)
    propose(ana, now=now)
    Feedback.objects.all().delete()
    assert propose(ana, now=now) == []
    accepted.refresh_from_db()
    assert (accepted.status, accepted.since) == ("accepted", None)


def test_it_is_taken_back_by_whom_it_concerns_alone(
    ana: User, northwind: Business, accepted: Proposal, now: datetime
) -> None:
    helpful(ana, northwind, at=now - DAY)
    propose(ana, now=now)
    assert undo(ana, accepted.public_id, now=now).status == "undone"
    assert Silence.objects.get().ended_at == now
    assert propose(ana, now=now) == []


def test_what_is_kept_is_not_asked_about_again_and_may_still_be_undone(
    ana: User, northwind: Business, accepted: Proposal, now: datetime
) -> None:
    with pytest.raises(Conflict, match="is accepted"):
        keep(ana, accepted.public_id, now=now)
    helpful(ana, northwind, at=now - DAY)
    propose(ana, now=now)
    assert keep(ana, accepted.public_id, now=now).status == "kept"
    helpful(ana, northwind, at=now, count=9)
    assert propose(ana, now=now) == []
    assert undo(ana, accepted.public_id, now=now).status == "undone"


def test_what_ended_already_is_not_asked_about(
    ana: User, northwind: Business, accepted: Proposal, now: datetime
) -> None:
    helpful(ana, northwind, at=now - DAY)
    Silence.objects.update(ended_at=now)
    assert propose(ana, now=now) == []


def test_what_was_changed_by_hand_since_is_not_asked_about(
    ana: User, northwind: Business, now: datetime
) -> None:
    kind = ProposalKind.MUTE_CATEGORY
    row = factories.make_proposal(business=northwind, user=ana, kind=kind, category="newsletter")
    accept(ana, row.public_id, now=now - 2 * DAY)
    helpful(ana, northwind, at=now - DAY, count=5)
    assert [one.status for one in propose(ana, now=now)] == ["doubted"]
    preferences.update(ana, {"categories": ["legal"]})
    assert propose(ana, now=now) == []
    assert Preference.objects.get(user=ana).categories == ["legal"]


def test_the_tick_asks_who_never_dismissed_anything(
    ana: User, northwind: Business, accepted: Proposal, now: datetime
) -> None:
    helpful(ana, northwind, at=now - DAY)
    assert propose_all(now=now) == 1
    accepted.refresh_from_db()
    assert accepted.status == Status.DOUBTED


@pytest.mark.parametrize("others", [0, 10])
def test_asking_costs_the_same_however_much_was_accepted(
    others: int,
    ana: User,
    northwind: Business,
    accepted: Proposal,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    helpful(ana, northwind, at=now - DAY)
    for number in range(others):
        row = factories.make_proposal(business=northwind, user=ana, sender=f"{number}@shop.example")
        accept(ana, row.public_id, now=now - 2 * DAY)
    with django_assert_max_num_queries(QUERIES):
        assert [row.pk for row in propose(ana, now=now)] == [accepted.pk]
