"""Unsubscribing by a link: a page for people and scanners, one POST for mail programs."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Business, Consent, User
from apps.accounts.tiers import Tier
from apps.audit.models import AuditEvent
from apps.core.errors import NotFound
from apps.core.identifiers import uuid7
from apps.notifications.channels.base import Links
from apps.notifications.models import ChannelPreference, Notification, Preference, ProviderReport
from apps.notifications.services.links import Purpose, links_of, ticket_of
from tests import factories
from tests.notifications import careful

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def told(ana: User, northwind: Business) -> Notification:
    event = factories.make_event(business=northwind, user=ana)
    return factories.make_notification(event=event, user=ana, category="newsletter")


LinksFor = Callable[..., Links]


@pytest.fixture
def links(ana: User, told: Notification) -> LinksFor:
    def of(**changes: object) -> Links:
        values = {"user_id": ana.pk, "channel": "email", "key": told.public_id, "is_digest": False}
        return links_of(**{**values, **changes})  # type: ignore[arg-type]

    return of


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")


def mail_is_on(user: User) -> bool:
    row = Preference.objects.filter(user=user).first()
    return row is None or row.email_enabled


def topics(user: User, channel: str = "email") -> list[str]:
    row = ChannelPreference.objects.filter(user=user, channel=channel).first()
    return row.muted_topics if row else []


@pytest.mark.parametrize("method", ["get", "head", "post"])
@pytest.mark.parametrize("token", ["x", "AAAA.BBBB", "%00", "a" * 5_000, "é", ".", "a.b.c"])
def test_a_link_that_is_none_is_told_what_to_do_and_a_code(method: str, token: str) -> None:
    answer = getattr(Client(), method)(f"/u/{token}")
    assert answer.status_code == 404
    assert method == "head" or "unknown_link" in answer.content.decode()


def test_a_tampered_link_unsubscribes_nobody(links: LinksFor, ana: User) -> None:
    path = path_of(links().unsubscribe)
    changed = path[:10] + ("A" if path[10] != "A" else "B") + path[11:]
    assert Client().post(changed, ONE_CLICK).status_code == 404
    assert mail_is_on(ana)


def test_a_link_for_the_pixel_unsubscribes_nobody(links: LinksFor, ana: User) -> None:
    token = links(tracked=True).pixel.rpartition("/")[2]
    with pytest.raises(NotFound):
        ticket_of(token, Purpose.UNSUBSCRIBE)
    assert Client().post(f"/u/{token}", ONE_CLICK).status_code == 404


def test_a_scanner_that_follows_the_link_changes_nothing(links: LinksFor, ana: User) -> None:
    path = path_of(links().unsubscribe)
    answers = [Client().get(path), Client().head(path), Client().get(path, {"what": "channel"})]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert mail_is_on(ana)
    assert topics(ana) == []


def test_one_click_needs_no_login_no_cookie_and_no_csrf_token(links: LinksFor, ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path_of(links().unsubscribe), ONE_CLICK)
    assert answer.status_code == 200
    assert not mail_is_on(ana)
    assert client.cookies == {}
    [audited] = AuditEvent.objects.filter(message="Preferences changed")
    assert audited.metadata["fields"] == ["email_enabled"]


def test_one_click_as_a_multipart_form_is_one_click(links: LinksFor, ana: User) -> None:
    field = b'Content-Disposition: form-data; name="List-Unsubscribe"'
    body = b"--b\r\n" + field + b"\r\n\r\nOne-Click\r\n--b--\r\n"
    path = path_of(links().unsubscribe)
    assert Client().post(path, body, "multipart/form-data; boundary=b").status_code == 200
    assert not mail_is_on(ana)


def test_a_second_time_is_no_error_and_one_undo_brings_it_back(links: LinksFor, ana: User) -> None:
    path, client = path_of(links().unsubscribe), Client()
    client.post(path, ONE_CLICK)
    again = client.post(path, ONE_CLICK)
    assert 'value="undo"' in again.content.decode()
    assert client.post(path, {"what": "undo"}).status_code == 200
    assert mail_is_on(ana)


def test_a_topic_alone_may_be_left_and_taken_up_again(links: LinksFor, ana: User) -> None:
    path, client = path_of(links().unsubscribe), Client()
    assert 'value="topic"' in client.get(path).content.decode()
    answer = client.post(path, {"what": "topic"})
    assert "newsletter" in answer.content.decode()
    assert (topics(ana), mail_is_on(ana)) == (["newsletter"], True)
    client.post(path, {"what": "undo_topic"})
    assert topics(ana) == []


def test_a_digest_has_no_topic_to_leave(links: LinksFor, ana: User) -> None:
    path = path_of(links(key=uuid7(), is_digest=True).unsubscribe)
    assert 'value="topic"' not in Client().get(path).content.decode()
    assert Client().post(path, {"what": "topic"}).status_code == 404
    assert topics(ana) == []


def test_a_button_that_is_none_is_refused(links: LinksFor, ana: User) -> None:
    answer = Client().post(path_of(links().unsubscribe), {"what": "everything"})
    assert answer.status_code == 400
    assert "unknown_choice" in answer.content.decode()


def test_what_somebody_may_not_have_they_may_still_leave(
    links: LinksFor, ana: User, northwind: Business
) -> None:
    northwind.tier = Tier.FREE
    northwind.save()
    assert Client().post(path_of(links(channel="sms").unsubscribe), ONE_CLICK).status_code == 200
    assert not ChannelPreference.objects.get(user=ana, channel="sms").enabled


def test_consent_that_a_link_withdraws_no_link_gives_again(
    links: LinksFor, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful.install(monkeypatch)
    factories.make_consent(user=ana, purpose="sms", granted=True)
    path, client = path_of(links(channel="sms").unsubscribe), Client()
    answer = client.post(path, ONE_CLICK)
    assert 'value="undo"' not in answer.content.decode()
    client.post(path, {"what": "undo"})
    latest = Consent.objects.filter(user=ana, purpose="sms").latest("id")
    assert (latest.granted, latest.source) == (False, "page")


def test_whoever_is_gone_has_no_link(links: LinksFor, ana: User) -> None:
    path = path_of(links().unsubscribe)
    ana.is_active = False
    ana.save()
    assert Client().post(path, ONE_CLICK).status_code == 404


def test_a_link_says_nothing_of_its_reader(links: LinksFor, ana: User) -> None:
    found = links()
    page = Client().get(path_of(found.unsubscribe))
    text = page.content.decode() + found.unsubscribe
    assert [word for word in (ana.email, ana.name, str(ana.public_id)) if word in text] == []
    assert len(found.unsubscribe) < 150
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_links_stand_on_the_public_address(links: LinksFor, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://vigil.example/"
    assert links().why == links().open + "#why"
    assert re.fullmatch(r"https://vigil\.example/inbox/[0-9a-f-]{36}/", links().open)
    assert links().pixel == ""


def test_links_lead_to_a_page_of_that_entry_behind_the_login(
    links: LinksFor, ana: User, zoe: User, told: Notification
) -> None:
    path = path_of(links().open)
    assert Client().get(path).headers["Location"] == f"/login/?next={path}"
    client = Client()
    client.force_login(ana)
    page = client.get(path).content.decode()
    assert told.title.removeprefix("Carla: ") in page
    assert 'id="why" open' in page
    assert 'id="less"' in page
    client.force_login(zoe)
    assert client.get(path).status_code == 404


@pytest.fixture
def mailed(told: Notification) -> str:
    """Its attempt's ref."""
    delivery = factories.make_delivery(
        notification=told, channel="email", state="delivered", attempt_count=1
    )
    return str(factories.make_attempt(delivery=delivery, outcome="delivered").public_id)


