from typing import Any

import pytest

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.core.crypto import blind_index
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.rules.models import VipSender
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

PATH = "/v3/proactive/vips"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "address"),
        ({"address": "*@*"}, "address"),
        ({"address": None}, "address"),
        ({"address": ["carla@acme.example"]}, "address"),
        ({"address": "x" * 255}, "address"),
        ({"address": "carla@acme.example", "label": 7}, "label"),
        ({"address": "carla@acme.example", "label": "x" * 101}, "label"),
        ({"address": "carla@acme.example", "priority": 0}, "priority"),
        ({"address": "carla@acme.example", "priority": 11}, "priority"),
        ({"address": "carla@acme.example", "priority": "8"}, "priority"),
        ({"address": "carla@acme.example", "shared": True}, "shared"),
        ({"address": "carla@acme.example", "user": 1}, "user"),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_by_its_name(
    as_ana: JsonClient, body: dict[str, Any], field: str
) -> None:
    answer = as_ana.post(PATH, body)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize("again", ["carla@acme.example", " Carla@ACME.example"])
def test_the_same_sender_twice_is_a_conflict(as_ana: JsonClient, again: str) -> None:
    as_ana.post(PATH, {"address": "carla@acme.example"})
    answer = as_ana.post(PATH, {"address": again})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert VipSender.objects.count() == 1


def test_a_colleague_may_have_the_same_sender(as_ana: JsonClient, as_boris: JsonClient) -> None:
    as_ana.post(PATH, {"address": "carla@acme.example"})
    assert as_boris.post(PATH, {"address": "carla@acme.example"}).status_code == 201


def test_a_shared_one_cannot_be_taken_off(northwind: Business, as_ana: JsonClient) -> None:
    vip = factories.make_vip(business=northwind, user=None)
    assert as_ana.delete(f"{PATH}/{vip.public_id}").status_code == 403
    assert VipSender.objects.filter(pk=vip.pk).exists()


def test_another_tenants_shared_one_does_not_exist(southbank: Business, as_ana: JsonClient) -> None:
    vip = factories.make_vip(business=southbank, user=None)
    assert as_ana.delete(f"{PATH}/{vip.public_id}").status_code == 404


def test_a_second_delete_finds_nothing(northwind: Business, ana: User, as_ana: JsonClient) -> None:
    vip = factories.make_vip(business=northwind, user=ana)
    statuses = [as_ana.delete(f"{PATH}/{vip.public_id}").status_code for _ in range(2)]
    assert statuses == [204, 404]


def test_an_added_sender_is_shown(as_ana: JsonClient) -> None:
    answer = as_ana.post(PATH, {"address": "Carla@Acme.example", "label": "Carla", "priority": 9})
    assert answer.status_code == 201
    body = answer.json()
    assert (body["address"], body["label"], body["priority"]) == ("carla@acme.example", "Carla", 9)
    assert body["shared"] is False
    assert as_ana.get(PATH).json()["vips"] == [body]


def test_an_added_sender_is_found_by_the_index_mail_is_looked_up_with(
    as_ana: JsonClient, ana: User, northwind: Business
) -> None:
    as_ana.post(PATH, {"address": "@Acme.example"})
    vip = VipSender.objects.get()
    assert bytes(vip.address_index) == blind_index("@acme.example", context=MAILBOX_CONTEXT)
    assert (vip.user, vip.business, vip.priority) == (ana, northwind, 8)


def test_the_list_holds_own_and_shared_ones_newest_first(
    northwind: Business, southbank: Business, ana: User, boris: User, as_ana: JsonClient
) -> None:
    shared = factories.make_vip(business=northwind, user=None)
    own = factories.make_vip(business=northwind, user=ana)
    factories.make_vip(business=northwind, user=boris)
    factories.make_vip(business=southbank, user=None)
    answer = as_ana.get(PATH).json()
    assert [vip["id"] for vip in answer["vips"]] == [str(own.public_id), str(shared.public_id)]
    assert [vip["shared"] for vip in answer["vips"]] == [False, True]
    assert answer["total"] == 2


def test_adding_and_removing_is_recorded_without_the_address(as_ana: JsonClient) -> None:
    vip = as_ana.post(PATH, {"address": "carla@acme.example"}).json()
    as_ana.delete(f"{PATH}/{vip['id']}")
    events = AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED)
    assert sorted(event.message for event in events) == ["VIP added", "VIP removed"]
    assert not [event for event in events if "carla" in f"{event.metadata}{event.subject}"]
