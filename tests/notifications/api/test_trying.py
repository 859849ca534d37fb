"""A test message to oneself, through the real channel."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear, Receipt
from apps.notifications.models import Address
from tests import factories
from tests.conftest import JsonClient
from tests.notifications.channels import scripted
from tests.notifications.channels.scripted import Scripted

PATH = "/api/notifications/test"


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch, settings: Settings, ana: User) -> Scripted:
    settings.EXTRA_CHANNELS = ["slack"]
    factories.make_address(user=ana, channel="slack", hint="hooks.slack.com")
    return scripted.install(monkeypatch, "slack", addressed=True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "channel"),
        ({"channel": "fax"}, "channel"),
        ({"channel": "in_app"}, "channel"),
        ({"channel": "slack", "message": ""}, "message"),
        ({"channel": "slack", "message": "x" * 501}, "message"),
        ({"channel": "slack", "auraId": "7"}, "auraId"),
        ({"channel": "slack", "to": "somebody"}, "to"),
    ],
)
def test_a_request_that_makes_no_sense_names_the_field(
    as_ana: JsonClient, slack: Scripted, body: dict[str, str], field: str
) -> None:
    answer = as_ana.post(PATH, body)
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert slack.sent == []


def test_it_says_what_the_provider_said_and_is_on_record(
    as_ana: JsonClient, slack: Scripted
) -> None:
    slack.answers = [Receipt(provider_message_id="T-1")]
    answer = as_ana.post(PATH, {"channel": "slack", "message": "Hello"}).json()
    [result] = answer["results"]
    assert (result["outcome"], result["hint"]) == ("delivered", "hooks.slack.com")
    assert result["provider_message_id"] == "T-1"
    assert slack.sent[0].message.body == "Hello"
    assert AuditEvent.objects.filter(type="notification_tested").count() == 2


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (DeliveryError("No such channel", permanent=True, code="http_404"), "failed"),
        (DeliveryUnclear("No answer"), "unknown"),
    ],
)
def test_a_refusal_is_an_answer_and_not_an_error(
    as_ana: JsonClient, slack: Scripted, error: DeliveryError | DeliveryUnclear, outcome: str
) -> None:
    slack.answers = [error]
    answer = as_ana.post(PATH, {"channel": "slack"})
    [result] = answer.json()["results"]
    assert answer.status_code == 200
    assert (result["outcome"], result["code"]) == (outcome, error.code)


def test_a_channel_that_is_switched_off_is_4032(
    as_ana: JsonClient, slack: Scripted, ana: User
) -> None:
    factories.make_channel_preference(user=ana, channel="slack", enabled=False)
    answer = as_ana.post(PATH, {"channel": "slack"})
    assert (answer.status_code, answer.json()["number"]) == (403, 4032)


def test_without_an_address_it_is_4032_and_says_so(as_ana: JsonClient, slack: Scripted) -> None:
    Address.objects.update(state="off")
    answer = as_ana.post(PATH, {"channel": "slack"})
    assert answer.json()["number"] == 4032
    assert "no address" in answer.json()["detail"]


def test_within_quiet_hours_it_is_4033(as_ana: JsonClient, slack: Scripted, ana: User) -> None:
    at = timezone.now()
    factories.make_preference(
        user=ana,
        quiet_hours_enabled=True,
        quiet_start=(at - timedelta(hours=1)).time().replace(microsecond=0),
        quiet_end=(at + timedelta(hours=1)).time().replace(microsecond=0),
    )
    answer = as_ana.post(PATH, {"channel": "slack"})
    assert (answer.status_code, answer.json()["number"]) == (403, 4033)


def test_a_channel_that_is_not_set_up_is_5002(as_ana: JsonClient, slack: Scripted) -> None:
    slack.names = ()
    answer = as_ana.post(PATH, {"channel": "slack"})
    assert (answer.status_code, answer.json()["number"]) == (503, 5002)


def test_a_channel_nobody_is_told_through_is_5002(
    as_ana: JsonClient, slack: Scripted, settings: Settings
) -> None:
    settings.EXTRA_CHANNELS = []
    assert as_ana.post(PATH, {"channel": "slack"}).json()["number"] == 5002


def test_nobody_sends_themselves_many(
    as_ana: JsonClient, slack: Scripted, settings: Settings
) -> None:
    settings.RATE_LIMIT_TEST_PER_MINUTE = 2
    statuses = [as_ana.post(PATH, {"channel": "slack"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_somebody_elses_aura_is_not_found(as_ana: JsonClient, slack: Scripted, boris: User) -> None:
    aura = factories.make_aura(business=boris.memberships.get().business, user=boris)
    body = {"channel": "slack", "auraId": str(aura.public_id)}
    assert as_ana.post(PATH, body).status_code == 404
