"""An operator calls a verdict wrong, on the event's story."""

import pytest
from django.test import Client

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.classification.models import GoldenCase
from apps.ingestion.models import Event
from apps.notifications.models import Feedback
from tests import factories
from tests.console import list_of, operator, page_of, staff

FORM = "This verdict is wrong"


@pytest.fixture
def event(northwind: Business, ana: User) -> Event:
    event = factories.make_event(business=northwind, user=ana)
    factories.make_classification(event=event, priority=7)
    return event


def call_wrong(console: Client, event: Event, **right: str) -> int:
    return console.post(f"{list_of(Event)}{event.pk}/do/wrong/", right).status_code


def test_staff_without_the_permission_can_neither_see_nor_use_it(event: Event) -> None:
    console = staff("ingestion.view_event")
    assert FORM not in console.get(page_of(event)).content.decode()
    assert call_wrong(console, event, urgency="low") == 403
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("right", [{}, {"urgency": "urgent"}, {"category": "spam"}], ids=str)
def test_a_correction_that_says_nothing_is_refused(event: Event, right: dict[str, str]) -> None:
    call_wrong(operator(), event, **right)
    assert not Feedback.objects.exists()


def test_an_event_nobody_judged_has_no_verdict_to_be_wrong(northwind: Business) -> None:
    event = factories.make_event(business=northwind)
    call_wrong(operator(), event, urgency="low")
    assert not Feedback.objects.exists()


def test_a_correction_is_kept_and_written_down_once(event: Event, ana: User) -> None:
    console = operator()
    assert FORM in console.get(page_of(event)).content.decode()
    for _ in range(2):
        assert call_wrong(console, event, urgency="low") == 302
    said, case = Feedback.objects.get(), GoldenCase.objects.get()
    assert (said.kind, said.urgency, said.notification) == (Feedback.Kind.WRONG, "low", None)
    assert (case.origin, case.author, case.owner) == ("operator", said.user, ana)
    assert AuditEvent.objects.filter(type=AuditType.FEEDBACK_GIVEN).count() == 1
