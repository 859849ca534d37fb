"""Two at once: one proposal, and one answer that counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.core.errors import Conflict
from apps.notifications.models import Feedback, Proposal
from apps.notifications.services.learning import propose
from apps.notifications.services.proposals import accept, reject
from apps.rules.models import Silence
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 4


def at_once(*calls: Callable[[], object]) -> list[bool]:
    """Whether each of the calls, begun together, counted."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> bool:
        try:
            barrier.wait()
            call()
        except Conflict:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_what_is_noticed_by_several_at_once_is_proposed_once(
    ana: User, northwind: Business, now: datetime
) -> None:
    event = factories.make_event(business=northwind, user=ana, received_at=now)
    factories.make_classification(event=event, category=Category.NEWSLETTER)
    told = factories.make_notification(event=event, user=ana, now=now, category=Category.NEWSLETTER)
    factories.make_feedback(notification=told, kind=Feedback.Kind.LESS_LIKE_THIS)
    assert all(at_once(*[lambda: propose(ana, now=now)] * AT_ONCE))
    assert Proposal.objects.get().status == Proposal.Status.OPEN


def test_of_several_answers_at_once_one_counts(
    ana: User, northwind: Business, now: datetime
) -> None:
    row = factories.make_proposal(business=northwind, user=ana)
    answers = [accept, reject] * (AT_ONCE // 2)
    counted = at_once(
        *(lambda answer=answer: answer(ana, row.public_id, now=now) for answer in answers)
    )
    assert sum(counted) == 1
    row.refresh_from_db()
    accepted = row.status == Proposal.Status.ACCEPTED
    assert Silence.objects.count() == int(accepted)
