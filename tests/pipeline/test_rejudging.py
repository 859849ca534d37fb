"""`manage.py replay`: recorded events before another classifier, with nothing sent or changed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.accounts.models import Business
from apps.classification.models import Classification, ModelCall
from apps.classification.services import prompts
from apps.ingestion.models import Event, Source
from apps.notifications.models import Decision, Delivery, Notification
from tests import factories
from tests.pipeline.builders import drain, mail, receive

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
        (["--from", "2020-01-01", "--classifier", "v7"], "No model is named"),
    ],
)
def test_bad_arguments_are_told_in_one_line(arguments: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        call_command("replay", *arguments)


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
