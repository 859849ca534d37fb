"""What a person says through any door holds for the very next event: nothing is remembered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.notifications.models import Decision
from apps.notifications.types import Outcome, Reason
from tests.conftest import JsonClient
from tests.flows.conftest import Drain, Outsider

Mail = Callable[..., dict[str, Any]]
Say = Callable[[JsonClient, User], int]


def by_patch(api: JsonClient, user: User) -> int:
    return int(api.patch("/v3/proactive/preferences", {"enabled": False}).status_code)


def by_channel(api: JsonClient, user: User) -> int:
    body = {"channel": "in_app", "settings": {"enabled": False}}
    return int(api.put("/api/notifications/preferences", body).status_code)


def by_seed_002(api: JsonClient, user: User) -> int:
    body = {"notification_enabled": False}
    return int(api.put("/api/v1/user-preferences/me", body).status_code)


def by_page(api: JsonClient, user: User) -> int:
    browser = Client()
    browser.force_login(user)
    form = browser.get("/preferences/").context["form"]
    filled = {field.html_name: field.value() for field in form if field.value() is not None}
    return browser.post("/preferences/", {**filled, "enabled": ""}, follow=True).status_code


def last_decision() -> tuple[str, str]:
    decision = Decision.objects.latest("id")
    return decision.outcome, decision.reason


@pytest.mark.parametrize("say", [by_patch, by_channel, by_seed_002, by_page])
def test_the_next_drain_knows_what_was_said_through_any_door(
    mailroom: Outsider, mail: Mail, drain: Drain, ana: User, as_ana: JsonClient, say: Say
) -> None:
    mailroom.post(mail(subject="Lunch", text="Shall we have lunch on Friday?"))
    drain(timezone.now())
    assert last_decision()[1] != Reason.DISABLED
    assert say(as_ana, ana) == 200
    mailroom.post(mail(subject="Contract", text="The contract is ready to be signed."))
    drain(timezone.now())
    assert last_decision() == (Outcome.DROP, Reason.DISABLED)


def test_a_cap_of_zero_keeps_the_inbox_from_interrupting(
    mailroom: Outsider, mail: Mail, drain: Drain, as_ana: JsonClient
) -> None:
    body = {"channel": "in_app", "settings": {"enabled": True, "maxPerDay": 0}}
    as_ana.put("/api/notifications/preferences", body)
    mailroom.post(mail(subject="Contract", text="Can you sign the contract today?"))
    drain(timezone.now())
    assert last_decision() == (Outcome.DIGEST, Reason.DAILY_CAP)
