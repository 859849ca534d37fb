"""What the rules are not sure of: postponed, asked about, told with the model's word or theirs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Business, LinkedAccount, User
from apps.classification.models import (
    Classification,
    ModelAnswer,
    ModelCall,
    ModelSpend,
    PromptVersion,
    ShadowVerdict,
)
from apps.classification.services import prompts
from apps.classification.services.spending import month_of
from apps.classification.types import Method
from apps.ingestion.models import Event, RawEvent, Source
from apps.notifications.models import Decision
from apps.pipeline.services.inbox import drain_inbox
from apps.pipeline.services.questions import drain_questions
from apps.rules.models import KeywordRule
from tests import factories
from tests.pipeline.builders import mail, mail_source, receive, something_new

State = RawEvent.State
# Always the same words: of new ones, one in eight is too unlike itself with another ending.
LONG = " ".join(f"word{number}" for number in range(120))


@pytest.fixture(autouse=True)
def _with_a_model(settings: Settings) -> None:
    settings.CLASSIFIER_PROVIDER = "mock"


@pytest.fixture
def other_mailbox(southbank: Business, zoe: User) -> Source:
    factories.make_linked_account(
        business=southbank,
        user=zoe,
        kind=LinkedAccount.Kind.COMPOSIO_USER,
        external_id="zoe",
        mailbox="zoe@southbank.example",
    )
    return mail_source(southbank)


def read_inbox() -> frozenset[str]:
    return drain_inbox(now=timezone.now(), limit=200).hints


def ask_model() -> int:
    return drain_questions(now=timezone.now(), limit=200).claimed


def methods() -> list[str]:
    return list(Classification.objects.order_by("event_id").values_list("method", flat=True))


def test_without_a_model_nothing_is_postponed(mailbox: Source, settings: Settings) -> None:
    settings.CLASSIFIER_PROVIDER = ""
    receive(mailbox, mail())
    assert "llm" not in read_inbox()
    assert methods() == [Method.RULES]


def test_what_the_rules_are_sure_of_waits_for_no_model(mailbox: Source) -> None:
    receive(mailbox, mail(subject="Your verification code", text="Your code is 482913"))
    assert "llm" not in read_inbox()
    assert methods() == [Method.FAST_PATH]
    assert ask_model() == 0


def test_an_unsure_mail_shows_nothing_until_a_model_was_asked(mailbox: Source) -> None:
    receive(mailbox, mail())
    assert read_inbox() == {"llm"}
    row = RawEvent.objects.get()
    assert (row.state, row.claim_count, row.finished_at) == (State.UNSURE, 0, None)
    assert not Event.objects.exists()
    assert ask_model() == 1
    assert RawEvent.objects.get().state == State.DONE
    assert methods() == [Method.LLM]
    assert Decision.objects.count() == 1


def test_a_call_is_written_down_under_the_same_id_and_booked(mailbox: Source) -> None:
    [event_id] = receive(mailbox, mail())
    read_inbox()
    ask_model()
    call, spend = ModelCall.objects.get(), ModelSpend.objects.get()
    assert (call.correlation_id, call.outcome, call.provider) == (event_id, "answered", "mock")
    assert spend.business_id == call.business_id == mailbox.business_id
    assert (spend.calls, spend.tokens) == (1, call.prompt_tokens + call.completion_tokens)


def test_the_same_text_under_another_title_is_asked_about_by_itself(mailbox: Source) -> None:
    for subject in ("Lunch, whenever it suits you best", "The servers of Contoso are on fire"):
        receive(mailbox, mail(subject=subject, text=LONG))
        read_inbox()
        ask_model()
    assert methods() == [Method.LLM, Method.LLM]


def test_nearly_the_same_text_is_asked_about_once(mailbox: Source) -> None:
    text = LONG
    receive(mailbox, mail(subject="Plan", text=text))
    read_inbox()
    ask_model()
    receive(mailbox, mail(subject="Plan", text=f"{text} indeed"))
    read_inbox()
    ask_model()
    assert ModelCall.objects.count() == 1
    assert methods() == [Method.LLM, Method.CACHE]


def test_what_a_model_wrote_to_a_colleague_is_shown_to_nobody_else(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    factories.make_linked_account(
        business=northwind,
        user=boris,
        kind=LinkedAccount.Kind.COMPOSIO_USER,
        external_id="boris",
        mailbox="boris@northwind.example",
    )
    text = LONG
    receive(mailbox, mail(subject="Salary", text=f"{text} 5000 for Ana"))
    read_inbox()
    ask_model()
    receive(mailbox, mail(subject="Salary", text=f"{text} 4000 for Boris", user="boris"))
    read_inbox()
    ask_model()
    told, alike = Classification.objects.order_by("event_id")
    assert (told.method, alike.method) == (Method.LLM, Method.CACHE)
    assert alike.priority == told.priority
    assert alike.reason != told.reason
    assert not alike.suggested_action


def test_what_became_of_the_questions_is_counted_each_month(
    mailbox: Source, settings: Settings
) -> None:
    document = mail(subject="Plan", text=something_new(30))
    receive(mailbox, document, {**document, "id": "msg_again"})
    read_inbox()
    ask_model()
    settings.LLM_MONTHLY_BUDGET_MICROS = 1
    ModelSpend.objects.update(cost_micros=1)
    receive(mailbox, mail(), {**document, "id": "msg_once_more"})
    read_inbox()
    ask_model()
    spend = ModelSpend.objects.get()
    assert (spend.questions, spend.kept, spend.fallbacks, spend.calls) == (4, 2, 1, 1)


def test_an_old_answer_counts_no_more(mailbox: Source) -> None:
    text = LONG
    receive(mailbox, mail(subject="Plan", text=text))
    read_inbox()
    ask_model()
    ModelAnswer.objects.update(created_at=timezone.now() - timedelta(hours=2))
    receive(mailbox, mail(subject="Plan", text=f"{text} indeed"))
    read_inbox()
    ask_model()
    assert methods() == [Method.LLM, Method.LLM]


def test_no_answer_crosses_tenants(mailbox: Source, other_mailbox: Source) -> None:
    text = LONG
    receive(mailbox, mail(subject="Plan", text=text))
    receive(other_mailbox, mail(subject="Plan", text=text, user="zoe"))
    read_inbox()
    ask_model()
    assert ModelCall.objects.count() == 2
    assert methods() == [Method.LLM, Method.LLM]


def test_two_equal_questions_of_one_round_are_one(mailbox: Source) -> None:
    document = mail(subject="Plan", text=something_new(30))
    receive(mailbox, document, {**document, "id": "msg_again"})
    read_inbox()
    assert ask_model() == 2
    assert ModelCall.objects.count() == 1
    assert Event.objects.filter(duplicate_of=None).count() == 1


def test_a_used_up_budget_leaves_the_rules_verdict(mailbox: Source, settings: Settings) -> None:
    settings.LLM_MONTHLY_BUDGET_MICROS = 500
    month = month_of(timezone.now())
    ModelSpend.objects.create(business=mailbox.business, month=month, cost_micros=500)
    receive(mailbox, mail())
    read_inbox()
    ask_model()
    assert not ModelCall.objects.exists()
    verdict = Classification.objects.get()
    assert verdict.method == Method.FALLBACK
    assert "over_budget" in {signal["detail"] for signal in verdict.signals}


def test_a_thread_keeps_together_when_only_some_of_it_is_asked_about(mailbox: Source) -> None:
    receive(
        mailbox,
        mail(thread="t-1"),
        mail(thread="t-1", subject="Your verification code", text="Your code is 482913"),
    )
    read_inbox()
    ask_model()
    first, second = Event.objects.order_by("id")
    assert (first.previous_id, second.previous_id) == (None, first.id)


def test_a_prompt_in_shadow_is_asked_as_well_and_tells_nobody(mailbox: Source) -> None:
    shadow = prompts.save_version("Judge sternly.", note="", author=None)
    PromptVersion.objects.filter(pk=shadow.pk).update(shadow=True)
    [event_id] = receive(mailbox, mail())
    read_inbox()
    ask_model()
    assert Event.objects.count() == Decision.objects.count() == 1
    assert ModelCall.objects.filter(prompt_version="classify-v1").count() == 1
    assert ShadowVerdict.objects.get().correlation_id == event_id


def ask_twice(mailbox: Source, between: Callable[[], object]) -> list[str]:
    """How each of two mails in nearly the same words was judged."""
    text = LONG
    for words in (text, f"{text} indeed"):
        receive(mailbox, mail(subject="Plan", text=words))
        read_inbox()
        ask_model()
        between()
    return methods()


def test_a_new_rule_asks_anew_though_it_says_nothing_of_it(
    mailbox: Source, northwind: Business
) -> None:
    def write() -> None:
        KeywordRule.objects.get_or_create(business=northwind, pattern="merger")

    assert ask_twice(mailbox, write) == [Method.LLM, Method.LLM]


@pytest.mark.parametrize(
    "change", [{"priority": 9}, {"category": "legal"}, {"pattern": "talks"}, {"enabled": False}]
)
def test_a_changed_rule_asks_anew(
    mailbox: Source, northwind: Business, change: dict[str, Any]
) -> None:
    factories.make_keyword_rule(business=northwind, pattern="merger", priority=7)
    assert ask_twice(mailbox, lambda: KeywordRule.objects.update(**change)) == [
        Method.LLM,
        Method.LLM,
    ]


def test_a_rule_of_somebody_else_changes_no_answer(
    mailbox: Source, northwind: Business, southbank: Business, boris: User
) -> None:
    def write() -> None:
        KeywordRule.objects.get_or_create(business=northwind, user=boris, pattern="merger")
        KeywordRule.objects.get_or_create(business=southbank, pattern="merger")

    assert ask_twice(mailbox, write) == [Method.LLM, Method.CACHE]


def test_a_promoted_prompt_asks_anew(mailbox: Source, ana: User) -> None:
    text = LONG
    receive(mailbox, mail(subject="Plan", text=text))
    read_inbox()
    ask_model()
    prompts.activate(prompts.save_version("Judge sternly.", note="", author=ana), actor=ana)
    receive(mailbox, mail(subject="Plan", text=f"{text} indeed"))
    read_inbox()
    ask_model()
    assert methods() == [Method.LLM, Method.LLM]
    assert ModelCall.objects.filter(prompt_version="classify-v1").count() == 1
