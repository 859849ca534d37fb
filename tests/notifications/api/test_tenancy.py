"""Every endpoint × the owner, a colleague, another tenant, nobody. Generated from one table."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Business, User
from apps.notifications.models import Notification, Preference, Proposal
from apps.notifications.types import ProposalKind
from apps.rules.models import Silence, VipSender
from tests import factories
from tests.conftest import ApiFor, JsonClient

pytestmark = pytest.mark.django_db

UNKNOWN = "01a1fbe1-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    method: str
    path: str
    own: int
    others: int
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


# Paths with an id are of Ana's things: others get 404. The others' own lists are 200, and empty.
ENDPOINTS = [
    Endpoint(method="get", path="/v3/proactive/preferences", own=200, others=200),
    Endpoint(
        method="patch",
        path="/v3/proactive/preferences",
        own=200,
        others=200,
        body={"enabled": True},
    ),
    Endpoint(
        method="post",
        path="/v3/proactive/preferences/preview",
        own=200,
        others=200,
        body={"enabled": True},
    ),
    Endpoint(method="get", path="/api/notifications/preferences", own=200, others=200),
    Endpoint(
        method="put",
        path="/api/notifications/preferences",
        own=200,
        others=200,
        body={"channel": "in_app", "settings": {"enabled": True}},
    ),
    Endpoint(method="get", path="/api/v1/user-preferences/me", own=200, others=200),
    Endpoint(
        method="put",
        path="/api/v1/user-preferences/me",
        own=200,
        others=200,
        body={"notification_enabled": True},
    ),
    Endpoint(method="get", path="/v3/proactive/vips", own=200, others=200),
    Endpoint(
        method="post",
        path="/v3/proactive/vips",
        own=201,
        others=201,
        body={"address": "@x.example"},
    ),
    Endpoint(method="delete", path="/v3/proactive/vips/{vip}", own=204, others=404),
    Endpoint(method="get", path="/v3/proactive/events", own=200, others=200),
    Endpoint(method="get", path="/v3/proactive/events/{event}", own=200, others=404),
    Endpoint(method="get", path="/v3/proactive/events/{waiting}", own=200, others=404),
    Endpoint(method="get", path="/api/notifications/history", own=200, others=200),
    Endpoint(
        method="post",
        path="/api/notifications/snooze",
        own=201,
        others=201,
        body={"for": "hour"},
    ),
    Endpoint(method="delete", path="/api/notifications/snooze", own=204, others=204),
    Endpoint(method="get", path="/api/notifications/silences", own=200, others=200),
    Endpoint(
        method="post",
        path="/api/notifications/silences",
        own=201,
        others=201,
        body={
            "category": "newsletter",
            "expiresAt": (timezone.now() + timedelta(days=1)).isoformat(),
        },
    ),
    Endpoint(method="delete", path="/api/notifications/silences/{silence}", own=204, others=404),
    Endpoint(method="patch", path="/api/notifications/{notification}/read", own=200, others=404),
    Endpoint(
        method="post",
        path="/api/notifications/{notification}/feedback",
        own=201,
        others=404,
        body={"kind": "helpful"},
    ),
    Endpoint(method="get", path="/api/notifications/hooks", own=200, others=200),
    Endpoint(
        method="post",
        path="/api/notifications/hooks",
        own=201,
        others=201,
        body={"channel": "webhook", "url": "https://receiver.example/"},
    ),
    Endpoint(method="post", path="/api/notifications/hooks/{hook}/rotate", own=200, others=404),
    Endpoint(method="post", path="/api/notifications/hooks/{hook}/enable", own=200, others=404),
    Endpoint(
        method="post",
        path="/api/notifications/hooks/{hook}/recover",
        own=200,
        others=404,
        body={"since": (timezone.now() - timedelta(days=1)).isoformat()},
    ),
    Endpoint(method="delete", path="/api/notifications/hooks/{hook}", own=204, others=404),
    Endpoint(method="get", path="/api/notifications/proposals", own=200, others=200),
    Endpoint(
        method="post", path="/api/notifications/proposals/{proposal}/accept", own=200, others=404
    ),
    Endpoint(
        method="post", path="/api/notifications/proposals/{proposal}/reject", own=200, others=404
    ),
    Endpoint(
        method="post", path="/api/notifications/proposals/{doubted}/keep", own=200, others=404
    ),
    Endpoint(
        method="post", path="/api/notifications/proposals/{accepted}/undo", own=200, others=404
    ),
]
LISTS = [
    ("/v3/proactive/vips", "vips"),
    ("/v3/proactive/events", "events"),
    ("/api/notifications/history", "notifications"),
    ("/api/notifications/silences", "silences"),
    ("/api/notifications/proposals?status=open", "proposals"),
]
WITH_ID = [endpoint for endpoint in ENDPOINTS if "{" in endpoint.path]

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
every_id = pytest.mark.parametrize("endpoint", WITH_ID, ids=str)

Call = Callable[[JsonClient, Endpoint], int]


@pytest.fixture
def call(northwind: Business, ana: User) -> Call:
    """Calls an endpoint about Ana's things and returns the status."""
    event = factories.make_event(business=northwind, user=ana)
    account = factories.make_linked_account(business=northwind, user=ana)
    waiting = factories.make_raw_event(
        business=northwind, accounts=[f"{account.kind}:{account.external_id}"]
    )
    accepted = factories.make_proposal(
        business=northwind,
        user=ana,
        kind=ProposalKind.RAISE_MIN_URGENCY,
        status=Proposal.Status.ACCEPTED,
        decided_at=factories.values.NOON,
        change={"min_urgency": "low"},
        former={"min_urgency": "medium"},
    )
    doubted = factories.make_proposal(
        business=northwind,
        user=ana,
        status=Proposal.Status.DOUBTED,
        decided_at=factories.values.NOON,
    )
    ids = {
        "event": event.public_id,
        "waiting": waiting.correlation_id,
        "notification": factories.make_notification(event=event, user=ana).public_id,
        "vip": factories.make_vip(business=northwind, user=ana).public_id,
        "silence": factories.make_silence(business=northwind, user=ana, category="news").public_id,
        "proposal": factories.make_proposal(business=northwind, user=ana).public_id,
        "hook": factories.make_address(user=ana, channel="webhook").public_id,
        "accepted": accepted.public_id,
        "doubted": doubted.public_id,
    }

    def status(api: JsonClient, endpoint: Endpoint) -> int:
        send = getattr(api, endpoint.method)
        return int(send(endpoint.path.format(**ids), endpoint.body).status_code)

    return status


