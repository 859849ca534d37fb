import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.classification.models import Insight
from apps.notifications.models import Notification
from apps.notifications.selectors.inbox import PAGE_ROWS
from apps.pipeline.demo.seeding import seed
from tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
# Session, person, presence, their clock, page, unread count, missed, snooze, consent, proposals.
PAGE_QUERIES = 10


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def told(user: User, business: Business, *, now: datetime, **values: Any) -> Notification:
    event = factories.make_event(
        business=business, user=user, sender_name=str(values.pop("sender_name", "Carla"))
    )
    factories.make_classification(event=event, reason=str(values.pop("reason", "A person wrote")))
    return factories.make_notification(event=event, user=user, now=now, **values)


def page(client: Client, path: str = "/inbox/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def headlines(html: str) -> list[str]:
    shown = html.partition("<template")[0]
    return re.findall(r'data-slot="headline">([^<]*)<', shown)


def test_nobody_sees_an_inbox_without_logging_in(db: None) -> None:
    response = Client().get("/inbox/")
    assert (response.status_code, response.headers["Location"]) == (302, "/login/?next=/inbox/")


def test_a_colleagues_notification_is_not_shown(
    browser: Client, boris: User, northwind: Business, now: datetime
) -> None:
    told(boris, northwind, now=now, title="For Boris")
    assert headlines(page(browser)) == []


def test_a_notification_of_another_business_is_not_shown(
    browser: Client, ana: User, southbank: Business, now: datetime
) -> None:
    told(ana, southbank, now=now, title="From elsewhere")
    assert headlines(page(browser)) == []


def test_what_has_not_arrived_yet_is_not_shown(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    told(ana, northwind, now=now, status=Notification.Status.QUEUED)
    assert headlines(page(browser)) == []


def test_hostile_texts_are_shown_as_text(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    told(ana, northwind, now=now, title=HOSTILE, body=HOSTILE, sender_name=HOSTILE, reason=HOSTILE)
    html = page(browser)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_no_script_stands_in_the_page_itself(browser: Client) -> None:
    html = page(browser)
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"\son[a-z]+=", html) == []


def test_the_newest_comes_first(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    told(ana, northwind, now=now - timedelta(hours=1), title="Older")
    told(ana, northwind, now=now, title="Newer")
    assert headlines(page(browser)) == ["Newer", "Older"]


def test_the_count_of_the_unread_is_in_the_title(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    told(ana, northwind, now=now)
    told(ana, northwind, now=now, status=Notification.Status.READ)
    assert "<title>(1) Inbox · Vigil</title>" in page(browser)


def test_the_unread_can_be_seen_alone(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    told(ana, northwind, now=now, title="Seen", status=Notification.Status.READ)
    told(ana, northwind, now=now, title="Unseen")
    assert headlines(page(browser, "/inbox/?show=unread")) == ["Unseen"]


def test_an_entry_says_why(browser: Client, ana: User, northwind: Business, now: datetime) -> None:
    told(ana, northwind, now=now)
    html = page(browser)
    assert "It passed every filter you set." in html
    assert "Notifications: switched on." in html
    assert "A person wrote" in html


def test_an_entry_shows_what_a_model_wrote_as_text(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    event = told(ana, northwind, now=now).event
    factories.make_insight(event=event, text=HOSTILE, recommended_actions=[HOSTILE, "Sign it."])
    html = page(browser)
    assert "Sign it." in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert "<script>alert" not in html


def test_an_insight_that_is_still_awaited_is_not_shown(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    event = told(ana, northwind, now=now).event
    factories.make_insight(event=event, state=Insight.State.RETRY)
    assert "What does it mean?" not in page(browser)


def test_the_senders_name_is_not_said_twice(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    told(ana, northwind, now=now, title="Carla: Offer", sender_name="Carla")
    assert headlines(page(browser)) == ["Offer"]


@pytest.mark.parametrize(
    ("person", "business", "shown"),
    [("boris", "northwind", False), ("ana", "acme", False), ("ana", "northwind", True)],
    ids=["who is no staff", "without the demo", "who started the demo"],
)
def test_commands_are_shown_to_nobody_but_who_started_the_demo(
    person: str, business: str, shown: bool
) -> None:
    seed()
    Business.objects.update(slug=business)
    client = Client()
    client.force_login(User.objects.get(email=f"{person}@northwind.example"))
    html = page(client)
    assert "Nothing has reached you yet" in html
    assert ("manage.py demo" in html, "/webhooks/radar" in html) == (shown, shown)


def test_staff_of_another_business_is_told_where_sources_are(browser: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_staff=True)
    html = page(browser)
    assert "Sources and their secrets" in html
    assert "curl" not in html


def test_pages_follow_each_other_without_gap_or_repetition(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    expected = [f"Number {number}" for number in range(PAGE_ROWS + 2)]
    for number, title in enumerate(expected):
        told(ana, northwind, now=now - timedelta(seconds=number // 4), title=title)
    first = page(browser)
    [older] = re.findall(r'rel="next" href="(\?before=[0-9a-f-]+)"', first)
    second = page(browser, f"/inbox/{older}")

    assert len(headlines(first)) == PAGE_ROWS
    assert sorted(headlines(first) + headlines(second)) == sorted(expected)
    assert 'rel="next"' not in second


def test_a_full_page_with_its_reasons_costs_few_queries(
    browser: Client,
    ana: User,
    northwind: Business,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(PAGE_ROWS):
        row = told(ana, northwind, now=now, title=f"Number {number}")
        factories.make_insight(event=row.event)
    with django_assert_max_num_queries(PAGE_QUERIES):
        html = page(browser)
    assert len(headlines(html)) == PAGE_ROWS


def test_the_times_of_an_unknown_zone_are_in_utc(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    User.objects.filter(pk=ana.pk).update(time_zone="Mars/Olympus")
    told(ana, northwind, now=now)
    assert f"{now:%H:%M}" in page(browser)


def test_reading_without_scripts_goes_back_to_the_page(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    row = told(ana, northwind, now=now)
    response = browser.post(f"/inbox/{row.public_id}/read/", {"next": "/inbox/?show=unread"})
    row.refresh_from_db()
    assert (response.status_code, response.headers["Location"]) == (302, "/inbox/?show=unread")
    assert row.status == Notification.Status.READ


def test_reading_never_leads_to_a_strangers_page(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    row = told(ana, northwind, now=now)
    response = browser.post(f"/inbox/{row.public_id}/read/", {"next": "https://evil.example/"})
    assert response.headers["Location"] == "/inbox/"


def test_a_colleagues_notification_cannot_be_read(
    browser: Client, boris: User, northwind: Business, now: datetime
) -> None:
    row = told(boris, northwind, now=now)
    assert browser.post(f"/inbox/{row.public_id}/read/").status_code == 404


def test_nothing_can_be_read_that_is_not_there(browser: Client) -> None:
    assert browser.post(f"/inbox/{uuid4()}/read/").status_code == 404


def test_a_form_of_another_site_reads_nothing(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.post("/inbox/read/").status_code == 403


def test_everything_can_be_read_at_once(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    told(ana, northwind, now=now)
    told(ana, northwind, now=now)
    browser.post("/inbox/read/")
    assert Notification.objects.filter(status=Notification.Status.READ).count() == 2


def test_what_came_in_a_digest_is_marked_so(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    alone, together = (told(ana, northwind, now=now) for _ in range(2))
    digest = factories.make_digest(business=northwind, user=ana)
    factories.make_digest_item(digest=digest, notification=together)
    shown = page(browser).partition("<template")[0]
    marks = re.findall(r'data-entry="([^"]+)".*?data-slot="digest"( hidden)?>', shown, re.DOTALL)
    assert dict(marks) == {str(alone.public_id): " hidden", str(together.public_id): ""}


def test_what_no_longer_mattered_is_one_quiet_line(
    browser: Client, ana: User, boris: User, northwind: Business, now: datetime
) -> None:
    counts = {"items": 0, "left_out": 0, "moot": {"meeting_over": 2}}
    factories.make_digest(business=northwind, user=ana, counts=counts, created_at=now)
    factories.make_digest(business=northwind, user=boris, counts=counts, created_at=now)
    shown = page(browser)
    line = "While you were away: 2 things that no longer matter (2 meetings are over)."
    assert shown.count(line) == 1
    assert "0</span> unread" in shown


def test_a_line_of_the_day_before_is_gone(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    counts = {"items": 0, "left_out": 0, "moot": {"meeting_over": 2}}
    factories.make_digest(
        business=northwind, user=ana, counts=counts, created_at=now - timedelta(hours=25)
    )
    assert "While you were away" not in page(browser)


def test_withdrawn_consent_is_said_with_the_way_back(browser: Client, ana: User) -> None:
    assert "withdrawn your consent" not in page(browser)
    factories.make_consent(user=ana, granted=False)
    html = page(browser)
    assert "You have withdrawn your consent, so you are told nothing." in html
    assert 'href="/preferences/#consent"' in html
