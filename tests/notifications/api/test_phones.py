"""People's numbers: shown to be theirs before anything is sent there, and never shown again."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from apps.accounts.models import Business, Consent, User
from apps.accounts.tiers import Tier
from apps.core.identifiers import uuid7
from apps.core.redis import client
from apps.core.resilience import ratelimit
from apps.notifications.models import Address, SpendCounter
from apps.notifications.types import OffReason
from tests import factories
from tests.conftest import JsonClient
from tests.factories.values import NOON
from tests.notifications.channels.twilio_server import FakeTwilio, problem

pytestmark = pytest.mark.django_db

PATH = "/api/notifications/phones/"
NUMBER = "+4915123456789"
State = Address.State


@pytest.fixture(autouse=True)
def fresh(twilio: FakeTwilio, northwind: Business, settings: Settings) -> Iterator[None]:
    """Northwind's tier has every channel, and nobody was counted yet."""
    Business.objects.update(tier=Tier.BUSINESS)
    settings.PHONE_VERIFICATIONS_AT_ONCE = 100
    client().flushdb()
    yield
    client().flushdb()


def add(api: JsonClient, number: str = NUMBER, channel: str = "sms") -> Any:
    return api.post(PATH, {"channel": channel, "number": number})


def verify(api: JsonClient, ref: str, code: str = "424242") -> Any:
    return api.post(f"{PATH}{ref}/verify", {"code": code})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"number": NUMBER}, "channel"),
        ({"channel": "fax", "number": NUMBER}, "channel"),
        ({"channel": "sms"}, "number"),
        ({"channel": "sms", "number": 4915123456789}, "number"),
        ({"channel": "sms", "number": NUMBER, "verified": True}, "verified"),
        *(
            ({"channel": "sms", "number": number}, "number")
            for number in (
                *("+1", "letters", "+49" + "1" * 37, "1" * 500, "+999123456", "+"),
                *("015123456789", "+49301234567", "+4990012345678", "+49 151 23456789 ext. 5"),
                *("+1 900 555 0123", "112", "+49151234567890123"),
            )
        ),
    ],
    ids=str,
)
def test_what_is_no_phone_is_refused_by_its_field(
    as_ana: JsonClient, twilio: FakeTwilio, body: dict[str, Any], field: str
) -> None:
    answer = as_ana.post(PATH, body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert (Address.objects.count(), twilio.forms) == (0, [])


def test_nobody_adds_a_number_without_logging_in(anonymous: JsonClient) -> None:
    assert add(anonymous).status_code == 401


def test_a_tier_without_the_channel_has_no_number_for_it(
    as_ana: JsonClient, northwind: Business
) -> None:
    Business.objects.filter(pk=northwind.pk).update(tier=Tier.FAMILY)
    answer = add(as_ana, channel="whatsapp")
    assert (answer.status_code, answer.json()["number"]) == (403, 4032)


def test_where_nothing_is_set_up_no_number_is_taken(as_ana: JsonClient, settings: Settings) -> None:
    settings.TWILIO_VERIFY_SERVICE_SID = ""
    answer = add(as_ana)
    assert (answer.status_code, answer.json()["code"]) == (503, "channel_unavailable")
    assert not Address.objects.exists()


def test_other_countries_than_the_named_are_refused(as_ana: JsonClient, settings: Settings) -> None:
    settings.PHONE_REGIONS = ["US", "GB"]
    assert list(add(as_ana).json()["fields"]) == ["number"]
    assert add(as_ana, "+1 202-555-0123").status_code == 201


def test_a_number_is_added_and_shown_to_be_theirs(
    as_ana: JsonClient, ana: User, twilio: FakeTwilio
) -> None:
    added = add(as_ana, "+49 (0)151 234-56789")
    assert added.status_code == 201
    [form] = twilio.forms
    assert (form["To"], form["Channel"]) == ([NUMBER], ["sms"])
    row = added.json()
    assert (row["number"], row["state"], row["verifiedAt"]) == ("+49 … 789", "unverified", None)
    shown = verify(as_ana, row["id"]).json()
    assert (shown["state"], shown["verifiedAt"] is None) == ("active", False)
    assert as_ana.get(PATH).json() == {"phones": [shown]}
    assert Address.objects.get().value == NUMBER


def test_a_number_is_read_as_in_the_country_of_its_persons_zone(
    as_ana: JsonClient, ana: User
) -> None:
    factories.make_preference(user=ana, time_zone="Europe/Berlin")
    assert add(as_ana, "0151 23456789").status_code == 201
    assert Address.objects.get().value == NUMBER


def test_a_verified_number_is_consent_to_be_told_there(as_ana: JsonClient, ana: User) -> None:
    ref = add(as_ana).json()["id"]
    assert not Consent.objects.filter(purpose="sms").exists()
    verify(as_ana, ref)
    consent = Consent.objects.get(purpose="sms")
    assert (consent.granted, consent.source, consent.user) == (True, "api", ana)


def test_a_wrong_code_proves_nothing(as_ana: JsonClient) -> None:
    ref = add(as_ana).json()["id"]
    for code in ("000000", "12", "letters", "４２４２４２"):
        answer = verify(as_ana, ref, code)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_code"), code
        assert list(answer.json()["fields"]) == ["code"]
    assert Address.objects.get().state == State.UNVERIFIED


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (problem(404, 20404), 422, "code_expired"),
        ((201, {}, b'{"status": "expired"}'), 422, "code_expired"),
        ((201, {}, b'{"status": "canceled"}'), 422, "code_expired"),
        (problem(429, 60202), 429, "too_many_codes"),
        ((201, {}, b'{"status": "max_attempts_reached"}'), 429, "too_many_codes"),
        (problem(401, 20003), 503, "external_service_error"),
        (problem(500, 20500), 503, "external_service_error"),
        ((201, {}, b"<html>"), 503, "external_service_error"),
        ((201, {}, b'{"status": "splendid"}'), 503, "external_service_error"),
        ((201, {}, b'{"status": ["approved"]}'), 503, "external_service_error"),
    ],
    ids=str,
)
def test_what_becomes_of_a_code_has_a_code(
    as_ana: JsonClient, twilio: FakeTwilio, answer: Any, status: int, code: str
) -> None:
    ref = add(as_ana).json()["id"]
    twilio.refuse = [answer]
    told = verify(as_ana, ref)
    assert (told.status_code, told.json()["code"]) == (status, code)
    assert Address.objects.get().state == State.UNVERIFIED


