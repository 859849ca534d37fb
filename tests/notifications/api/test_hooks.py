from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.core.signing import Scheme, check_secret
from apps.notifications.engines.hook_secrets import first_secret, valid_secrets
from apps.notifications.models import Address, Delivery
from apps.notifications.types import OffReason
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

PATH = "/api/notifications/hooks"
URL = "https://receiver.example/vigil/0123456789abcdef"
SLACK = "https://hooks.slack.com/services/T000/B000/abcdefghijkl"
TEAMS = "https://prod-1.westeurope.logic.azure.com:443/workflows/1/triggers/manual?sig=abcdef"
State = Delivery.State


def post(api: JsonClient, **values: Any) -> Any:
    return api.post(PATH, {"channel": "webhook", "url": URL, **values})


@pytest.fixture
def hook(ana: User) -> Address:
    return factories.make_address(
        user=ana, channel="webhook", value=URL, details=first_secret("whsec_old")
    )


@pytest.mark.parametrize(
    ("channel", "url", "code"),
    [
        ("webhook", "http://receiver.example/", "https_required"),
        ("webhook", "receiver.example", "https_required"),
        ("webhook", "", "validation_error"),
        ("webhook", "javascript:alert(1)", "https_required"),
        ("webhook", "file:///etc/passwd", "https_required"),
        ("webhook", "https://" + "x" * 3_000, "url_too_long"),
        ("webhook", "https://127.0.0.1/", "endpoint_not_allowed"),
        ("webhook", "https://[::ffff:7f00:1]/", "endpoint_not_allowed"),
        ("webhook", "https://2130706433/", "endpoint_not_allowed"),
        ("webhook", "https://0x7f.1/", "endpoint_not_allowed"),
        ("webhook", "https://localhost./", "endpoint_not_allowed"),
        ("webhook", "https://metadata.internal/", "endpoint_not_allowed"),
        ("webhook", "https://user:pw@receiver.example/", "endpoint_not_allowed"),
        ("webhook", "https://receiver.example:22/", "endpoint_not_allowed"),
        ("webhook", "https://receiver.example:x/", "endpoint_not_allowed"),
        ("webhook", "https://[64:ff9b::a9fe:a9fe]/", "endpoint_not_allowed"),
        ("webhook", "https://rece iver.example/", "endpoint_not_allowed"),
        ("webhook", "https:///", "endpoint_not_allowed"),
        ("webhook", SLACK, "host_not_allowed"),
        ("webhook", TEAMS, "host_not_allowed"),
        ("slack", URL, "host_not_allowed"),
        ("slack", "https://hooks.slack.com.evil.example/services/T", "host_not_allowed"),
        ("slack", "https://hooks.slack.com/workflows/T", "host_not_allowed"),
        ("teams", URL, "host_not_allowed"),
        ("teams", "https://logic.azure.com.evil.example/", "host_not_allowed"),
        ("email", URL, "validation_error"),
        ("fax", URL, "validation_error"),
    ],
)
def test_what_cannot_be_posted_to_is_refused(
    as_ana: JsonClient, channel: str, url: str, code: str
) -> None:
    answer = post(as_ana, channel=channel, url=url)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Address.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"channel": "webhook"},
        {"channel": "webhook", "url": 7},
        {"channel": ["webhook"], "url": URL},
        {"channel": "webhook", "url": URL, "label": "x" * 81},
        {"channel": "webhook", "url": URL, "secret": "whsec_mine"},
        {"channel": "webhook", "url": f"{URL}\x00"},
        [],
    ],
    ids=str,
)
def test_a_body_of_another_shape_is_refused(as_ana: JsonClient, body: Any) -> None:
    assert as_ana.post(PATH, body).status_code == (400 if body == [] else 422)
    assert not Address.objects.exists()


