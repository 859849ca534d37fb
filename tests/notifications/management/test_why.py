from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.ingestion.models import Event, RawEvent
from apps.notifications.models import Delivery, DeliveryAttempt
from apps.notifications.types import Outcome, Reason, Step, TurnedStep
from tests import factories

pytestmark = pytest.mark.django_db

DROPPED = (
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
def event(northwind: Business, ana: User) -> Event:
    event = factories.make_event(business=northwind, user=ana)
    factories.make_classification(event=event, signals=[{"code": "vip", "detail": "12"}])
    return event


def why(*arguments: object) -> str:
    said = StringIO()
    call_command("why", *map(str, arguments), stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("key", [uuid4(), "0", "9" * 40])
def test_an_event_nobody_knows_is_refused(key: object) -> None:
    with pytest.raises(CommandError):
        why(key)


@pytest.mark.parametrize("key", ["", "yesterday", "-1", "1.5"])
def test_what_is_no_id_is_refused_in_words(key: str) -> None:
    with pytest.raises(CommandError, match="is a UUID"):
        call_command("why", "--", key)


def test_an_address_nobody_has_is_refused(event: Event) -> None:
    with pytest.raises(CommandError, match="Nobody has this address"):
        why(event.public_id, "--user", "nobody@northwind.example")


def test_a_one_time_code_is_shown_nowhere(northwind: Business, ana: User) -> None:
    event = factories.make_event(business=northwind, user=ana, title="482913 is your code")
    factories.make_classification(
        event=event, priority=9, category=Category.SECURITY_CODE, code="482913"
    )
    factories.make_notification(
        event=event, user=ana, title="482 913 is your code", category=Category.SECURITY_CODE
    )
    said = why(event.public_id)
    assert "482913" not in said
    assert "482 913" not in said


def test_a_dropped_event_tells_the_step_its_margin_and_what_would_change_it(
    event: Event, ana: User
) -> None:
    factories.make_decision(
        event=event, user=ana, outcome=Outcome.DROP, reason=Reason.BELOW_RELEVANCE, steps=DROPPED
    )
    said = why(event.public_id)
    assert "1. ✓ Notifications: switched on. [disabled]" in said
    assert "2. ✗ Relevance: 0.25 is below 0.5." in said
    assert "relevance = 0.25, threshold = 0.5, margin = -0.25" in said
    assert "It would have been otherwise with a relevance threshold of at most 0.25." in said


def test_where_no_way_out_is_known_the_step_alone_is_named(event: Event, ana: User) -> None:
    unknown = Step(code="below_relevance", passed=False, inputs={"relevance": 0.25}, threshold=0.5)
    factories.make_decision(
        event=event, user=ana, outcome=Outcome.DROP, reason=Reason.BELOW_RELEVANCE, steps=(unknown,)
    )
    said = why(event.public_id)
    assert "otherwise" not in said
    assert "would have passed with a relevance threshold of at most 0.25; no more is known" in said


def test_the_way_goes_from_the_source_to_the_last_attempt(event: Event, ana: User) -> None:
    notification = factories.make_notification(event=event, user=ana, title="Carla: Offer")
    delivery = factories.make_delivery(notification=notification, state=Delivery.State.DELIVERED)
    factories.make_attempt(
        delivery=delivery, outcome=DeliveryAttempt.Outcome.FAILED, error_code="timeout"
    )
    said = why(event.public_id)
    parts = (
        "It came 2026-03-04 12:00:00 UTC through Mail, and is email.",
        "From: Carla <carla@acme.example>",
        "We think: medium (priority 5 of 10), message",
        "Signal vip: Its sender is on a VIP list. (rule 12)",
        f"Ana <{ana.email}>: notify_now, passed",
        "Told as “Carla: Offer”: delivered",
        "in_app: delivered",
        "attempt 1: failed",
    )
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_one_person_alone_may_be_asked_about(event: Event, ana: User, boris: User) -> None:
    factories.make_decision(event=event, user=ana)
    factories.make_decision(event=event, user=boris)
    said = why(event.public_id, "--user", boris.email.upper())
    assert boris.email in said
    assert ana.email not in said


def test_an_event_nobody_was_decided_for_says_so(event: Event) -> None:
    assert "there is no decision" in why(event.public_id)


def test_the_number_of_the_console_finds_it_too(event: Event) -> None:
    assert why(event.pk) == why(event.public_id)


def test_a_repeated_event_names_the_first(event: Event, northwind: Business, ana: User) -> None:
    again = factories.make_event(business=northwind, user=ana, duplicate_of=event)
    said = why(again.public_id)
    assert str(event.public_id) in said
    assert "It was not judged." in said


def test_a_body_that_became_no_event_tells_its_state(northwind: Business) -> None:
    raw = factories.make_raw_event(
        business=northwind, state=RawEvent.State.SKIPPED, reason="sent_mail"
    )
    assert "State: skipped, sent_mail" in why(raw.correlation_id)


def test_many_recipients_need_as_many_queries_as_one(
    event: Event, northwind: Business, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        user = factories.make_user(name=f"Person{number}", business=northwind)
        factories.make_delivery(notification=factories.make_notification(event=event, user=user))
    with django_assert_num_queries(4):
        why(event.public_id)


def test_a_held_channel_tells_what_would_have_released_it_and_what_became_of_it(
    event: Event, ana: User
) -> None:
    held = TurnedStep(
        code="seen_elsewhere",
        passed=False,
        inputs={
            "channel": "sms",
            "away_minutes": 0.5,
            "at": "2026-03-04T12:00:00+00:00",
            "until": "2026-03-04T12:02:00+00:00",
        },
        threshold=1.0,
        margin=-0.5,
        turns=("seen_at",),
    )
    decision = factories.make_decision(event=event, user=ana, steps=(held,))
    told = factories.make_notification(event=event, user=ana, decision=decision)
    factories.make_delivery(
        notification=told, channel="sms", state=Delivery.State.SUPPRESSED, reason="seen"
    )
    said = why(event.public_id)
    assert "✗ Channel SMS: you were at your inbox 0.5 min ago; held until 12:02" in said
    assert "away_minutes = 0.5" in said
    assert "It would have been otherwise on sms had you not been at your inbox." in said
    assert "sms: suppressed (seen)" in said


@pytest.mark.parametrize("category", [Category.MESSAGE, Category.SECURITY_CODE])
def test_a_repeat_names_what_it_repeats_and_when_that_was_told(
    northwind: Business, event: Event, ana: User, category: Category
) -> None:
    earlier = factories.make_notification(
        event=factories.make_event(business=northwind, user=ana),
        user=ana,
        title="Quarterly report",
        category=category,
    )
    step = Step(
        code="redundant",
        passed=False,
        inputs={"compared": 1, "age_minutes": 3, "repeats": str(earlier.public_id)},
        threshold=30.0,
        margin=-27.0,
    )
    factories.make_decision(
        event=event, user=ana, outcome=Outcome.DROP, reason=Reason.REDUNDANT, steps=(step,)
    )
    said = why(event.public_id)
    assert f"({earlier.public_id}), t" in said
    assert ("“Quarterly report”" in said) is (category is Category.MESSAGE)