@pytest.mark.parametrize(
    ("answer", "status", "code", "spent"),
    [
        (problem(400, 60200), 422, "invalid_input", 0),
        (problem(400, 60205), 422, "invalid_input", 0),
        (problem(403, 60410), 422, "invalid_input", 0),
        (problem(429, 60203), 429, "too_many_codes", 0),
        (problem(429, 20429), 503, "external_service_error", 0),
        (problem(401, 20003), 503, "external_service_error", 0),
        (problem(500, 20500), 503, "external_service_error", 170_000),
    ],
)
def test_a_code_that_cannot_be_sent_is_told_and_not_paid(
    as_ana: JsonClient, twilio: FakeTwilio, answer: Any, status: int, code: str, spent: int
) -> None:
    twilio.refuse = [answer]
    told = add(as_ana)
    assert (told.status_code, told.json()["code"]) == (status, code)
    assert set(SpendCounter.objects.values_list("spent_micros", flat=True)) == {spent}
    assert NUMBER[5:] not in told.content.decode()


def test_asking_again_sends_another_code_to_the_same_number(
    as_ana: JsonClient, twilio: FakeTwilio
) -> None:
    first, second = add(as_ana).json(), add(as_ana).json()
    assert first["id"] == second["id"]
    assert (len(twilio.forms), Address.objects.count()) == (2, 1)


def test_a_number_that_is_theirs_already_needs_no_other_proof(
    as_ana: JsonClient, twilio: FakeTwilio
) -> None:
    verify(as_ana, add(as_ana).json()["id"])
    asked = len(twilio.forms)
    chat = add(as_ana, channel="whatsapp").json()
    assert (chat["state"], len(twilio.forms)) == ("active", asked)
    assert Consent.objects.filter(purpose="whatsapp", granted=True).exists()


def test_two_people_may_share_a_phone_but_not_its_proof(
    as_ana: JsonClient, as_boris: JsonClient
) -> None:
    verify(as_ana, add(as_ana).json()["id"])
    assert add(as_boris).json()["state"] == "unverified"


