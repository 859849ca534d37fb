"""An interruption budget where facts come in, and a preview that says the same."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Business, User
from apps.ingestion.models import Source
from apps.notifications.models import Decision, Feedback
from tests import factories
from tests.pipeline.builders import drain, mail, receive

# Half of the waking day has passed, of 07:00 to 23:00.
MIDDAY = datetime(2026, 3, 4, 15, tzinfo=UTC)


def outcomes(mailbox: Source, count: int) -> list[tuple[str, str]]:
    receive(mailbox, *(mail() for _ in range(count)))
    drain(MIDDAY)
    return list(Decision.objects.order_by("id").values_list("outcome", "reason"))[-count:]


def dismissed(user: User, business: Business, count: int) -> None:
    for _ in range(count):
        event = factories.make_event(business=business, user=user)
        row = factories.make_notification(event=event, user=user)
        factories.make_feedback(notification=row, kind=Feedback.Kind.DISMISSED)


def test_who_has_no_budget_is_asked_for_no_feedback(mailbox: Source) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert outcomes(mailbox, 4) == [("notify_now", "passed")] * 4
    assert not [q for q in asked.captured_queries if "notifications_feedback" in q["sql"]]


def test_a_budget_is_spent_by_the_pace_and_then_by_worth(mailbox: Source, linked_ana: User) -> None:
    factories.make_preference(user=linked_ana, interruption_budget=4)
    assert outcomes(mailbox, 5) == [("notify_now", "passed")] * 3 + [("digest", "budget")] * 2


def test_what_is_always_dismissed_is_told_within_the_pace_only(
    mailbox: Source, linked_ana: User, northwind: Business
) -> None:
    factories.make_preference(user=linked_ana, interruption_budget=4)
    dismissed(linked_ana, northwind, 95)
    assert outcomes(mailbox, 6) == [("notify_now", "passed")] * 3 + [("digest", "budget")] * 3


@pytest.mark.parametrize("count", [1, 30])
def test_feedback_costs_one_query_a_batch(
    mailbox: Source, linked_ana: User, northwind: Business, count: int
) -> None:
    factories.make_preference(user=linked_ana, interruption_budget=4)
    dismissed(linked_ana, northwind, count)
    with CaptureQueriesContext(connection) as asked:
        outcomes(mailbox, count)
    assert len([q for q in asked.captured_queries if "notifications_feedback" in q["sql"]]) == 1
