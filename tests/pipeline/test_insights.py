"""Events that matter are explained by a model after they were told, in a queue of their own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from apps.classification.models import Classification, Insight, ModelCall, ModelSpend
from apps.classification.services import insights
from apps.classification.services.spending import month_of
from apps.core.models import CircuitBreaker
from apps.core.resilience.breaker import breaker_for
from apps.ingestion.models import Source
from apps.notifications.models import Decision, Delivery, Notification
from apps.pipeline.services.inbox import drain_inbox
from apps.pipeline.services.insights import drain_insights
from apps.pipeline.services.questions import drain_questions
from tests.pipeline.builders import mail, receive

State = Insight.State


@pytest.fixture(autouse=True)
def _with_a_model(settings: Settings) -> None:
    settings.CLASSIFIER_PROVIDER = "mock"
    settings.INSIGHT_RELEVANCE = 0.0


def tell(source: Source, *, count: int = 1) -> frozenset[str]:
    """Mails all the way to somebody's inbox. The queues that have work then."""
    receive(source, *(mail() for _ in range(count)))
    first = drain_inbox(now=timezone.now(), limit=200).hints
    return first | drain_questions(now=timezone.now(), limit=200).hints


def explain() -> int:
    return drain_insights(now=timezone.now(), limit=200).claimed


def queries_to_explain(source: Source, count: int) -> int:
    """How many a round about so many mails asks."""
    tell(source, count=count)
    # A circuit writes down its successes once a second, which a busy machine may need for a round.
    breaker_for.cache_clear()
    with CaptureQueriesContext(connection) as queries:
        assert explain() == count
    return len(queries)


def test_without_a_model_nothing_is_written_or_asked_for(
    mailbox: Source, settings: Settings
) -> None:
    settings.CLASSIFIER_PROVIDER = ""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        hints = tell(mailbox)
    assert "insights" not in hints
    table = Insight._meta.db_table
    assert [query["sql"] for query in queries if table in query["sql"]] == []
    assert not Insight.objects.exists()


def test_what_matters_less_is_not_explained(mailbox: Source, settings: Settings) -> None:
    settings.INSIGHT_RELEVANCE = 1.01
    assert "insights" not in tell(mailbox)
    assert not Insight.objects.exists()


def test_a_one_time_code_is_explained_by_nobody(mailbox: Source) -> None:
    receive(mailbox, mail(subject="Your verification code", text="Your code is 482913"))
    assert "insights" not in drain_inbox(now=timezone.now(), limit=200).hints
    assert not Insight.objects.exists()


def test_a_repetition_is_explained_once(mailbox: Source) -> None:
    document = mail()
    receive(mailbox, document, {**document, "id": "msg_again"})
    drain_inbox(now=timezone.now(), limit=200)
    drain_questions(now=timezone.now(), limit=200)
    assert Insight.objects.count() == 1


def test_the_event_is_told_before_it_is_explained(mailbox: Source) -> None:
    assert "insights" in tell(mailbox)
    assert Notification.objects.get().status == Notification.Status.DELIVERED
    assert Insight.objects.get().state == State.PENDING


def test_an_explanation_changes_nothing_that_was_told(mailbox: Source) -> None:
    tell(mailbox)

    def told() -> list[object]:
        tables = (Decision, Notification, Delivery, Classification)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = told()
    assert explain() == 1
    assert told() == before


def test_an_explanation_is_written_and_its_call_is_booked(mailbox: Source) -> None:
    tell(mailbox)
    explain()
    insight = Insight.objects.get()
    assert (insight.state, insight.model, insight.attempt_count) == (State.DONE, "mock", 1)
    assert str(insight.detailed_insight).startswith("The mock provider sees")
    assert (insight.token, insight.reason) == (None, "")
    call = ModelCall.objects.get(prompt_version="insights-1")
    assert (call.outcome, call.correlation_id) == ("answered", insight.correlation_id)
    assert ModelSpend.objects.get().calls == ModelCall.objects.count()


def test_a_round_of_many_asks_few_questions_of_the_database(mailbox: Source) -> None:
    assert queries_to_explain(mailbox, 20) == queries_to_explain(mailbox, 2)


def test_an_open_circuit_is_read_once_a_round(mailbox: Source) -> None:
    tell(mailbox, count=20)
    breaker_for.cache_clear()
    later = timezone.now() + timedelta(hours=1)
    CircuitBreaker.objects.create(name="insights:mock:e3b0c442", state="open", open_until=later)
    with CaptureQueriesContext(connection) as queries:
        explain()
    assert set(Insight.objects.values_list("reason", flat=True)) == {"circuit_open"}
    assert len([query for query in queries if "core_circuitbreaker" in query["sql"]]) == 1


def test_a_used_up_budget_explains_nothing_and_says_so(mailbox: Source, settings: Settings) -> None:
    tell(mailbox)
    settings.LLM_MONTHLY_BUDGET_MICROS = 500
    ModelSpend.objects.update_or_create(
        business=mailbox.business, month=month_of(timezone.now()), defaults={"cost_micros": 500}
    )
    asked = ModelCall.objects.count()
    explain()
    insight = Insight.objects.get()
    assert (insight.state, insight.reason) == (State.FAILED, "over_budget")
    assert ModelCall.objects.count() == asked


def test_a_provider_that_was_switched_off_leaves_nothing_waiting(
    mailbox: Source, settings: Settings
) -> None:
    tell(mailbox)
    settings.CLASSIFIER_PROVIDER = ""
    explain()
    insight = Insight.objects.get()
    assert (insight.state, insight.reason) == (State.FAILED, "no_provider")


def test_only_one_worker_at_a_time_waits_for_explanations(
    mailbox: Source, settings: Settings
) -> None:
    settings.LLM_BATCH_ROWS = 1
    tell(mailbox)
    tell(mailbox)
    assert insights.take(limit=1) is not None
    assert explain() == 0
    Insight.objects.filter(state=State.CLAIMED).update(due_at=timezone.now() - timedelta(seconds=1))
    assert explain() == 1


def test_what_a_frozen_worker_writes_too_late_is_not_kept(mailbox: Source) -> None:
    tell(mailbox)
    frozen = insights.take(limit=10)
    assert frozen is not None
    late = insights.ask([row[0] for row in frozen.rows], now=timezone.now())
    Insight.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    explain()
    Insight.objects.update(detailed_insight="Kept.")
    insights.settle(late, token=frozen.token, now=timezone.now())
    assert Insight.objects.get().detailed_insight == "Kept."


def test_a_row_that_keeps_killing_its_worker_is_given_up(
    mailbox: Source, settings: Settings
) -> None:
    tell(mailbox)
    asked = ModelCall.objects.count()
    Insight.objects.update(claim_count=settings.MAX_CLAIMS)
    explain()
    insight = Insight.objects.get()
    assert (insight.state, insight.reason) == (State.FAILED, "poison")
    assert ModelCall.objects.count() == asked