def test_our_own_address_is_refused(as_ana: JsonClient, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://vigil.example"
    answer = post(as_ana, url="https://VIGIL.example/webhooks/community")
    assert (answer.status_code, answer.json()["code"]) == (422, "host_not_allowed")


def test_too_many_are_refused(as_ana: JsonClient, hook: Address, settings: Settings) -> None:
    settings.ADDRESSES_PER_CHANNEL = 1
    assert post(as_ana, url=f"{URL}/2").status_code == 409


def test_a_webhook_s_secret_is_shown_once(as_ana: JsonClient, ana: User) -> None:
    answer = post(as_ana, label="Ours")
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    secret = answer.json()["secret"]
    check_secret(Scheme.STANDARD_WEBHOOKS, secret)
    listed = as_ana.get(PATH)
    assert listed.json()["hooks"] == [answer.json()["hook"]]
    assert secret not in listed.content.decode()
    row = Address.objects.get(user=ana)
    assert (row.value, row.state, row.label) == (URL, "active", "Ours")
    assert valid_secrets(row.details or {}, row.created_at) == [secret]


def test_a_url_is_never_shown_in_full(as_ana: JsonClient) -> None:
    post(as_ana)
    post(as_ana, url="https://short.example/s3cret")
    shown = [hook["url"] for hook in as_ana.get(PATH).json()["hooks"]]
    assert shown == ["https://receiver.example/…cdef", "https://short.example/…"]


@pytest.mark.parametrize(("channel", "url"), [("slack", SLACK), ("teams", TEAMS)])
def test_slack_and_teams_have_no_secret(as_ana: JsonClient, channel: str, url: str) -> None:
    answer = post(as_ana, channel=channel, url=url)
    assert (answer.status_code, answer.json()["secret"]) == (201, "")
    rotated = as_ana.post(f"{PATH}/{answer.json()['hook']['id']}/rotate")
    assert rotated.status_code == 409


def test_the_same_url_again_keeps_its_secret(as_ana: JsonClient) -> None:
    post(as_ana)
    before = Address.objects.get().details
    assert post(as_ana).status_code == 409
    assert Address.objects.get().details == before


def test_a_new_secret_signs_beside_the_old_one(as_ana: JsonClient, hook: Address) -> None:
    answer = as_ana.post(f"{PATH}/{hook.public_id}/rotate")
    assert answer.status_code == 200
    hook.refresh_from_db()
    details = hook.details or {}
    now = hook.updated_at
    assert valid_secrets(details, now) == [answer.json()["secret"], "whsec_old"]
    assert valid_secrets(details, now + timedelta(days=1)) == [answer.json()["secret"]]
    until = datetime.fromisoformat(answer.json()["hook"]["formerSecretUntil"])
    assert timedelta(hours=23) < until - now <= timedelta(days=1)


def test_what_is_taken_away_is_gone_and_its_secret_too(as_ana: JsonClient, hook: Address) -> None:
    assert as_ana.delete(f"{PATH}/{hook.public_id}").status_code == 204
    assert as_ana.get(PATH).json() == {"hooks": []}
    hook.refresh_from_db()
    assert (hook.state, hook.off_reason, hook.details) == ("off", OffReason.BY_HAND, None)
    for again in ("rotate", "enable"):
        assert as_ana.post(f"{PATH}/{hook.public_id}/{again}").status_code == 404
    assert as_ana.delete(f"{PATH}/{hook.public_id}").status_code == 404


def test_what_was_taken_away_can_be_added_with_a_new_secret(
    as_ana: JsonClient, hook: Address
) -> None:
    as_ana.delete(f"{PATH}/{hook.public_id}")
    answer = post(as_ana)
    assert answer.status_code == 201
    assert answer.json()["hook"]["active"] is True
    hook.refresh_from_db()
    assert valid_secrets(hook.details or {}, hook.updated_at) == [answer.json()["secret"]]


def test_one_that_is_off_is_shown_with_its_reason_and_switched_on(
    as_ana: JsonClient, hook: Address, now: datetime
) -> None:
    Address.objects.update(state="off", off_reason="failing", off_at=now, failing_since=now)
    [shown] = as_ana.get(PATH).json()["hooks"]
    assert (shown["active"], shown["offReason"]) == (False, "failing")
    answer = as_ana.post(f"{PATH}/{hook.public_id}/enable")
    assert (answer.status_code, answer.json()["active"]) == (200, True)
    assert answer.json()["failingSince"] is None


def test_other_people_s_addresses_and_other_channels_are_no_hooks(
    as_boris: JsonClient, hook: Address, boris: User
) -> None:
    browser = factories.make_address(user=boris, channel="web_push")
    assert as_boris.get(PATH).json() == {"hooks": []}
    for row in (hook, browser):
        assert as_boris.delete(f"{PATH}/{row.public_id}").status_code == 404
        assert as_boris.post(f"{PATH}/{row.public_id}/rotate").status_code == 404


def test_everything_that_is_done_to_hooks_is_on_record(as_ana: JsonClient, ana: User) -> None:
    public_id = post(as_ana).json()["hook"]["id"]
    as_ana.post(f"{PATH}/{public_id}/rotate")
    as_ana.delete(f"{PATH}/{public_id}")
    rows = AuditEvent.objects.filter(subject=f"address:{public_id}").order_by("id")
    assert [row.metadata["action"] for row in rows] == ["added", "rotated", "removed"]
    assert {row.actor_id for row in rows} == {ana.pk}
    assert "receiver.example" not in "".join(f"{row.metadata}{row.message}" for row in rows)


# Recover


@pytest.fixture
def lost(northwind: Business, ana: User, hook: Address, now: datetime) -> list[Delivery]:
    """Given up a day ago, two hours ago and one hour ago; one was told, one is another hook's."""
    other = factories.make_address(user=ana, channel="webhook")
    made = []
    for state, hours, address in (
        (State.DEAD, 24, hook),
        (State.FAILED, 2, hook),
        (State.DEAD, 1, hook),
        (State.DELIVERED, 1, hook),
        (State.DEAD, 1, other),
    ):
        note = factories.make_notification(
            event=factories.make_event(business=northwind, user=ana), user=ana, now=now
        )
        made.append(
            factories.make_delivery(
                notification=note,
                channel="webhook",
                address=address,
                state=state,
                reason="http_500",
                attempt_count=9,
                failure_count=9,
                due_at=now,
                finished_at=now - timedelta(hours=hours),
            )
        )
    return made


def states(rows: list[Delivery]) -> list[str]:
    for row in rows:
        row.refresh_from_db()
    return [row.state for row in rows]


def recover(api: JsonClient, hook: Address, since: datetime) -> Any:
    return api.post(f"{PATH}/{hook.public_id}/recover", {"since": since.isoformat()})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"since": "yesterday"},
        {"since": "2026-03-04T12:00:00"},
        {"since": 5},
        {"since": "2999-01-01T00:00:00Z"},
        {"since": "2001-01-01T00:00:00Z"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"since": "2026-03-04T12:00:00Z", "all": True},
    ],
    ids=str,
)
def test_a_moment_to_recover_from_must_be_one_of_late(
    as_ana: JsonClient, hook: Address, body: Any
) -> None:
    assert as_ana.post(f"{PATH}/{hook.public_id}/recover", body).status_code == 422


