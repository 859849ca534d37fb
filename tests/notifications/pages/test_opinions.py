"""Opinions and proposals in the inbox, without scripts."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.notifications.models import Feedback, Notification, Proposal
from apps.notifications.types import ProposalKind
from apps.rules.models import Silence
from tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = '"><img/src=x>@evil.example'
ANSWERS = ("accept", "reject", "keep", "undo")


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


@pytest.fixture
def told(ana: User, northwind: Business, now: datetime) -> Notification:
    at = now - timedelta(hours=1)
    event = factories.make_event(business=northwind, user=ana, received_at=at)
    factories.make_classification(event=event, category=Category.NEWSLETTER)
    return factories.make_notification(event=event, user=ana, now=at, category=Category.NEWSLETTER)


@pytest.fixture
def offered(ana: User, northwind: Business) -> Proposal:
    return factories.make_proposal(business=northwind, user=ana)


def page(client: Client, path: str = "/inbox/") -> str:
    return client.get(path).content.decode()


def pressed(html: str) -> list[str]:
    shown = html.partition("<template")[0]
    return re.findall(r'value="(\w+)" aria-pressed="true"', shown)


def say(client: Client, row: Notification, kind: str, back: str = "") -> tuple[int, str]:
    answer = client.post(f"/inbox/{row.public_id}/feedback/", {"kind": kind, "next": back})
    return answer.status_code, answer.headers.get("Location", "")


def test_nobody_says_anything_without_logging_in_or_a_business(told: Notification) -> None:
    stranger = Client()
    assert say(stranger, told, "helpful")[0] == 302
    stranger.force_login(factories.make_user(name="Nora"))
    assert say(stranger, told, "helpful")[0] == 403
    assert not Feedback.objects.exists()


def test_a_link_or_a_form_of_another_site_says_nothing(
    browser: Client, ana: User, told: Notification, offered: Proposal
) -> None:
    paths = [f"/inbox/proposals/{offered.public_id}/{word}/" for word in ANSWERS]
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(ana)
    for path in (f"/inbox/{told.public_id}/feedback/", *paths):
        assert browser.get(path).status_code == 405
        assert careful.post(path, {"kind": "helpful"}).status_code == 403


@pytest.mark.parametrize("kind", ["", "wrong", "great"])
def test_an_opinion_nobody_offered_is_refused(
    browser: Client, told: Notification, kind: str
) -> None:
    assert say(browser, told, kind)[0] == 400
    assert not Feedback.objects.exists()


def test_of_a_colleagues_or_of_nothing_nothing_is_said(
    boris: User, told: Notification, offered: Proposal
) -> None:
    client = Client()
    client.force_login(boris)
    assert say(client, told, "helpful")[0] == 404
    assert client.post(f"/inbox/{uuid4()}/feedback/", {"kind": "helpful"}).status_code == 404
    for word in ANSWERS:
        assert client.post(f"/inbox/proposals/{offered.public_id}/{word}/").status_code == 404
    assert "Shall Vigil" not in page(client)


@pytest.mark.parametrize("kind", ["helpful", "dismissed"])
def test_what_was_said_is_shown_where_it_was_said(
    browser: Client, told: Notification, kind: str
) -> None:
    assert pressed(page(browser)) == []
    assert say(browser, told, kind, "/inbox/?show=unread") == (302, "/inbox/?show=unread")
    html = page(browser, "/inbox/?show=unread")
    assert pressed(html) == [kind]
    assert re.search(r'data-slot="noted">Noted: [a-z ]+\.<', html)


def test_the_last_word_counts(browser: Client, told: Notification) -> None:
    for kind in ("less_like_this", "helpful", "dismissed"):
        say(browser, told, kind)
    assert pressed(page(browser)) == ["dismissed"]


def test_a_strangers_page_is_never_led_to(browser: Client, told: Notification) -> None:
    assert say(browser, told, "helpful", "https://evil.example/") == (302, "/inbox/")


def test_less_like_this_opens_what_would_change(browser: Client, told: Notification) -> None:
    assert say(browser, told, "less_like_this", "/inbox/?show=unread") == (302, "/inbox/")
    html = page(browser)
    assert "Of 1 newsletter notifications from carla@acme.example" in html
    assert "0 interruptions instead of 1, and nothing urgent later." in html
    assert not Silence.objects.exists()


def test_a_proposal_says_everything_and_hostile_words_are_text(
    browser: Client, northwind: Business, ana: User
) -> None:
    factories.make_proposal(business=northwind, user=ana, sender=HOSTILE)
    html = page(browser)
    assert "31 interruptions instead of 44, and nothing urgent later." in html
    assert "&quot;&gt;&lt;img/src=x&gt;@evil.example" in html
    assert "<img/src" not in html


def test_accepting_is_said_with_a_way_back(browser: Client, offered: Proposal) -> None:
    path = f"/inbox/proposals/{offered.public_id}"
    assert browser.post(f"{path}/accept/").headers["Location"] == "/inbox/"
    html = page(browser)
    assert "What deals@shop.example sends of the category newsletter is silenced" in html
    assert f'action="{path}/undo/"' in html
    assert "Shall Vigil" not in html
    browser.post(f"{path}/undo/")
    assert "Everything is as it was before." in page(browser)
    assert f"{path}/undo/" not in page(browser)
    assert not Silence.objects.filter(ended_at=None).exists()


def test_no_thanks_takes_it_away(browser: Client, offered: Proposal) -> None:
    browser.post(f"/inbox/proposals/{offered.public_id}/reject/")
    html = page(browser)
    assert "not proposed for 90 days" in html
    assert "Shall Vigil" not in html


def test_what_proved_wrong_is_asked_about_until_it_is_kept(
    browser: Client, northwind: Business, ana: User, now: datetime
) -> None:
    row = factories.make_proposal(
        business=northwind,
        user=ana,
        sender=HOSTILE,
        status=Proposal.Status.DOUBTED,
        decided_at=now - timedelta(days=9),
        since={"told": 0, "read": 0, "helpful": 4, "dismissed": 1, "less_like_this": 0},
    )
    html = page(browser)
    assert "Shall Vigil take this back?" in html
    assert "you called 4 helpful and dismissed 1." in html
    assert "<img/src" not in html
    path = f"/inbox/proposals/{row.public_id}"
    assert f'action="{path}/undo/"' in html
    browser.post(f"{path}/keep/")
    html = page(browser)
    assert "It stays as it is, and you are not asked again." in html
    assert "Shall Vigil" not in html


def test_what_cannot_be_put_back_is_said(browser: Client, northwind: Business, ana: User) -> None:
    row = factories.make_proposal(business=northwind, user=ana, kind=ProposalKind.RAISE_MIN_URGENCY)
    browser.post(f"/inbox/proposals/{row.public_id}/accept/")
    ana.preference.min_urgency = "high"
    ana.preference.save()
    browser.post(f"/inbox/proposals/{row.public_id}/undo/")
    assert "You have changed this since, so it is not put back." in page(browser)


def test_what_was_accepted_long_ago_is_no_longer_shown(
    browser: Client, northwind: Business, ana: User, now: datetime
) -> None:
    factories.make_proposal(
        business=northwind,
        user=ana,
        status=Proposal.Status.ACCEPTED,
        decided_at=now - timedelta(hours=25),
    )
    assert "is silenced" not in page(browser)


def test_proposals_stand_on_the_first_page_alone(browser: Client, offered: Proposal) -> None:
    assert "Shall Vigil" in page(browser)
    assert "Shall Vigil" not in page(browser, "/inbox/?show=unread")


def test_an_open_page_can_fetch_them_alone(browser: Client, boris: User, offered: Proposal) -> None:
    html = page(browser, "/inbox/proposals/")
    assert str(offered.public_id) in html
    assert "<html" not in html
    colleague = Client()
    colleague.force_login(boris)
    assert page(colleague, "/inbox/proposals/").strip() == ""
    assert Client().get("/inbox/proposals/").status_code == 302