def test_a_removed_number_is_not_used_and_may_come_back(as_ana: JsonClient) -> None:
    ref = add(as_ana).json()["id"]
    verify(as_ana, ref)
    assert as_ana.delete(f"{PATH}{ref}").status_code == 204
    [row] = as_ana.get(PATH).json()["phones"]
    assert (row["state"], row["offReason"]) == ("off", "by_hand")
    assert add(as_ana).json()["state"] == "active"


def test_a_phone_that_said_stop_must_say_start(as_ana: JsonClient, ana: User) -> None:
    row = factories.make_address(
        user=ana,
        channel="sms",
        value=NUMBER,
        state=State.OFF,
        off_reason=OffReason.UNSUBSCRIBED,
    )
    answers = [add(as_ana), verify(as_ana, str(row.public_id))]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(409, "unsubscribed")] * 2


def test_a_number_that_wrote_before_has_its_window_open(as_ana: JsonClient) -> None:
    written = NOON - timedelta(hours=1)
    factories.make_inbound_text(number=NUMBER, received_at=written)
    add(as_ana, channel="whatsapp")
    assert Address.objects.get().details == {"inbound_at": written.isoformat()}


@pytest.mark.parametrize("verb", ["delete", "post"])
def test_somebody_elses_number_does_not_exist(
    as_boris: JsonClient, as_zoe: JsonClient, ana: User, verb: str
) -> None:
    row = factories.make_address(user=ana, channel="sms", value=NUMBER)
    browser = factories.make_address(user=ana, channel="web_push")
    for api, ref in ((as_boris, row), (as_zoe, row), (as_boris, browser)):
        answer = (
            api.delete(f"{PATH}{ref.public_id}")
            if verb == "delete"
            else verify(api, str(ref.public_id))
        )
        assert answer.status_code == 404
    row.refresh_from_db()
    assert row.state == State.ACTIVE


def test_a_number_nobody_added_does_not_exist(as_ana: JsonClient) -> None:
    assert verify(as_ana, str(uuid7())).status_code == 404


def test_verifications_are_limited_by_person(as_ana: JsonClient, settings: Settings) -> None:
    settings.PHONE_VERIFICATIONS_AT_ONCE = 2
    numbers = [f"+491512345678{n}" for n in range(3)]
    answers = [add(as_ana, number) for number in numbers]
    assert [one.status_code for one in answers] == [201, 201, 429]
    assert int(answers[2]["Retry-After"]) > 0


def test_verifications_are_limited_by_number_whoever_asks(
    as_ana: JsonClient, as_boris: JsonClient, settings: Settings
) -> None:
    settings.PHONE_VERIFICATIONS_AT_ONCE = 1
    assert [add(api).status_code for api in (as_ana, as_boris)] == [201, 429]


def test_codes_are_limited(as_ana: JsonClient, settings: Settings) -> None:
    settings.PHONE_CODES_PER_MINUTE = 2
    ref = add(as_ana).json()["id"]
    answers = [verify(as_ana, ref, "000000").status_code for _ in range(3)]
    assert answers == [422, 422, 429]


def test_while_nobody_can_count_no_code_is_sent(
    as_ana: JsonClient, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = add(as_ana).json()["id"]
    sent = len(twilio.forms)
    closed = ratelimit.limiter("closed")
    monkeypatch.setattr(closed, "_may_ask_redis", lambda: False)
    assert [add(as_ana).status_code, verify(as_ana, ref).status_code] == [503, 503]
    assert len(twilio.forms) == sent


def test_verifications_are_paid_from_the_persons_caps(
    as_ana: JsonClient, twilio: FakeTwilio, settings: Settings
) -> None:
    settings.SMS_USER_DAILY_CAP_MICROS = 200_000
    answers = [add(as_ana, f"+491512345678{n}") for n in range(2)]
    assert [one.status_code for one in answers] == [201, 429]
    assert answers[1].json()["code"] == "spend_cap"
    assert len(twilio.forms) == 1


def test_a_number_is_in_no_answer_and_in_no_log(
    as_ana: JsonClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    answers = [add(as_ana), as_ana.get(PATH)]
    said = json.dumps([one.json() for one in answers]) + caplog.text + "".join(capsys.readouterr())
    assert "5123456" not in said
