"""An event's story, the overview, and dead letters."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Business, User
from apps.classification.models import Insight
from apps.classification.types import Category
from apps.ingestion.models import Event, RawEvent
from apps.notifications.models import Notification
from apps.notifications.types import Outcome, Reason, Step, TurnedStep
from apps.pipeline.models import Task
from tests import factories
from tests.console import list_of, operator, page_of, staff

STEPS = (
    Step(code="disabled", passed=True, inputs={"enabled": True}),
    TurnedStep(
        code="below_relevance",
        passed=False,
        inputs={"relevance": 0.25},
        threshold=0.5,
        margin=-0.25,
        turns=("relevance_threshold",),
    ),
)


@pytest.fixture
def console(db: None) -> Client:
    return operator()


@pytest.fixture
def event(northwind: Business, ana: User) -> Event:
    event = factories.make_event(business=northwind, user=ana, content="The whole letter")
    factories.make_classification(event=event, priority=9, reason="It is from the bank")
    factories.make_audit_event(correlation_id=event.correlation_id, message="Processed at last")
    return event


def story(console: Client, event: Event) -> str:
    return console.get(page_of(event)).content.decode()


def test_a_story_tells_what_was_hidden_in_it(
    console: Client, northwind: Business, ana: User
) -> None:
    event = factories.make_event(
        business=northwind, user=ana, details={"hidden": ["orders", "preheader"]}
    )
    assert "<dt>Hidden in it</dt><dd>orders, preheader</dd>" in story(console, event)


def test_a_dropped_event_tells_which_step_dropped_it(
    console: Client, event: Event, ana: User
) -> None:
    factories.make_decision(
        event=event, user=ana, outcome=Outcome.DROP, reason=Reason.BELOW_RELEVANCE, steps=STEPS
    )
    shown = story(console, event)
    assert "Relevance: 0.25 is below 0.5." in shown
    assert "relevance = 0.25, threshold = 0.5, margin = -0.25" in shown
    assert "It would have been otherwise with a relevance threshold of at most 0.25." in shown


def test_where_no_way_out_is_known_the_step_alone_is_named(
    console: Client, event: Event, ana: User
) -> None:
    unknown = Step(code="below_relevance", passed=False, inputs={"relevance": 0.25}, threshold=0.5)
    factories.make_decision(
        event=event, user=ana, outcome=Outcome.DROP, reason=Reason.BELOW_RELEVANCE, steps=(unknown,)
    )
    shown = story(console, event)
    assert "would have passed with a relevance threshold of at most 0.25; it is not known" in shown
    assert "otherwise" not in shown


def test_a_story_goes_from_the_source_to_the_last_attempt(
    console: Client, event: Event, ana: User
) -> None:
    notification = factories.make_notification(event=event, user=ana, title="Carla: Offer")
    delivery = factories.make_delivery(notification=notification)
    factories.make_attempt(delivery=delivery)
    shown = story(console, event)
    told = [
        shown.index(text)
        for text in (
            "It came",
            "It is email",
            "It is from the bank",
            "For Ana",
            "Carla: Offer",
            "attempt 1",
            "Processed at last",
        )
    ]
    assert told == sorted(told)


def test_a_story_keeps_the_content_to_itself(console: Client, event: Event) -> None:
    assert "The whole letter" not in story(console, event)


@pytest.mark.parametrize("which", ["story", "events", "notification", "notifications"])
def test_a_one_time_code_is_for_its_owner_alone(
    which: str, console: Client, northwind: Business, ana: User
) -> None:
    event = factories.make_event(business=northwind, user=ana, title="Your code is 314159")
    code = Category.SECURITY_CODE
    factories.make_classification(event=event, category=code, code="314159")
    told = factories.make_notification(
        event=event, user=ana, category=code, title="314159 is your code"
    )
    url = {
        "story": page_of(event),
        "events": list_of(Event),
        "notification": page_of(told),
        "notifications": list_of(Notification),
    }[which]
    shown = console.get(url).content.decode()
    assert "(a one-time code)" in shown
    assert "314159" not in shown


@pytest.mark.parametrize("which", ["story", "events"])
def test_a_code_that_came_again_is_not_shown_to_operators_either(
    which: str, console: Client, northwind: Business, ana: User
) -> None:
    text: dict[str, Any] = {"title": "271828 is your code", "user": ana}
    first = factories.make_event(business=northwind, **text)
    factories.make_classification(event=first, category=Category.SECURITY_CODE, code="271828")
    again = factories.make_event(business=northwind, duplicate_of=first, **text)
    url = {"story": page_of(again), "events": list_of(Event)}[which]
    shown = console.get(url).content.decode()
    assert "(a one-time code)" in shown
    assert "271828" not in shown


def test_a_repeated_event_says_that_nobody_is_told_again(
    console: Client, event: Event, northwind: Business
) -> None:
    again = factories.make_event(business=northwind, duplicate_of=event)
    assert "nobody is told again" in story(console, again)


def test_a_step_of_another_version_is_still_told(console: Client, event: Event, ana: User) -> None:
    steps = (Step(code="phase_of_the_moon", passed=True),)
    factories.make_decision(event=event, user=ana, steps=steps)
    assert "Phase of the moon: passed." in story(console, event)


def test_an_insight_is_for_those_who_may_see_the_body(console: Client, event: Event) -> None:
    factories.make_insight(event=event, text="<b>The letter</b> says it all")
    assert "&lt;b&gt;The letter&lt;/b&gt; says it all" in story(console, event)
    shown = story(staff("ingestion.view_event"), event)
    assert "A model explains" in shown
    assert "says it all" not in shown


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Insight.State.PENDING, "A model will explain it"),
        (Insight.State.RETRY, "The last try failed: timeout."),
        (Insight.State.FAILED, "Given up after 2 tries: timeout."),
    ],
)
def test_an_insight_that_is_not_written_says_why(
    state: Insight.State, words: str, console: Client, event: Event
) -> None:
    reason = "" if state == Insight.State.PENDING else "timeout"
    factories.make_insight(event=event, state=state, reason=reason, attempt_count=2)
    assert words in story(console, event)


@pytest.mark.parametrize("page", ["0", "nonsense", "99999999999999999999999"])
def test_a_story_nobody_knows_is_not_found(page: str, console: Client) -> None:
    assert console.get(f"{list_of(Event)}{page}/change/").status_code == 404


def test_more_recipients_ask_no_more_questions(
    console: Client, event: Event, ana: User, boris: User, django_assert_max_num_queries: Any
) -> None:
    def tell(user: User) -> None:
        notification = factories.make_notification(event=event, user=user)
        factories.make_attempt(delivery=factories.make_delivery(notification=notification))

    tell(ana)
    with django_assert_max_num_queries(20) as few:
        console.get(page_of(event))
    tell(boris)
    with django_assert_max_num_queries(len(few)):
        console.get(page_of(event))


def test_more_events_ask_no_more_questions(
    console: Client,
    event: Event,
    northwind: Business,
    ana: User,
    django_assert_max_num_queries: Any,
) -> None:
    factories.make_decision(event=event, user=ana)
    with django_assert_max_num_queries(20) as few:
        console.get(list_of(Event))
    for _ in range(3):
        more = factories.make_event(business=northwind, user=ana)
        factories.make_decision(event=more, user=ana)
    with django_assert_max_num_queries(len(few)):
        console.get(list_of(Event))


def test_the_list_can_be_filtered_by_urgency(
    console: Client, event: Event, northwind: Business
) -> None:
    other = factories.make_event(business=northwind)
    factories.make_classification(event=other, priority=1)
    shown = console.get(list_of(Event), {"classification__urgency__exact": "critical"})
    assert list(shown.context["cl"].result_list) == [event]


def tiles(console: Client) -> dict[str, Any]:
    rows = console.get("/admin/").context["rows_of_tiles"]
    return {tile.label: tile for _, row in rows for tile in row}


def test_the_overview_counts_the_last_day(
    console: Client, northwind: Business, now: datetime
) -> None:
    for state in (RawEvent.State.DONE, RawEvent.State.UNOWNED):
        factories.make_raw_event(business=northwind, state=state, received_at=now)
    factories.make_raw_event(
        business=northwind, state=RawEvent.State.DONE, received_at=now - timedelta(hours=25)
    )
    shown = tiles(console)
    assert {name: shown[name].value for name in ("Received", "Done", "Unowned")} == {
        "Received": "2",
        "Done": "1",
        "Unowned": "1",
    }


def test_a_tile_leads_to_its_rows(console: Client, northwind: Business, now: datetime) -> None:
    raw = factories.make_raw_event(
        business=northwind, state=RawEvent.State.UNOWNED, received_at=now
    )
    factories.make_raw_event(business=northwind, state=RawEvent.State.DONE, received_at=now)
    shown = console.get(tiles(console)["Unowned"].link)
    assert list(shown.context["cl"].result_list) == [raw]


def test_a_body_that_waits_too_long_looks_bad(
    console: Client, northwind: Business, now: datetime
) -> None:
    factories.make_raw_event(business=northwind, due_at=now - timedelta(minutes=10))
    waiting = tiles(console)["Oldest waiting body"]
    assert (waiting.value, waiting.mood) == ("10 min", "bad")


def test_a_silent_worker_looks_bad(console: Client, now: datetime) -> None:
    factories.make_heartbeat(queue="inbox", drained_at=now - timedelta(minutes=5))
    factories.make_heartbeat(queue="deliver", drained_at=now)
    shown = tiles(console)
    assert (shown["Worker of inbox"].mood, shown["Worker of deliver"].mood) == ("bad", "good")


@pytest.mark.django_db
def test_the_overview_tells_nothing_to_staff_who_may_not_see_events() -> None:
    response = staff().get("/admin/")
    assert response.status_code == 200
    assert "rows_of_tiles" not in response.context


def test_the_overview_asks_six_questions_of_its_own(
    console: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        console.get("/admin/")


@pytest.fixture
def dead(northwind: Business) -> tuple[Task, RawEvent]:
    raw = factories.make_raw_event(business=northwind, state=RawEvent.State.DEAD)
    return factories.make_task(subject=f"inbox:{raw.pk}"), raw


def test_a_dead_letter_is_retried(console: Client, dead: tuple[Task, RawEvent]) -> None:
    task, raw = dead
    console.post(f"{list_of(Task)}{task.pk}/do/retry/")
    raw.refresh_from_db()
    assert raw.state == RawEvent.State.RETRY


def test_a_second_retry_says_that_it_was_retried_already(
    console: Client, dead: tuple[Task, RawEvent]
) -> None:
    task, _ = dead
    console.post(f"{list_of(Task)}{task.pk}/do/retry/")
    shown = console.post(f"{list_of(Task)}{task.pk}/do/retry/", follow=True)
    assert b"It was retried already" in shown.content


def test_many_are_retried_at_once_and_the_rest_is_counted(
    console: Client, dead: tuple[Task, RawEvent]
) -> None:
    done = factories.make_task(status=Task.Status.COMPLETED)
    chosen = {"action": "retry_tasks", "_selected_action": [dead[0].pk, done.pk]}
    shown = console.post(list_of(Task), chosen, follow=True)
    assert b"On their way again: 1." in shown.content
    assert b"Not dead letters (any more): 1." in shown.content


@pytest.mark.django_db
def test_who_may_only_look_cannot_retry(dead: tuple[Task, RawEvent]) -> None:
    response = staff("pipeline.view_task").post(f"{list_of(Task)}{dead[0].pk}/do/retry/")
    assert response.status_code == 403
    dead[1].refresh_from_db()
    assert dead[1].state == RawEvent.State.DEAD
