"""What people silence, snooze or leave to others, from a signed body to a decision."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Business, User
from apps.ingestion.models import Source
from apps.notifications.models import Decision, Notification
from tests import factories
from tests.pipeline.builders import drain, mail, receive


def outcome(source: Source, **words: str) -> tuple[str, str]:
    [event_id] = receive(source, mail(**words))
    drain()
    decision = Decision.objects.get(correlation_id=event_id)
    return decision.outcome, decision.reason


@pytest.mark.parametrize(
    "matchers",
    [
        {"sender": "carla@acme.example"},
        {"sender": "@acme.example"},
        {"category": "message"},
        {"max_priority": 10},
    ],
)
def test_what_is_silenced_for_everybody_is_dropped(
    mailbox: Source, northwind: Business, matchers: dict[str, Any]
) -> None:
    factories.make_silence(business=northwind, **matchers)
    assert outcome(mailbox, subject="Minutes") == ("drop", "silenced")
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    "matchers", [{"sender": "dora@acme.example"}, {"category": "risk"}, {"min_priority": 10}]
)
def test_what_the_matchers_do_not_fit_is_told(
    mailbox: Source, northwind: Business, matchers: dict[str, Any]
) -> None:
    factories.make_silence(business=northwind, **matchers)
    assert outcome(mailbox, subject="Minutes")[0] == "notify_now"


def test_the_silence_of_somebody_else_or_of_yesterday_silences_nothing(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    factories.make_silence(business=northwind, user=boris)
    factories.make_silence(business=northwind, expires_at=timezone.now())
    assert outcome(mailbox)[0] == "notify_now"


def test_a_snooze_holds_until_it_ends(
    mailbox: Source, northwind: Business, linked_ana: User
) -> None:
    until = timezone.now() + timedelta(hours=1)
    factories.make_silence(business=northwind, user=linked_ana, expires_at=until)
    assert outcome(mailbox) == ("defer", "snoozed")
    assert Decision.objects.get().due_at == until


@pytest.mark.parametrize(("assigned", "expected"), [(True, "passed"), (False, "not_assigned")])
def test_who_wants_assigned_clients_only_is_told_of_theirs(
    mailbox: Source,
    northwind: Business,
    linked_ana: User,
    boris: User,
    assigned: bool,
    expected: str,
) -> None:
    factories.make_preference(user=linked_ana, assigned_clients_only=True)
    acme = factories.make_client(business=northwind, domains=("acme.example",))
    factories.make_assignment(client=acme, user=linked_ana if assigned else boris)
    assert outcome(mailbox)[1] == expected


def test_mail_about_no_client_is_not_somebody_elses(mailbox: Source, linked_ana: User) -> None:
    factories.make_preference(user=linked_ana, assigned_clients_only=True)
    assert outcome(mailbox)[0] == "notify_now"


def test_quiet_ranges_hold_as_the_daily_quiet_hours_do(mailbox: Source, linked_ana: User) -> None:
    today = [{"days": [0, 1, 2, 3, 4, 5, 6], "start": "00:00", "end": "23:59"}]
    factories.make_preference(user=linked_ana, quiet_ranges=today)
    assert outcome(mailbox)[1] == "quiet_hours"


def test_who_switched_the_inbox_off_has_no_channel(mailbox: Source, linked_ana: User) -> None:
    factories.make_channel_preference(user=linked_ana, channel="in_app", enabled=False)
    assert outcome(mailbox) == ("drop", "no_channel")


def test_silences_cost_one_query_and_assignments_none_where_nobody_asked(
    mailbox: Source, northwind: Business
) -> None:
    factories.make_client(business=northwind, domains=("acme.example",))
    receive(mailbox, mail(), mail(), mail())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        drain()
    tables = " ".join(query["sql"] for query in asked.captured_queries)
    assert tables.count('FROM "rules_silence"') == 1
    assert "accounts_clientassignment" not in tables
