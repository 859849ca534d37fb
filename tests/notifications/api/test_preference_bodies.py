"""A body that is no object changes nothing, and is refused at every door with the reason."""

import json
from typing import Any

import pytest

from apps.accounts.models import User
from apps.notifications.models import ChannelPreference, Preference
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

DOORS = [
    ("patch", "/v3/proactive/preferences"),
    ("put", "/api/notifications/preferences"),
    ("put", "/api/v1/user-preferences/me"),
    ("post", "/api/v1/user-preferences/"),
    ("post", "/v3/proactive/preferences/preview"),
]


@pytest.mark.parametrize(("method", "path"), DOORS)
@pytest.mark.parametrize("body", [None, [], [{"enabled": False}], "enabled", 1, 0.5, True, False])
def test_what_is_no_object_is_refused(
    as_ana: JsonClient, method: str, path: str, body: Any
) -> None:
    response = getattr(as_ana, method)(path, json.dumps(body), content_type="application/json")
    assert response.status_code == 400
    answer = response.json()
    assert (answer["code"], list(answer["fields"])) == ("not_an_object", ["body"])
    assert not Preference.objects.exists()
    assert not ChannelPreference.objects.exists()


def test_the_reason_says_what_came_instead(as_ana: JsonClient) -> None:
    answer = as_ana.patch(DOORS[0][1], "null", content_type="application/json").json()
    assert answer["fields"] == {"body": "This must be a JSON object, not null."}


@pytest.mark.parametrize(("method", "path"), [DOORS[0], DOORS[2]])
def test_no_body_at_all_says_as_much_as_an_empty_object(
    as_ana: JsonClient, method: str, path: str
) -> None:
    assert getattr(as_ana, method)(path).status_code == 200
    assert getattr(as_ana, method)(path, {}).status_code == 200


@pytest.mark.parametrize(
    ("door", "name"), [(DOORS[0], "categories"), (DOORS[2], "notification_categories")]
)
def test_a_category_that_is_named_twice_is_kept_once(
    as_ana: JsonClient, door: tuple[str, str], name: str
) -> None:
    method, path = door
    named = ["risk", "news", "risk", "news"]
    assert getattr(as_ana, method)(path, {name: named}).json()[name] == ["risk", "news"]
    assert Preference.objects.get().categories == ["risk", "news"]


def test_so_it_is_where_an_admin_makes_them(as_ana: JsonClient, boris: User) -> None:
    body = {"user_id": str(boris.public_id), "notification_categories": ["news", "news"]}
    answer = as_ana.post("/api/v1/user-preferences/", body).json()
    assert answer["notification_categories"] == ["news"]
