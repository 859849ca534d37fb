from typing import Any

import pytest

from apps.accounts.models import Consent, User
from tests import factories
from tests.conftest import ApiFor, JsonClient
from tests.factories.values import NOON
from tests.notifications import careful

pytestmark = pytest.mark.django_db

PATH = "/api/notifications/consents"
CHANNELS = ("web_push", "sms", "whatsapp", "email")
# Of these, those that nobody is told through without their consent.
ASKING = ("sms", "whatsapp")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"granted": True}, "purpose"),
        ({"purpose": "sms"}, "granted"),
        ({"purpose": "fax", "granted": True}, "purpose"),
        ({"purpose": "in_app", "granted": True}, "purpose"),
        ({"purpose": "x" * 10_000, "granted": True}, "purpose"),
        ({"purpose": None, "granted": True}, "purpose"),
        ({"purpose": "sms", "granted": "yes"}, "granted"),
        ({"purpose": "sms", "granted": True, "user": 7}, "user"),
    ],
    ids=str,
)
def test_a_wrong_word_is_refused_by_its_name(
    as_ana: JsonClient, body: dict[str, Any], field: str
) -> None:
    answer = as_ana.put(PATH, body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert not Consent.objects.exists()


def test_nobody_speaks_without_logging_in(anonymous: JsonClient) -> None:
    assert anonymous.put(PATH, {"purpose": "sms", "granted": True}).status_code == 401


def test_whoever_never_spoke_consents_to_being_told_and_to_no_channel(as_ana: JsonClient) -> None:
    told = {"purpose": "notifications", "granted": True, "since": None, "needed": True}
    rest = [
        {"purpose": name, "granted": False, "since": None, "needed": name in ASKING}
        for name in CHANNELS
    ]
    assert as_ana.get(PATH).json() == {"consents": [told, *rest]}


def test_a_channel_that_asks_for_consent_is_marked(
    as_ana: JsonClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful.install(monkeypatch, "pager")
    needed = {row["purpose"] for row in as_ana.get(PATH).json()["consents"] if row["needed"]}
    assert needed == {"notifications", *ASKING, "pager"}


def test_what_is_said_is_shown_with_its_moment(as_ana: JsonClient, ana: User) -> None:
    answer = as_ana.put(PATH, {"purpose": "notifications", "granted": False})
    assert answer.status_code == 200
    row = Consent.objects.get()
    assert (row.user, row.actor, row.source, row.granted) == (ana, ana, "api", False)
    shown = answer.json()["consents"][0]
    assert (shown["granted"], shown["since"] is not None) == (False, True)
    assert as_ana.get(PATH).json() == answer.json()


def test_everybody_speaks_for_themselves(as_ana: JsonClient, boris: User, api_for: ApiFor) -> None:
    factories.make_consent(user=boris, granted=False, recorded_at=NOON)
    assert as_ana.get(PATH).json()["consents"][0]["granted"] is True
    assert api_for(boris).get(PATH).json()["consents"][0]["granted"] is False