def test_nobody_is_told_of_who_did_not_agree(
    links: LinksFor, ana: User, mailed: str, settings: Settings
) -> None:
    settings.EMAIL_TRACKING = True
    pixel = Client().get(path_of(links(tracked=True).pixel))
    assert (pixel.status_code, pixel.headers["Content-Type"]) == (200, "image/gif")
    assert not ProviderReport.objects.exists()


def test_consent_counts_only_where_the_installation_tracks_at_all(
    links: LinksFor, ana: User, mailed: str
) -> None:
    factories.make_consent(user=ana, purpose="email_tracking", granted=True)
    Client().get(path_of(links(tracked=True).pixel))
    assert not ProviderReport.objects.exists()


def test_who_agreed_is_told_of_once_as_opening_and_following(
    links: LinksFor, ana: User, mailed: str, settings: Settings, told: Notification
) -> None:
    settings.EMAIL_TRACKING = True
    factories.make_consent(user=ana, purpose="email_tracking", granted=True)
    found, client = links(tracked=True), Client()
    client.get(path_of(found.pixel))
    client.get(path_of(found.pixel))
    followed = client.get(path_of(found.open))
    assert followed.headers["Location"] == f"/inbox/{told.public_id}/"
    reports = ProviderReport.objects.order_by("id").values_list("kind", "attempt__public_id")
    assert [(kind, str(ref)) for kind, ref in reports] == [("opened", mailed), ("clicked", mailed)]


def test_a_followed_link_leads_nowhere_else(links: LinksFor) -> None:
    assert Client().get("/u/c/https://evil.example/").status_code == 404
    answer = Client().get("/u/c/AAAA.BBBB", {"next": "https://evil.example/"})
    assert answer.status_code == 404


def test_the_choice_stands_on_the_page_where_the_installation_tracks(
    ana: User, settings: Settings
) -> None:
    client = Client()
    client.force_login(ana)
    assert "Opened mails" not in client.get("/preferences/").content.decode()
    settings.EMAIL_TRACKING = True
    assert "Opened mails" in client.get("/preferences/").content.decode()
    client.post("/preferences/consents/email_tracking/", {"granted": "true"})
    assert Consent.objects.get(user=ana, purpose="email_tracking").granted