@every_endpoint
def test_nobody_sees_nothing(call: Call, anonymous: JsonClient, endpoint: Endpoint) -> None:
    assert call(anonymous, endpoint) == 401


@every_endpoint
def test_somebody_without_a_business_sees_nothing(
    call: Call, api_for: ApiFor, endpoint: Endpoint
) -> None:
    assert call(api_for(factories.make_user(name="Nora")), endpoint) == 403


@every_endpoint
def test_another_tenant_learns_nothing(call: Call, as_zoe: JsonClient, endpoint: Endpoint) -> None:
    assert call(as_zoe, endpoint) == endpoint.others


@every_endpoint
def test_a_colleague_learns_nothing(call: Call, as_boris: JsonClient, endpoint: Endpoint) -> None:
    assert call(as_boris, endpoint) == endpoint.others


@every_endpoint
def test_the_owner_is_served(call: Call, as_ana: JsonClient, endpoint: Endpoint) -> None:
    assert call(as_ana, endpoint) == endpoint.own


@every_id
def test_staff_of_another_tenant_learns_nothing(
    call: Call, zoe: User, as_zoe: JsonClient, endpoint: Endpoint
) -> None:
    User.objects.filter(pk=zoe.pk).update(is_staff=True)
    assert call(as_zoe, endpoint) == 404


@every_id
def test_an_id_nobody_has_looks_the_same(as_ana: JsonClient, endpoint: Endpoint) -> None:
    path = re.sub(r"{\w+}", UNKNOWN, endpoint.path)
    assert getattr(as_ana, endpoint.method)(path, endpoint.body).status_code == 404


@pytest.mark.parametrize(("path", "key"), LISTS)
@pytest.mark.parametrize("name", ["as_boris", "as_zoe"])
def test_the_others_lists_are_empty(
    call: Call, request: pytest.FixtureRequest, path: str, key: str, name: str
) -> None:
    answer = request.getfixturevalue(name).get(path).json()
    assert (answer["total"], answer[key]) == (0, [])


@pytest.mark.parametrize(("path", "key"), LISTS)
def test_the_owners_list_has_one(call: Call, as_ana: JsonClient, path: str, key: str) -> None:
    answer = as_ana.get(path).json()
    assert (answer["total"], len(answer[key])) == (1, 1)


@pytest.mark.parametrize(("path", "key"), LISTS)
def test_what_somebody_had_before_they_moved_stays_behind(
    call: Call, ana: User, southbank: Business, as_ana: JsonClient, path: str, key: str
) -> None:
    ana.memberships.all().delete()
    factories.make_membership(user=ana, business=southbank)
    assert as_ana.get(path).json()["total"] == 0


def test_a_colleagues_try_changes_nothing(
    call: Call, as_boris: JsonClient, as_zoe: JsonClient
) -> None:
    for api in (as_boris, as_zoe):
        for endpoint in WITH_ID:
            call(api, endpoint)
    assert (VipSender.objects.count(), Silence.objects.count()) == (1, 1)
    assert Notification.objects.get().read_at is None
    assert not Preference.objects.exists()
