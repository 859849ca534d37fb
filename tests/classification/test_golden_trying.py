"""The golden set before another prompt or other title rules: by command and in the console."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.classification.models import ModelCall, ModelSpend, PromptVersion
from apps.classification.services import prompts
from apps.classification.services.spending import month_of
from apps.classification.services.title_rules import save_version
from apps.ingestion.types import EventKind
from apps.rules.models import SeniorityRuleSet
from tests import factories
from tests.console import TITLES, operator, page_of
from tests.plugins.model_server import ModelServer, answering, model_server, saying

pytestmark = pytest.mark.django_db

WIDER = {**TITLES, "vp": ["vp", "head of sales"]}


@pytest.fixture
def model(settings: Settings) -> Iterator[ModelServer]:
    """One that calls everything high."""
    settings.CLASSIFIER_PROVIDER = "anthropic"
    with model_server(answering(priority=8)) as server:
        server.use_for(settings)
        yield server


@pytest.fixture
def prompt() -> PromptVersion:
    return prompts.save_version("Judge sternly.", note="", author=None)


@pytest.fixture
def cases(northwind: Business, ana: User) -> None:
    """Two mails that a model would be asked about, and a code that it would not."""
    for content, urgency in (
        ("An offer", "high"),
        ("An offer", "low"),
        ("Your verification code is 482913.", "critical"),
    ):
        event = factories.make_event(business=northwind, user=ana, content=content)
        golden(event, ana, urgency)


def golden(event: Any, author: User, urgency: str, **values: Any) -> None:
    factories.make_golden_case(
        event=event, author=author, expected_urgency=urgency, expected_category="", **values
    )


def titled(business: Business, author: User, title: str, urgency: str) -> None:
    change = {"person_id": "p", "person_name": "D", "field_id": "f", "field_name": "Job title"}
    event = factories.make_event(
        business=business, kind=EventKind.PROFILE, details={"change": {**change, "value": title}}
    )
    golden(event, author, urgency, seniority="first")


def report(*arguments: str) -> str:
    said = StringIO()
    call_command("classifier", "report", *arguments, stdout=said)
    return said.getvalue()


def try_in_console(row: PromptVersion | SeniorityRuleSet, client: Client) -> str:
    page = page_of(row).removesuffix("change/")
    return client.post(f"{page}do/golden/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--prompt", "active"], "No model is named"),
        (["--prompt", "bogus"], "no prompt bogus; there are: code, active"),
        (["--titles", "7"], "no title rules 7"),
        (["--titles", "nowhere/1"], "no title rules nowhere/1"),
        (["--titles", "9" * 30], "no title rules 999"),
        (["--titles", "1", "--prompt", "v1"], "not allowed with"),
    ],
)
def test_what_cannot_be_tried_is_told_in_one_line(arguments: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        report(*arguments)


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("version", ["v7", "7", "", "newest", "v" + "9" * 30, "²"])
def test_an_unknown_prompt_is_told(version: str) -> None:
    with pytest.raises(CommandError, match="There is no prompt"):
        report("--prompt", version)


@pytest.mark.usefixtures("prompt")
def test_a_golden_set_without_cases_asks_nothing(model: ModelServer) -> None:
    assert "There is none to judge." in report("--prompt", "v1")
    assert model.calls == []


@pytest.mark.usefixtures("cases", "prompt")
def test_a_prompt_is_scored_beside_the_rules_and_told_what_it_cost(model: ModelServer) -> None:
    said = report("--prompt", "v1")
    assert [call.system for call in model.calls] == ["Judge sternly."] * 2
    lines = [line.split() for line in said.splitlines()]
    assert ["rules", "classify-v1"] in lines
    assert ["Right", "1", "of", "3", "2", "of", "3"] in lines
    assert "asked: 2 answered" in said
    calls = ModelCall.objects.all()
    assert f"{sum(call.cost_micros for call in calls) / 1_000_000:.6f} $" in said
    assert "latency" in said


@pytest.mark.usefixtures("cases")
def test_the_prompt_of_the_code_can_be_asked_and_read_by_programs(model: ModelServer) -> None:
    document = json.loads(report("--prompt", "code", "--json"))
    assert (document["now"]["right"], document["tried"]["right"]) == (1, 2)
    assert {"expected": "low", "said": "high", "cases": 1} in document["tried"]["confusion"]
    assert document["asking"]["calls"] == {"answered": 2}


@pytest.mark.usefixtures("cases", "prompt")
def test_a_used_up_budget_asks_nothing_and_leaves_the_rules(
    model: ModelServer, northwind: Business, settings: Settings
) -> None:
    settings.LLM_MONTHLY_BUDGET_MICROS = 1
    ModelSpend.objects.create(business=northwind, month=month_of(timezone.now()), cost_micros=1)
    said = report("--prompt", "v1")
    assert model.calls == []
    assert "asked: 2 over_budget" in said
    assert ["Right", "1", "of", "3", "1", "of", "3"] in [line.split() for line in said.splitlines()]


@pytest.mark.usefixtures("cases", "prompt")
def test_a_silent_model_leaves_the_rules(model: ModelServer) -> None:
    model.script = saying("Sure!")
    assert "asked: 2 garbage" in report("--prompt", "v1")


def test_title_rules_are_scored_on_titles_of_those_they_judge(
    northwind: Business, southbank: Business, ana: User
) -> None:
    save_version(TITLES, note="")
    save_version(WIDER, note="", shadow=True)
    titled(northwind, ana, "Head of Sales", "high")
    titled(northwind, ana, "CEO", "high")
    save_version(TITLES, note="", business=southbank)
    titled(southbank, ana, "Head of Sales", "low")
    golden(factories.make_event(business=northwind, user=ana), ana, "high")
    lines = [line.split() for line in report("--titles", "2").splitlines()]
    assert ["Right", "1", "of", "2", "2", "of", "2"] in lines
    assert "2 cases" in report("--titles", "v1")
    assert "1 cases" in report("--titles", f"{southbank.slug}/1")


@pytest.mark.usefixtures("cases", "model")
def test_the_page_of_a_prompt_says_how_it_does_beside_the_active_one(
    prompt: PromptVersion,
) -> None:
    console = operator()
    assert "Golden set:" not in console.get(page_of(prompt)).content.decode()
    assert ModelCall.objects.count() == 0
    assert "Golden set: 2 of 3 right (active: 2)." in try_in_console(prompt, console)


@pytest.mark.usefixtures("cases", "model")
def test_the_active_prompt_is_asked_once(prompt: PromptVersion, ana: User) -> None:
    prompts.activate(prompt, actor=ana)
    assert "right (active: 2)." in try_in_console(prompt, operator())
    assert ModelCall.objects.count() == 2


def test_the_page_of_a_prompt_says_that_there_is_no_model(prompt: PromptVersion) -> None:
    assert "No model is named" in try_in_console(prompt, operator())


@pytest.mark.usefixtures("cases")
def test_the_page_says_how_many_questions_were_not_answered(
    model: ModelServer, prompt: PromptVersion
) -> None:
    model.script = saying("Sure!")
    shown = try_in_console(prompt, operator())
    assert "The rules stand where nothing was answered: 2 garbage." in shown


def test_the_page_of_title_rules_says_how_they_do_beside_the_active_ones(
    northwind: Business, ana: User
) -> None:
    save_version(TITLES, note="")
    wider = save_version(WIDER, note="", shadow=True)
    assert "it holds no such case yet" in try_in_console(wider, operator())
    titled(northwind, ana, "Head of Sales", "high")
    titled(northwind, ana, "CEO", "high")
    assert "Golden set: 2 of 2 right (active: 1)." in try_in_console(wider, operator())
