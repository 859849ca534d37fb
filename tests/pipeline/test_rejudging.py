"""`manage.py replay`: recorded events before another classifier, with nothing sent or changed."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.classification.models import Classification, ModelCall
from apps.classification.services import prompts
from apps.classification.services.title_rules import save_version
from apps.ingestion.models import Event, Source
from apps.notifications.models import Decision, Delivery, Notification
from apps.rules.models import SeniorityRuleSet
from tests import factories
from tests.console import TITLES
from tests.pipeline.builders import drain, mail, profile, receive

WIDER = {**TITLES, "vp": ["vp", "head of sales"]}
KEPT = (Event, Classification, Decision, Notification, Delivery)


@pytest.fixture
def recorded(mailbox: Source) -> list[str]:
    texts = [f"The merger talks go on, part {part}" for part in ("one", "two", "three")]
    receive(mailbox, *(mail(subject=f"Plan {n}", text=text) for n, text in enumerate(texts)))
    drain()
    return texts


def replay(**options: str) -> str:
    out = StringIO()
    call_command("replay", "--from", "2020-01-01", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--from", "yesterday"], "neither a day nor a moment"),
        (["--from", "2026-02-30"], "neither a day nor a moment"),
        (["--from", "9999-12-31T23:59:59-23:59"], "nothing between"),
        (["--from", "2026-01-02", "--to", "2026-01-01"], "nothing between"),
        (["--from", "2020-01-01", "--classifier", "v7"], "no classifier v7"),
        (["--from", "2020-01-01", "--classifier", "bogus"], "no classifier bogus"),
        (["--from", "2020-01-01", "--classifier", "code"], "No model is named"),
    ],
)
def test_bad_arguments_are_told_in_one_line(arguments: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        call_command("replay", *arguments)


@pytest.mark.django_db
def test_an_unknown_version_is_told_with_those_that_exist(northwind: Business) -> None:
    prompts.save_version("Judge sternly.", note="", author=None)
    save_version(TITLES, note="")
    save_version(TITLES, note="", business=northwind)
    known = f"rules, code, active, v1, titles:1, titles:{northwind.slug}/1"
    with pytest.raises(CommandError, match=f"no classifier bogus; there are: {known}$"):
        replay(classifier="bogus")
    with pytest.raises(CommandError, match=f"title rules 9; there are: 1, {northwind.slug}/1$"):
        replay(classifier="titles:9")


@pytest.mark.django_db
def test_an_unknown_version_is_told(settings: Settings) -> None:
    settings.CLASSIFIER_PROVIDER = "mock"
    with pytest.raises(CommandError, match="no classifier v7"):
        replay(classifier="v7")


def test_the_same_rules_flip_nothing(recorded: list[str]) -> None:
    said = replay()
    assert "3 events judged again by rules" in said
    assert "urgency: 0 of 3 flipped" in said
    assert "outcome for a recipient: 0 of 3 flipped" in said


def test_a_new_keyword_shows_what_it_would_have_turned(
    recorded: list[str], northwind: Business
) -> None:
    factories.make_keyword_rule(business=northwind, pattern="merger", priority=9)
    before = [model.objects.count() for model in KEPT]
    said = replay()
    assert "urgency: 3 of 3 flipped" in said
    assert "→ critical" in said
    assert [model.objects.count() for model in KEPT] == before


def test_a_prompt_is_asked_anew_and_its_cost_and_latency_are_told(
    recorded: list[str], settings: Settings
) -> None:
    settings.CLASSIFIER_PROVIDER = "mock"
    prompts.save_version("Judge sternly.", note="", author=None)
    said = replay(classifier="v1")
    assert "asked: 3 answered" in said
    assert "latency" in said
    assert ModelCall.objects.filter(prompt_version="classify-v1").count() == 3
    assert set(Classification.objects.values_list("method", flat=True)) == {"rules"}


@pytest.fixture
def default_titles(db: None) -> SeniorityRuleSet:
    return save_version(TITLES, note="")


def retitled(community: Source, *titles: str, person: str = "2001") -> None:
    receive(community, *(profile(value=title, person=person) for title in titles))
    drain()


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["7", "", "nowhere/1", "x" * 300, "²"])
def test_unknown_title_rules_are_told(version: str) -> None:
    with pytest.raises(CommandError, match="no title rules"):
        replay(classifier=f"titles:{version}")


@pytest.mark.usefixtures("default_titles")
def test_the_same_title_rules_flip_nothing_and_judge_nothing_but_titles(
    community: Source, recorded: list[str]
) -> None:
    retitled(community, "VP Sales", "CEO", "VP Sales", "Cook")
    said = replay(classifier="titles:1")
    assert "4 events judged again by titles:1; nothing was sent." in said
    assert "what a new title means: 0 of 4 flipped" in said
    assert "outcome for a recipient: 0 of 8 flipped" in said


@pytest.mark.usefixtures("default_titles")
def test_other_title_rules_show_whom_they_would_have_told(
    community: Source, northwind: Business, ana: User
) -> None:
    factories.make_preference(user=ana, min_urgency="high")
    retitled(community, "Head of Sales", "VP Sales")
    save_version(WIDER, note="", business=northwind, shadow=True)
    before = [model.objects.count() for model in KEPT]
    said = [line.split() for line in replay(classifier=f"titles:{northwind.slug}/1").splitlines()]
    assert ["what", "a", "new", "title", "means:", "2", "of", "2", "flipped"] in said
    assert ["not_senior", "→", "first", "1"] in said
    assert ["first", "→", "unchanged", "1"] in said
    assert ["low", "→", "high", "1"] in said
    assert ["drop", "→", "notify_now", "1"] in said
    assert ["notify_now", "→", "drop", "1"] in said
    assert [model.objects.count() for model in KEPT] == before


@pytest.mark.usefixtures("default_titles")
def test_what_somebody_was_is_known_from_titles_recorded_before(
    community: Source, northwind: Business
) -> None:
    retitled(community, "Head of Sales")
    Event.objects.update(received_at=datetime(2019, 12, 31, tzinfo=UTC))
    retitled(community, "VP Sales")
    save_version(WIDER, note="", business=northwind, shadow=True)
    said = replay(classifier=f"titles:{northwind.slug}/1")
    assert "1 events judged again" in said
    assert ["first", "→", "unchanged", "1"] in [line.split() for line in said.splitlines()]


@pytest.mark.usefixtures("default_titles")
def test_of_whom_nothing_is_recorded_before_the_verdict_s_word_counts(
    community: Source, northwind: Business
) -> None:
    retitled(community, "VP Sales")
    Event.objects.all().delete()
    retitled(community, "CEO")
    assert "what a new title means: 0 of 1 flipped" in replay(classifier="titles:1")


@pytest.mark.usefixtures("default_titles")
def test_a_default_does_not_judge_whom_rules_of_their_own_judge(
    community: Source, northwind: Business
) -> None:
    save_version(TITLES, note="", business=northwind)
    retitled(community, "VP Sales")
    assert "0 events judged again" in replay(classifier="titles:1")
