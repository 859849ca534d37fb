"""Proposals through the API; who may see them is in test_tenancy."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import Business, User
from apps.notifications.models import Proposal
from apps.notifications.types import ProposalKind
from apps.rules.models import Silence
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

PATH = "/api/notifications/proposals"


@pytest.fixture
def offered(northwind: Business, ana: User) -> Proposal:
    return factories.make_proposal(business=northwind, user=ana)


def answer(api: JsonClient, row: Proposal, word: str, body: Any = None) -> Any:
    return api.post(f"{PATH}/{row.public_id}/{word}", body)


@pytest.mark.parametrize("query", ["status=done", "status=OPEN", "kind=mute_category", "limit=0"])
def test_what_nobody_knows_is_refused(as_ana: JsonClient, query: str) -> None:
    assert as_ana.get(f"{PATH}?{query}").status_code == 422


def test_an_id_that_is_none_is_not_found(as_ana: JsonClient, offered: Proposal) -> None:
    assert as_ana.post(f"{PATH}/{offered.pk}/accept").status_code == 404
    assert as_ana.post(f"{PATH}/{offered.public_id}/perhaps").status_code == 404


def test_answering_needs_a_post(as_ana: JsonClient, offered: Proposal) -> None:
    assert as_ana.get(f"{PATH}/{offered.public_id}/accept").status_code == 405


def test_a_key_that_may_only_read_may_not_answer(
    northwind: Business, ana: User, anonymous: JsonClient, offered: Proposal
) -> None:
    _, key = factories.make_api_key(business=northwind, user=ana)
    anonymous.credentials(HTTP_X_API_KEY=key)
    assert answer(anonymous, offered, "accept").status_code == 403
    assert anonymous.get(PATH).json()["total"] == 1


def test_a_second_answer_is_a_conflict_that_says_why(as_ana: JsonClient, offered: Proposal) -> None:
    assert answer(as_ana, offered, "reject").status_code == 200
    again = answer(as_ana, offered, "accept")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert again.json()["detail"] == "This proposal is rejected"
    assert not Silence.objects.exists()


def test_what_was_changed_since_is_a_conflict_that_says_so(
    as_ana: JsonClient, northwind: Business, ana: User
) -> None:
    row = factories.make_proposal(business=northwind, user=ana, kind=ProposalKind.RAISE_MIN_URGENCY)
    answer(as_ana, row, "accept")
    as_ana.patch("/v3/proactive/preferences", {"min_urgency": "high"})
    refused = answer(as_ana, row, "undo")
    assert refused.status_code == 409
    assert "changed this since" in refused.json()["detail"]
    assert as_ana.get("/v3/proactive/preferences").json()["min_urgency"] == "high"


def test_a_proposal_is_shown_with_its_reasons_and_figures(
    as_ana: JsonClient, offered: Proposal
) -> None:
    [row] = as_ana.get(PATH).json()["proposals"]
    assert row.pop("createdAt")
    assert row == {
        "id": str(offered.public_id),
        "kind": "silence_sender",
        "status": "open",
        "category": "newsletter",
        "sender": "deals@shop.example",
        "noticed": "Of 6 newsletter notifications from deals@shop.example in the last 30 days you "
        "dismissed 5, and called none helpful.",
        "willChange": "For 180 days you are told nothing of the category newsletter from "
        "deals@shop.example any more, unless it is urgent.",
        "effect": "The last 30 days would have had 31 interruptions instead of 44, and nothing "
        "urgent later.",
        "change": {"category": "newsletter", "max_priority": 6, "days": 180},
        "evidence": {"told": 6, "read": 1, "helpful": 0, "dismissed": 5, "lessLikeThis": 0},
        "preview": {
            "days": 30,
            "events": 47,
            "interruptions": {"now": 44, "then": 31},
            "digested": {"now": 0, "then": 0},
            "deferred": {"now": 0, "then": 0},
            "dropped": {"now": 3, "then": 16},
            "laterCount": 0,
            "cut": False,
        },
        "doubt": "",
        "since": None,
        "decidedAt": None,
    }


def test_the_open_ones_are_listed_unless_others_are_asked_for(
    as_ana: JsonClient, northwind: Business, ana: User, offered: Proposal, now: datetime
) -> None:
    undecided = (Proposal.Status.OPEN, Proposal.Status.WITHDRAWN)
    for status in (status for status in Proposal.Status if status not in undecided):
        factories.make_proposal(
            business=northwind, user=ana, status=status, decided_at=now - timedelta(days=1)
        )
    shown = {
        status: [row["status"] for row in as_ana.get(f"{PATH}?status={status}").json()["proposals"]]
        for status in Proposal.Status.values
    }
    assert shown.pop("withdrawn") == []
    assert shown == {status: [status] for status in shown}
    asked = [row["status"] for row in as_ana.get(PATH).json()["proposals"]]
    assert sorted(asked) == ["doubted", "open"]


def test_what_proved_wrong_says_why_and_is_kept_or_undone(
    as_ana: JsonClient, northwind: Business, ana: User, offered: Proposal, now: datetime
) -> None:
    refused = answer(as_ana, offered, "keep")
    assert (refused.status_code, refused.json()["detail"]) == (409, "This proposal is open")
    counts = {"told": 0, "read": 0, "helpful": 5, "dismissed": 1, "less_like_this": 0}
    doubted = factories.make_proposal(
        business=northwind,
        user=ana,
        kind=ProposalKind.MUTE_CATEGORY,
        category="news",
        status=Proposal.Status.DOUBTED,
        decided_at=now,
        since=counts,
    )
    shown = as_ana.get(f"{PATH}?status=doubted").json()["proposals"][0]
    assert shown["since"] == {"helpful": 5, "dismissed": 1, "lessLikeThis": 0}
    assert "you called 5 helpful and dismissed 1" in shown["doubt"]
    kept = answer(as_ana, doubted, "keep").json()
    assert (kept["status"], kept["doubt"]) == ("kept", "")


def test_there_and_back(as_ana: JsonClient, offered: Proposal) -> None:
    accepted = answer(as_ana, offered, "accept")
    assert (accepted.status_code, accepted.json()["status"]) == (200, "accepted")
    assert as_ana.get("/api/notifications/silences").json()["total"] == 1
    undone = answer(as_ana, offered, "undo").json()
    assert (undone["status"], undone["decidedAt"] is None) == ("undone", False)
    assert as_ana.get("/api/notifications/silences").json()["total"] == 0
