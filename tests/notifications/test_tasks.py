"""What Beat starts here. A task drops its old connection first, so that these commit."""

import pytest

from apps.accounts.models import Business, User
from apps.notifications import tasks
from apps.notifications.models import Feedback, Proposal
from apps.schedules.beat import TICKS
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_tick_is_on_beats_table_and_withdraws_what_nothing_speaks_for(
    northwind: Business, ana: User
) -> None:
    row = factories.make_proposal(business=northwind, user=ana)
    event = factories.make_event(business=northwind, user=ana)
    told = factories.make_notification(event=event, user=ana)
    factories.make_feedback(notification=told, kind=Feedback.Kind.DISMISSED)
    tasks.propose()
    row.refresh_from_db()
    assert row.status == Proposal.Status.WITHDRAWN
    assert tasks.propose.name in {tick.task for tick in TICKS}
