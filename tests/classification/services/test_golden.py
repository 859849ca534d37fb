from datetime import timedelta

import pytest
from django.db import connection

from apps.accounts.models import Business, User
from apps.classification.engines.facts import fact_from_json, fact_to_json
from apps.classification.models import GoldenCase
from apps.classification.services import golden
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind
from tests import factories
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db

CHANGE = {
    "person_id": "p1",
    "person_name": "Dana",
    "field_id": "f1",
    "field_name": "Job title",
    "value": "VP Sales",
    "old_value": None,
}


@pytest.fixture
def event(northwind: Business, ana: User) -> Event:
    return factories.make_event(
        business=northwind,
        user=ana,
        content="A secret offer",
        kind=EventKind.PROFILE,
        occurred_at=NOON - timedelta(minutes=1),
        details={"change": CHANGE, "attributes": {"priority": 3}, "hidden": ["orders"]},
    )


def keep(event: Event, author: User, urgency: str = "low") -> GoldenCase:
    return golden.keep(
        event, author=author, origin=GoldenCase.Origin.OPERATOR, urgency=urgency, category=""
    )


def test_the_content_is_unreadable_in_the_database(event: Event, ana: User) -> None:
    keep(event, ana)
    with connection.cursor() as cursor:
        cursor.execute("SELECT fact FROM classification_goldencase")
        [stored] = cursor.fetchone()
    assert b"secret" not in bytes(stored)


def test_a_fact_comes_back_as_it_was(event: Event) -> None:
    fact = golden.fact_of(event)
    again = fact_from_json(fact_to_json(fact))
    assert again.change == fact.change
    assert (again.title, again.content, again.sender) == (fact.title, fact.content, fact.sender)
    assert (again.occurred_at, again.attributes) == (fact.occurred_at, {"priority": 3})
    assert again.hidden == fact.hidden == ("orders",)


def test_a_case_of_before_hidden_text_was_noted_is_read(event: Event) -> None:
    kept = fact_to_json(golden.fact_of(event))
    del kept["hidden"]
    assert fact_from_json(kept).hidden == ()


def test_two_authors_are_two_cases_and_one_author_is_one(
    event: Event, ana: User, boris: User
) -> None:
    for author, urgency in ((ana, "low"), (boris, "high"), (ana, "medium")):
        keep(event, author, urgency)
    expected = GoldenCase.objects.order_by("id").values_list("author", "expected_urgency")
    assert list(expected) == [(ana.pk, "medium"), (boris.pk, "high")]


def test_what_the_title_rules_made_of_it_is_kept(event: Event, ana: User) -> None:
    factories.make_classification(event=event, signals=[{"code": "seniority_unchanged"}])
    assert keep(event, ana).seniority == "unchanged"


def test_a_case_outlives_its_event(event: Event, ana: User) -> None:
    keep(event, ana)
    event.delete()
    assert GoldenCase.objects.get().event is None


def test_a_case_goes_with_the_person_whose_mail_it_is(event: Event, ana: User, boris: User) -> None:
    keep(event, boris)
    ana.delete()
    assert not GoldenCase.objects.exists()
