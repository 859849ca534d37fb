import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.classification.models import GoldenCase
from apps.classification.types import Method
from apps.ingestion.types import EventKind
from tests import factories
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db

OTP = {"title": "Sign in", "content": "Your verification code is 482913."}


def report(*arguments: str) -> str:
    said = StringIO()
    call_command("classifier", "report", *arguments, stdout=said)
    return said.getvalue()


def document(*arguments: str) -> Any:
    return json.loads(report("--json", *arguments))


def golden(business: Business, author: User, urgency: str = "low", **values: Any) -> GoldenCase:
    case = {name: values.pop(name) for name in ("judged_method", "seniority") if name in values}
    event = factories.make_event(business=business, user=author, **values)
    return factories.make_golden_case(
        event=event, author=author, expected_urgency=urgency, expected_category="", **case
    )


def profile(business: Business, title: str, *people: str, **values: Any) -> None:
    source = factories.make_source(business=business, kind="community")
    factories.make_watched_field(source=source)
    for person in people:
        factories.make_profile_value(source=source, person_id=person, value=title, **values)


@pytest.mark.parametrize("days", ["0", "-1", "36501", "ten"])
def test_a_stretch_that_cannot_be_is_refused(days: str) -> None:
    with pytest.raises(CommandError):
        report("--since", days)


def test_nothing_at_all_is_no_failure() -> None:
    said = report()
    assert "Nobody has called a verdict wrong yet." in said
    assert "Verdicts: 0" in said
    assert document()["scores"]["accuracy"] is None


def test_the_golden_set_is_judged_again_by_todays_rules(northwind: Business, ana: User) -> None:
    golden(northwind, ana, "critical", **OTP)
    golden(northwind, ana, "low")
    scores = document()["scores"]
    assert (scores["cases"], scores["accuracy"]) == (2, 0.5)
    assert scores["confusion"] == [
        {"expected": "critical", "said": "critical", "cases": 1},
        {"expected": "low", "said": "medium", "cases": 1},
    ]


def test_a_rule_written_since_then_counts(northwind: Business, ana: User) -> None:
    golden(northwind, ana, "high")
    assert document()["scores"]["accuracy"] == 0.0
    factories.make_vip(business=northwind, user=ana, address="carla@acme.example")
    assert document()["scores"]["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("title", "seniority", "urgency"),
    [
        ("VP Sales", "unchanged", "low"),
        ("CEO", "unchanged", "low"),
        ("VP Sales", "first", "high"),
        ("CEO", "promotion", "high"),
        ("VP Sales", "demotion", "medium"),
        ("Janitor", "removed", "medium"),
        ("Janitor", "not_senior", "low"),
    ],
)
def test_a_title_is_judged_by_who_its_bearer_was(
    northwind: Business, ana: User, title: str, seniority: str, urgency: str
) -> None:
    change = {"person_id": "p", "person_name": "Dana", "field_id": "f", "field_name": "Job title"}
    golden(
        northwind,
        ana,
        urgency,
        kind=EventKind.PROFILE,
        details={"change": {**change, "value": title}},
        seniority=seniority,
    )
    assert document()["scores"]["accuracy"] == 1.0


def test_rules_and_model_are_compared_where_a_model_had_judged(
    northwind: Business, ana: User
) -> None:
    golden(northwind, ana, "critical", judged_method=Method.LLM, **OTP)
    assert document()["scores"]["versus_model"] == {"rules": 1}


def test_methods_and_what_the_rules_bounded_are_counted(northwind: Business, ana: User) -> None:
    for method, signals in (
        (Method.FAST_PATH, [{"code": "vip", "detail": "1"}]),
        (Method.LLM, [{"code": "default"}, {"code": "model", "detail": ""}]),
        (Method.CACHE, [{"code": "model_bounded", "detail": "priority 9 to 8, category"}]),
    ):
        event = factories.make_event(business=northwind, user=ana)
        factories.make_classification(event=event, method=method, signals=signals)
    told = document()
    assert told["methods"] == {"fast_path": 1, "rules": 0, "llm": 1, "cache": 1, "fallback": 0}
    assert told["unread"] == 1
    assert told["bounds"] == {"heard": 2, "bounded": 1, "values": {"priority": 1, "category": 1}}
    assert "priority 1, category 1" in report()


