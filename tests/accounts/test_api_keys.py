from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import ApiKey, Business, Membership, User
from apps.accounts.services import api_keys
from apps.core.errors import Forbidden, InvalidInput
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

VIPS = "/v3/proactive/vips"


def with_key(text: str) -> JsonClient:
    return JsonClient(headers={"Authorization": f"Api-Key {text}"})


@pytest.mark.parametrize(
    "text", ["", "x", "vgl_", "vgl_00000000_secret", "vgl__", "_" * 300, "vgl_ä_ö"]
)
def test_a_malformed_or_unknown_key_is_refused(text: str) -> None:
    answer = with_key(text).get(VIPS)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"]


def test_the_right_prefix_with_another_secret_is_refused(northwind: Business, ana: User) -> None:
    key, _ = factories.make_api_key(business=northwind, user=ana)
    assert with_key(f"{key.prefix}_guess").get(VIPS).status_code == 401


def test_an_expired_key_is_refused(northwind: Business, ana: User, now: datetime) -> None:
    _, text = factories.make_api_key(
        business=northwind, user=ana, expires_at=now - timedelta(seconds=1)
    )
    assert with_key(text).get(VIPS).status_code == 401


def test_a_revoked_key_is_refused(northwind: Business, ana: User, now: datetime) -> None:
    _, text = factories.make_api_key(business=northwind, user=ana, revoked_at=now)
    assert with_key(text).get(VIPS).status_code == 401


def test_a_key_of_somebody_who_left_is_refused(northwind: Business, ana: User) -> None:
    _, text = factories.make_api_key(business=northwind, user=ana)
    Membership.objects.filter(user=ana).delete()
    assert with_key(text).get(VIPS).status_code == 401


def test_a_key_of_somebody_who_was_switched_off_is_refused(northwind: Business, ana: User) -> None:
    _, text = factories.make_api_key(business=northwind, user=ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert with_key(text).get(VIPS).status_code == 401


def test_a_key_for_another_business_than_its_owners_is_refused(
    southbank: Business, ana: User
) -> None:
    _, text = factories.make_api_key(business=southbank, user=ana)
    assert with_key(text).get(VIPS).status_code == 401


def test_a_key_that_may_only_read_cannot_write(northwind: Business, ana: User) -> None:
    _, text = factories.make_api_key(business=northwind, user=ana, scopes=("read",))
    answer = with_key(text).post(VIPS, {"address": "carla@acme.example"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"


def test_a_key_that_may_only_write_cannot_read(northwind: Business, ana: User) -> None:
    _, text = factories.make_api_key(business=northwind, user=ana, scopes=("write",))
    assert with_key(text).get(VIPS).status_code == 403


def test_a_key_with_both_scopes_does_both(northwind: Business, ana: User) -> None:
    _, text = factories.make_api_key(business=northwind, user=ana, scopes=("read", "write"))
    assert with_key(text).post(VIPS, {"address": "carla@acme.example"}).status_code == 201
    assert with_key(text).get(VIPS).json()["total"] == 1


def test_the_other_header_works_too(northwind: Business, ana: User) -> None:
    _, text = factories.make_api_key(business=northwind, user=ana)
    assert JsonClient(headers={"X-API-Key": text}).get(VIPS).status_code == 200


def test_a_use_is_noted_at_most_once_a_minute(
    northwind: Business, ana: User, now: datetime
) -> None:
    key, text = factories.make_api_key(business=northwind, user=ana)
    for seconds in (0, 59, 60, 61):
        api_keys.check(text, now=now + timedelta(seconds=seconds))
    key.refresh_from_db()
    assert key.last_used_at == now + timedelta(seconds=60)


@pytest.mark.parametrize("scopes", [(), ("admin",), ("read", "everything")])
def test_a_key_needs_scopes_that_exist(ana: User, scopes: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        api_keys.create(user=ana, name="Import", scopes=scopes)


def test_a_key_is_only_made_for_somebody_who_works_somewhere(db: None) -> None:
    with pytest.raises(Forbidden):
        api_keys.create(user=factories.make_user(), name="Import", scopes=["read"])


def test_the_command_prints_a_working_key_once(
    ana: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_api_key", ana.email, "Import", "--scope", "read", "--days", "7")
    text = capsys.readouterr().out.strip()
    assert with_key(text).get(VIPS).status_code == 200
    secret = text.split("_", 2)[2]
    assert secret.encode() not in bytes(ApiKey.objects.get().digest)


def test_the_command_refuses_an_unknown_address() -> None:
    with pytest.raises(CommandError, match="Nobody"):
        call_command("create_api_key", "nobody@example.com", "Import")
