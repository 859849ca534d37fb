"""Sources and raw events in the console: secrets only go in, bodies only come out on record."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Business
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.core.signing import Scheme, check_secret
from apps.ingestion.models import RawEvent, Source, SourceSecret
from tests import factories
from tests.console import BODY, SECRET, fields_of, list_of, operator, page_of, staff

PASTED = "whsec_cGFzdGVkLWJ5LXRoZS1vcGVyYXRvci1vbmUtbW9yZQ=="
VIEW_BODY = "ingestion.view_raw_body"


@pytest.fixture
def source(northwind: Business) -> Source:
    source = factories.make_source(business=northwind, kind="generic", name="Radar")
    factories.make_source_secret(source=source, value=SECRET)
    return source


@pytest.fixture
def console(db: None) -> Client:
    return operator()


def new_source(business: Business, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Radar",
        "business": business.pk,
        "slug": "radar",
        "enabled": "on",
        "kind": "generic",
        "audience": "linked",
        "scheme": Scheme.STANDARD_WEBHOOKS.value,
        "secrets-TOTAL_FORMS": 0,
        "secrets-INITIAL_FORMS": 0,
        "watched_fields-TOTAL_FORMS": 0,
        "watched_fields-INITIAL_FORMS": 0,
        **changes,
    }


def with_pasted(value: str) -> dict[str, Any]:
    return {"secrets-TOTAL_FORMS": 1, "secrets-0-value": value}


def test_a_source_without_a_secret_gets_one_that_is_shown_once(
    console: Client, northwind: Business
) -> None:
    shown = console.post(f"{list_of(Source)}add/", new_source(northwind), follow=True)
    [secret] = SourceSecret.objects.all()
    check_secret(Scheme.STANDARD_WEBHOOKS, secret.value)
    assert secret.value.encode() in shown.content
    assert secret.value.encode() not in console.get(page_of(secret.source)).content


def test_a_pasted_secret_is_trimmed_and_stored(console: Client, northwind: Business) -> None:
    fields = new_source(northwind, **with_pasted(f"  {PASTED}\n"))
    console.post(f"{list_of(Source)}add/", fields)
    assert SourceSecret.objects.get().value == PASTED


def test_a_secret_its_scheme_refuses_is_a_field_error_that_does_not_repeat_it(
    console: Client, northwind: Business
) -> None:
    fields = new_source(northwind, **with_pasted("too-short"))
    shown = console.post(f"{list_of(Source)}add/", fields)
    assert shown.status_code == 200
    assert not Source.objects.exists()
    assert b"too-short" not in shown.content


def test_saving_a_source_leaves_its_secret_as_it_is(console: Client, source: Source) -> None:
    fields = fields_of(console, page_of(source))
    response = console.post(page_of(source), {**fields, "name": "Radar 2"})
    assert response.status_code == 302
    source.refresh_from_db()
    assert source.name == "Radar 2"
    assert SourceSecret.objects.get().value == SECRET


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(
    console: Client, source: Source
) -> None:
    fields = fields_of(console, page_of(source))
    source.name = "Renamed meanwhile"
    source.save()
    response = console.post(page_of(source), {**fields, "name": "Radar 2"})
    assert b"Somebody else has changed this" in response.content
    source.refresh_from_db()
    assert source.name == "Renamed meanwhile"


@pytest.mark.parametrize("networks", ["nonsense", "203.0.113.7/24", "10.0.0.0/99"])
def test_what_is_no_network_is_a_field_error(
    networks: str, console: Client, northwind: Business
) -> None:
    fields = new_source(northwind, allowed_networks=networks)
    shown = console.post(f"{list_of(Source)}add/", fields)
    assert "allowed_networks" in shown.context["adminform"].form.errors


def test_the_page_shows_the_whole_address_to_post_to(
    console: Client, source: Source, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://vigil.example/"
    shown = console.get(page_of(source))
    assert f"https://vigil.example/webhooks/{source.slug}".encode() in shown.content


def test_rotation_shows_the_new_secret_once_and_ends_the_old_one(
    console: Client, source: Source
) -> None:
    shown = console.post(f"{list_of(Source)}{source.pk}/do/rotate/", follow=True)
    old, new = source.secrets.order_by("id")
    assert new.value.encode() in shown.content
    assert new.value.encode() not in console.get(page_of(source)).content
    assert old.not_after is not None
    assert new.not_after is None


def test_rotation_is_written_down(console: Client, source: Source) -> None:
    console.post(f"{list_of(Source)}{source.pk}/do/rotate/")
    audit = AuditEvent.objects.get(type=AuditType.CONFIG_CHANGED)
    assert audit.subject == f"source:{source.pk}"
    assert SECRET not in str(audit.metadata)


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_only_look_cannot_rotate(method: str, source: Source) -> None:
    viewer = staff("ingestion.view_source")
    response = getattr(viewer, method)(f"{list_of(Source)}{source.pk}/do/rotate/")
    assert response.status_code in (403, 405)
    assert source.secrets.count() == 1


def test_more_sources_ask_no_more_questions(
    console: Client, northwind: Business, source: Source, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20) as few:
        console.get(list_of(Source))
    for _ in range(5):
        factories.make_raw_event(business=northwind)
    with django_assert_max_num_queries(len(few)):
        console.get(list_of(Source))


def test_a_body_is_shown_to_whoever_may_see_it(northwind: Business) -> None:
    raw = factories.make_raw_event(business=northwind, body=BODY)
    viewer = staff("ingestion.view_rawevent", VIEW_BODY)
    shown = viewer.post(f"{list_of(RawEvent)}{raw.pk}/do/body/")
    assert b"never show this body in a list" in shown.content


def test_showing_a_body_is_written_down(northwind: Business) -> None:
    raw = factories.make_raw_event(business=northwind, body=BODY)
    staff("ingestion.view_rawevent", VIEW_BODY).post(f"{list_of(RawEvent)}{raw.pk}/do/body/")
    audit = AuditEvent.objects.get(type=AuditType.PERSONAL_DATA_REVEALED)
    assert audit.subject == f"raw_event:{raw.pk}"
    assert audit.actor is not None


def test_a_body_is_not_shown_without_the_permission(northwind: Business) -> None:
    raw = factories.make_raw_event(business=northwind, body=BODY)
    response = staff("ingestion.view_rawevent").post(f"{list_of(RawEvent)}{raw.pk}/do/body/")
    assert response.status_code == 403
    assert not AuditEvent.objects.filter(type=AuditType.PERSONAL_DATA_REVEALED).exists()


def test_a_hostile_body_is_inert(northwind: Business, console: Client) -> None:
    raw = factories.make_raw_event(business=northwind, body=b'"</pre><script>x</script>"')
    shown = console.post(f"{list_of(RawEvent)}{raw.pk}/do/body/")
    assert b"<script>x" not in shown.content


def test_chosen_rows_are_processed_again(northwind: Business, console: Client) -> None:
    raw = factories.make_raw_event(business=northwind, state=RawEvent.State.UNOWNED)
    console.post(list_of(RawEvent), {"action": "process_again", "_selected_action": raw.pk})
    raw.refresh_from_db()
    assert raw.state == RawEvent.State.RECEIVED


def test_who_may_only_look_cannot_process_again(northwind: Business) -> None:
    raw = factories.make_raw_event(business=northwind, state=RawEvent.State.DEAD)
    viewer = staff("ingestion.view_rawevent")
    viewer.post(list_of(RawEvent), {"action": "process_again", "_selected_action": raw.pk})
    raw.refresh_from_db()
    assert raw.state == RawEvent.State.DEAD


def test_a_row_is_found_by_its_whole_correlation_id(northwind: Business, console: Client) -> None:
    factories.make_raw_event(business=northwind, event_type="ANOTHER")
    raw = factories.make_raw_event(business=northwind, event_type="WANTED")
    shown = console.get(list_of(RawEvent), {"q": str(raw.correlation_id)})
    assert [row.event_type for row in shown.context["cl"].result_list] == ["WANTED"]
