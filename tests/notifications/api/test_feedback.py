from typing import Any

import pytest

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.classification.models import GoldenCase
from apps.notifications.models import Feedback, Notification
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

WRONG = {"kind": "wrong", "urgency": "low", "category": "newsletter"}


@pytest.fixture
def told(northwind: Business, ana: User) -> Notification:
    event = factories.make_event(business=northwind, user=ana, content="A secret offer")
    factories.make_classification(event=event, priority=7)
    return factories.make_notification(event=event, user=ana)


def say(api: JsonClient, notification: Notification, body: Any) -> Any:
    return api.post(f"/api/notifications/{notification.public_id}/feedback", body)


def given() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(type=AuditType.FEEDBACK_GIVEN))


def test_somebody_elses_notification_is_not_found(
    told: Notification, as_boris: JsonClient, as_zoe: JsonClient
) -> None:
    assert say(as_boris, told, WRONG).status_code == 404
    assert say(as_zoe, told, WRONG).status_code == 404
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "great"}, "kind"),
        ({"kind": 1}, "kind"),
        ({"kind": "wrong"}, "urgency"),
        ({"kind": "wrong", "urgency": "urgent"}, "urgency"),
        ({"kind": "wrong", "category": "spam"}, "category"),
        ({"kind": "helpful", "urgency": "low"}, "urgency"),
        ({"kind": "dismissed", "category": "news"}, "category"),
        ({"kind": "helpful", "stars": 5}, "stars"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_by_name(
    told: Notification, as_ana: JsonClient, body: Any, field: str
) -> None:
    answer = say(as_ana, told, body)
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("kind", ["helpful", "dismissed", "less_like_this"])
def test_a_word_is_kept_and_the_same_again_changes_nothing(
    told: Notification, as_ana: JsonClient, kind: str
) -> None:
    first, again = (say(as_ana, told, {"kind": kind}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Feedback.objects.get().kind == kind
    assert len(given()) == 1


def test_something_wrong_joins_the_golden_set_with_its_content(
    told: Notification, ana: User, as_ana: JsonClient
) -> None:
    assert say(as_ana, told, WRONG).status_code == 201
    case = GoldenCase.objects.get()
    assert (case.event_id, case.author, case.owner) == (told.event_id, ana, ana)
    assert case.origin == GoldenCase.Origin.USER
    assert (case.judged_urgency, case.expected_urgency) == ("high", "low")
    assert (case.judged_category, case.expected_category) == ("message", "newsletter")
    assert case.fact["content"] == "A secret offer"


def test_the_same_wrong_twice_is_one_row_and_another_right_replaces_it(
    told: Notification, as_ana: JsonClient
) -> None:
    answers = [say(as_ana, told, body) for body in (WRONG, WRONG, {**WRONG, "urgency": "medium"})]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert Feedback.objects.get().urgency == "medium"
    assert GoldenCase.objects.get().expected_urgency == "medium"
    assert len(given()) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"urgency": "high", "category": "message"},
        {"urgency": "high"},
        {"category": "message"},
    ],
)
def test_what_the_verdict_says_already_is_no_correction_and_undoes_none(
    told: Notification, as_ana: JsonClient, body: dict[str, str]
) -> None:
    say(as_ana, told, WRONG)
    refused = say(as_ana, told, {"kind": "wrong", **body})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_wrong")
    assert set(refused.json()["fields"]) == set(body)
    assert Feedback.objects.get().urgency == WRONG["urgency"]
    assert GoldenCase.objects.get().expected_urgency == WRONG["urgency"]


def test_what_another_right_replaces_stands_in_the_audit_log(
    told: Notification, as_ana: JsonClient
) -> None:
    for body in (WRONG, {"kind": "wrong", "urgency": "medium"}):
        say(as_ana, told, body)
    last = max(given(), key=lambda entry: entry.pk).metadata
    assert last == {
        "kind": "wrong",
        "urgency": "medium",
        "instead_of_urgency": "low",
        "instead_of_category": "newsletter",
    }


def test_only_one_half_may_be_wrong(told: Notification, as_ana: JsonClient) -> None:
    assert say(as_ana, told, {"kind": "wrong", "category": "news"}).status_code == 201
    case = GoldenCase.objects.get()
    assert (case.expected_urgency, case.expected_category) == ("", "news")


def test_what_was_said_is_written_down_without_the_content(
    told: Notification, ana: User, as_ana: JsonClient
) -> None:
    say(as_ana, told, WRONG)
    [entry] = given()
    assert entry.actor == ana
    assert entry.correlation_id == told.correlation_id
    assert entry.metadata == WRONG


def test_a_key_that_may_only_read_may_not_say_anything(
    told: Notification, northwind: Business, ana: User, anonymous: JsonClient
) -> None:
    _, key = factories.make_api_key(business=northwind, user=ana)
    anonymous.credentials(HTTP_X_API_KEY=key)
    assert say(anonymous, told, {"kind": "helpful"}).status_code == 403