def test_a_hook_that_is_off_recovers_nothing(
    as_ana: JsonClient, hook: Address, lost: list[Delivery], now: datetime
) -> None:
    Address.objects.update(state="off", off_reason="failing")
    assert recover(as_ana, hook, now - timedelta(days=2)).status_code == 409
    assert states(lost)[0] == State.DEAD


def test_what_was_lost_since_then_is_due_again_once(
    as_ana: JsonClient, hook: Address, lost: list[Delivery], now: datetime
) -> None:
    answer = recover(as_ana, hook, now - timedelta(hours=3))
    assert answer.json() == {"requeued": 2, "expired": 0, "more": False}
    expected = [State.DEAD, State.RETRY, State.RETRY, State.DELIVERED, State.DEAD]
    assert states(lost) == expected
    again = lost[1]
    assert (again.failure_count, again.attempt_count, again.finished_at) == (0, 9, None)
    assert recover(as_ana, hook, now - timedelta(hours=3)).json()["requeued"] == 0
    assert states(lost) == expected


def test_what_is_too_late_to_tell_is_left(
    as_ana: JsonClient, hook: Address, lost: list[Delivery], now: datetime
) -> None:
    note = lost[1].notification
    assert note is not None
    note.expires_at = now - timedelta(minutes=1)
    note.save()
    answer = recover(as_ana, hook, now - timedelta(hours=3))
    assert answer.json() == {"requeued": 1, "expired": 1, "more": False}


def test_many_are_taken_the_oldest_first(
    as_ana: JsonClient, hook: Address, lost: list[Delivery], now: datetime, settings: Settings
) -> None:
    settings.HOOK_RECOVER_MAX_ROWS = 2
    answer = recover(as_ana, hook, now - timedelta(days=2))
    assert answer.json() == {"requeued": 2, "expired": 0, "more": True}
    assert states(lost)[:3] == [State.RETRY, State.RETRY, State.DEAD]


def test_recovering_is_limited_and_on_record(
    as_ana: JsonClient, hook: Address, lost: list[Delivery], now: datetime, settings: Settings
) -> None:
    settings.HOOK_RECOVER_PER_MINUTE = 1
    assert recover(as_ana, hook, now - timedelta(hours=3)).status_code == 200
    refused = recover(as_ana, hook, now - timedelta(hours=3))
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    row = AuditEvent.objects.get(subject=f"address:{hook.public_id}")
    assert (row.type, row.metadata["requeued"]) == ("task_retried", 2)


def test_nobody_recovers_for_others(as_zoe: JsonClient, hook: Address, now: datetime) -> None:
    assert recover(as_zoe, hook, now - timedelta(hours=3)).status_code == 404