def test_titles_no_rule_knew_are_listed_without_names(northwind: Business) -> None:
    profile(northwind, "Head of Sales", "ana", "boris")
    profile(northwind, "Aide to Ana Díaz", "carla")
    profile(northwind, "Chief Executive Officer", "dana")
    said = report()
    assert "Job titles: 4, of which no rule knew 3" in said
    assert "2  head of sales" in said
    assert "diaz" not in said.lower()


def ordinary(business: Business, owner: User, count: int = 20) -> None:
    for day in range(count):
        event = factories.make_event(
            business=business, user=owner, content=f"The canteen has soup, day {day}"
        )
        factories.make_classification(event=event, method=Method.RULES)


BOILER = "Hi Ana, the boiler in the hall leaks. Carla"


def test_words_of_corrected_events_are_named_with_how_much_more_frequent_they_are(
    northwind: Business, ana: User
) -> None:
    ordinary(northwind, ana)
    for writer in ("carla", "dana", "carla"):
        golden(northwind, ana, "high", content=BOILER, sender_address=f"{writer}@acme.example")
    words = document()["words"]
    assert (words["raised"], words["ordinary"]) == (3, 20)
    assert [word["words"] for word in words["words"]] == ["boiler", "hall leaks"]
    said = report()
    assert "in 3 events that a person or a model called more urgent" in said
    assert "3  boiler (36.8 times as often)" in said
    assert not {"ana", "carla", "acme"} & set(said.lower().split())


def test_words_of_what_a_model_raised_count_and_those_it_did_not_do_not(
    northwind: Business, ana: User
) -> None:
    ordinary(northwind, ana)
    for writer in ("carla", "dana", "emil"):
        for content, priority in (("boiler", 8), ("canary", 5)):
            event = factories.make_event(
                business=northwind,
                user=ana,
                content=content,
                sender_address=f"{writer}@acme.example",
            )
            factories.make_classification(event=event, priority=priority, method=Method.LLM)
    assert [word["words"] for word in document()["words"]["words"]] == ["boiler"]


def test_a_keyword_rule_of_anybody_concerned_ends_the_news(northwind: Business, ana: User) -> None:
    ordinary(northwind, ana)
    for writer in ("carla", "dana", "emil"):
        golden(northwind, ana, "critical", content="boiler", sender_address=f"{writer}@a.example")
    assert document()["words"]["words"]
    factories.make_keyword_rule(business=northwind, pattern="boiler", priority=7)
    assert not document()["words"]["words"]


def test_mail_with_a_code_is_read_for_no_words(northwind: Business, ana: User) -> None:
    ordinary(northwind, ana)
    for writer in ("carla", "dana", "emil"):
        text = "Your verification code is 482913 for the boiler"
        golden(northwind, ana, "critical", content=text, sender_address=f"{writer}@a.example")
    words = document()["words"]
    assert (words["raised"], words["words"]) == (0, [])


def test_a_field_that_is_no_job_title_is_left_alone(northwind: Business) -> None:
    source = factories.make_source(business=northwind, kind="community")
    factories.make_profile_value(source=source, value="Blue")
    assert document()["titles"]["judged"] == 0


def test_only_the_last_days_count(northwind: Business, ana: User) -> None:
    golden(northwind, ana)
    GoldenCase.objects.update(updated_at=timezone.now() - timedelta(days=8))
    profile(northwind, "Head of Sales", "ana", as_of=NOON - timedelta(days=900))
    told = document("--since", "7")
    assert (told["scores"]["cases"], told["titles"]["judged"]) == (0, 0)


def test_many_cases_ask_no_more_questions(
    northwind: Business, ana: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(8):
        golden(northwind, ana)
    with django_assert_max_num_queries(12):
        report()
