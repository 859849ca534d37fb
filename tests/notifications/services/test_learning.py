"""What dismissals lead to: proposals that were tried out, and nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.core.errors import Forbidden, NotFound
from apps.notifications.engines import learning
from apps.notifications.models import Feedback, Notification, Preference, Proposal
from apps.notifications.services import proposals
from apps.notifications.services.learning import propose, propose_all, say
from apps.notifications.types import ProposalKind
from apps.rules.models import Silence
from tests import factories

pytestmark = pytest.mark.django_db

Answer = Callable[..., Proposal]
Kind = Feedback.Kind
Status = Proposal.Status
# Business, feedback, told, addresses, VIPs, silences, open ones, preferences, and one preview.
QUERIES = 40


def told(
    user: User,
    business: Business,
    *,
    at: datetime,
    category: Category = Category.NEWSLETTER,
    sender: str = "deals@shop.example",
    priority: int = 2,
    **verdict: object,
) -> Notification:
    """Something different each time."""
    title = f"Matter {factories.values.number()}"
    event = factories.make_event(
        business=business, user=user, title=title, sender_address=sender, received_at=at
    )
    factories.make_classification(event=event, category=category, priority=priority, **verdict)
    return factories.make_notification(
        event=event, user=user, now=at, category=category, priority=priority
    )


@pytest.fixture
def dismissed(ana: User, northwind: Business, now: datetime) -> list[Notification]:
    """Four newsletters of one sender, of which Ana dismissed three."""
    rows = [told(ana, northwind, at=now - timedelta(days=days)) for days in range(1, 5)]
    for row in rows[:3]:
        factories.make_feedback(notification=row, kind=Kind.DISMISSED)
    return rows


def test_who_has_no_business_is_proposed_nothing(now: datetime) -> None:
    with pytest.raises(Forbidden):
        propose(factories.make_user(name="Nora"), now=now)


def test_a_colleagues_dismissals_and_those_of_another_business_count_for_nobody_else(
    ana: User, boris: User, northwind: Business, southbank: Business, now: datetime
) -> None:
    for user, business in ((boris, northwind), (ana, southbank)):
        for days in range(1, 4):
            row = told(user, business, at=now - timedelta(days=days))
            factories.make_feedback(notification=row, kind=Kind.DISMISSED)
    assert propose(ana, now=now) == []
    assert len(propose(boris, now=now)) == 1


def test_what_was_dismissed_longer_ago_does_not_count(
    ana: User, northwind: Business, now: datetime
) -> None:
    for days in (29, 31, 32):
        row = told(ana, northwind, at=now - timedelta(days=days))
        factories.make_feedback(notification=row, kind=Kind.DISMISSED)
    assert propose(ana, now=now) == []


def test_what_would_make_something_urgent_late_is_not_proposed(
    ana: User, northwind: Business, dismissed: list[Notification], now: datetime
) -> None:
    # Released by a deterministic rule, though its priority is low.
    told(
        ana,
        northwind,
        at=now - timedelta(hours=1),
        signals=[{"code": "security_code", "detail": ""}],
    )
    assert propose(ana, now=now) == []


def test_what_would_change_nothing_is_not_proposed(
    ana: User, dismissed: list[Notification], now: datetime
) -> None:
    factories.make_preference(user=ana, enabled=False)
    assert propose(ana, now=now) == []


def test_an_unknown_zone_is_no_failure(
    ana: User, dismissed: list[Notification], now: datetime
) -> None:
    factories.make_preference(user=ana, time_zone="Mars/Olympus")
    assert propose(ana, now=now) == []


def test_a_vip_of_today_is_not_silenced(
    ana: User, northwind: Business, dismissed: list[Notification], now: datetime
) -> None:
    factories.make_vip(business=northwind, address="@shop.example")
    assert propose(ana, now=now) == []


def test_a_colleagues_vip_may_be_silenced(
    ana: User, boris: User, northwind: Business, dismissed: list[Notification], now: datetime
) -> None:
    factories.make_vip(business=northwind, user=boris, address="@shop.example")
    assert len(propose(ana, now=now)) == 1


@pytest.mark.parametrize("sender", ["deals@shop.example", "@shop.example", ""])
def test_what_is_silenced_today_is_not_proposed(
    sender: str, ana: User, northwind: Business, dismissed: list[Notification], now: datetime
) -> None:
    factories.make_silence(business=northwind, user=ana, sender=sender, category="newsletter")
    assert propose(ana, now=now) == []


def test_a_proposal_says_why_and_what_it_would_have_done(
    ana: User, northwind: Business, dismissed: list[Notification], now: datetime
) -> None:
    told(ana, northwind, at=now - timedelta(hours=1), category=Category.MESSAGE, priority=8)
    [row] = propose(ana, now=now)
    assert (row.kind, row.category, row.sender) == (
        "silence_sender",
        "newsletter",
        "deals@shop.example",
    )
    assert row.evidence == {
        "told": 4,
        "read": 0,
        "helpful": 0,
        "dismissed": 3,
        "less_like_this": 0,
    }
    assert row.preview["interruptions"] == {"now": 5, "then": 1}
    assert (row.preview["later_count"], row.preview["days"]) == (0, 30)
    assert row.change == {"category": "newsletter", "max_priority": 6, "days": 180}


def test_proposing_changes_nothing_else(
    ana: User, dismissed: list[Notification], now: datetime
) -> None:
    propose(ana, now=now)
    assert not Preference.objects.exists()
    assert not Silence.objects.exists()


def test_twice_is_once_and_new_reasons_are_told(
    ana: User, dismissed: list[Notification], now: datetime
) -> None:
    [first], [again] = propose(ana, now=now), propose(ana, now=now)
    assert (again.pk, again.updated_at) == (first.pk, first.updated_at)
    factories.make_feedback(notification=dismissed[3], kind=Kind.LESS_LIKE_THIS)
    [renewed] = propose(ana, now=now)
    assert (renewed.pk, renewed.evidence["less_like_this"]) == (first.pk, 1)


def test_what_is_helpful_after_all_withdraws_a_proposal(
    ana: User, dismissed: list[Notification], now: datetime
) -> None:
    [row] = propose(ana, now=now)
    said = say(ana, dismissed[0].public_id, kind=Kind.HELPFUL, now=now)
    assert said.proposals == ()
    row.refresh_from_db()
    assert (row.status, row.decided_at) == (Status.WITHDRAWN, None)


def test_what_is_helpful_after_all_is_no_longer_dismissed_and_the_other_way_round(
    ana: User, dismissed: list[Notification], now: datetime
) -> None:
    told_one, key = dismissed[0], dismissed[0].public_id
    say(ana, key, kind=Kind.LESS_LIKE_THIS, now=now)
    say(ana, key, kind=Kind.HELPFUL, now=now)
    assert {row.kind for row in told_one.feedback.all()} == {Kind.HELPFUL}
    said = say(ana, key, kind=Kind.DISMISSED, now=now)
    assert {row.kind for row in told_one.feedback.all()} == {Kind.DISMISSED}
    assert (said.is_new, len(said.proposals)) == (True, 1)


def test_somebody_elses_notification_is_not_judged(
    boris: User, dismissed: list[Notification], now: datetime
) -> None:
    with pytest.raises(NotFound):
        say(boris, dismissed[0].public_id, kind=Kind.DISMISSED, now=now)


@pytest.mark.parametrize("answer", [proposals.accept, proposals.reject])
def test_what_was_decided_is_not_proposed_again_for_ninety_days(
    answer: Answer, ana: User, northwind: Business, dismissed: list[Notification], now: datetime
) -> None:
    [row] = propose(ana, now=now)
    answer(ana, row.public_id, now=now)
    Silence.objects.all().delete()
    assert propose(ana, now=now) == []
    for days, count in ((89, 0), (91, 1)):
        at = now + timedelta(days=days)
        fresh = [told(ana, northwind, at=at - timedelta(days=day)) for day in (1, 2)]
        for one in fresh:
            said = factories.make_feedback(notification=one, kind=Kind.LESS_LIKE_THIS)
            Feedback.objects.filter(pk=said.pk).update(created_at=one.created_at)
        assert len(propose(ana, now=at)) == count


def test_only_a_few_are_open_at_a_time(ana: User, northwind: Business, now: datetime) -> None:
    categories = (Category.NEWS, Category.ACCOUNT, Category.FUNDING, Category.MESSAGE)
    for number, category in enumerate(categories):
        row = told(
            ana,
            northwind,
            at=now - timedelta(hours=number + 1),
            category=category,
            sender=f"sender{number}@shop.example",
            priority=5,
        )
        factories.make_feedback(notification=row, kind=Kind.LESS_LIKE_THIS)
    assert len(propose(ana, now=now)) == learning.MOST_OPEN


def test_a_wide_proposal_changes_a_preference(
    ana: User, northwind: Business, now: datetime
) -> None:
    for number in range(9):
        row = told(
            ana,
            northwind,
            at=now - timedelta(hours=number + 1),
            sender=f"list{number % 3}@shop.example",
            priority=5,
        )
        factories.make_feedback(notification=row, kind=Kind.DISMISSED)
    [row] = propose(ana, now=now)
    assert (row.kind, row.sender, row.sender_index) == (ProposalKind.MUTE_CATEGORY, "", None)
    assert "newsletter" not in row.change["categories"]


def test_the_tick_looks_at_those_who_dismissed_something_and_at_what_is_open(
    ana: User,
    boris: User,
    northwind: Business,
    dismissed: list[Notification],
    now: datetime,
) -> None:
    factories.make_proposal(business=northwind, user=boris)
    nora = factories.make_user(name="Nora")
    factories.make_feedback(notification=told(nora, northwind, at=now), kind=Kind.DISMISSED)
    assert propose_all(now=now) == 2
    statuses = dict(Proposal.objects.values_list("user", "status"))
    assert statuses == {ana.pk: Status.OPEN, boris.pk: Status.WITHDRAWN}


def test_one_persons_trouble_keeps_nobody_else_waiting(
    ana: User, boris: User, northwind: Business, dismissed: list[Notification], now: datetime
) -> None:
    broken = factories.make_proposal(business=northwind, user=boris)
    row = told(boris, northwind, at=now - timedelta(days=1), sender="x@shop.example")
    factories.make_feedback(notification=row, kind=Kind.LESS_LIKE_THIS)
    factories.make_preference(user=boris, quiet_ranges=[{"days": "never"}])
    assert propose_all(now=now) == 2
    assert Proposal.objects.get(user=ana).status == Status.OPEN
    broken.refresh_from_db()
    assert broken.status == Status.OPEN


def test_looking_costs_the_same_however_much_was_told(
    ana: User,
    northwind: Business,
    dismissed: list[Notification],
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for hours in range(1, 30):
        told(ana, northwind, at=now - timedelta(hours=hours), category=Category.MESSAGE)
    with django_assert_max_num_queries(QUERIES):
        assert len(propose(ana, now=now)) == 1


def test_the_same_cannot_be_open_twice(ana: User, northwind: Business) -> None:
    for kind in (ProposalKind.SILENCE_SENDER, ProposalKind.DAILY_DIGEST):
        factories.make_proposal(business=northwind, user=ana, kind=kind)
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.make_proposal(business=northwind, user=ana, kind=kind)
