"""VIPs and keyword rules in the console."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.rules.models import Inhibition, KeywordRule, Silence, VipSender
from tests import factories
from tests.console import fields_of, list_of, operator, page_of, staff

HEADER = "business,user,address,label,priority\n"


@pytest.fixture
def console(db: None) -> Client:
    return operator()


def vip(business: Business, **changes: Any) -> dict[str, Any]:
    return {"business": business.pk, "address": "Carla@Acme.example", "priority": 8, **changes}


def rule(business: Business, **changes: Any) -> dict[str, Any]:
    fields = {"business": business.pk, "pattern": "renewal", "priority": 7, "category": "risk"}
    return {**fields, "enabled": "on", **changes}


def preview(console: Client, csv: str | bytes) -> Any:
    content = csv.encode() if isinstance(csv, str) else csv
    file = SimpleUploadedFile("vips.csv", content)
    return console.post(
        f"{list_of(VipSender)}import/", {"import_file": file, "format": "0", "resource": ""}
    )


def import_all(console: Client, csv: str) -> None:
    confirm = preview(console, csv).context["confirm_form"]
    console.post(f"{list_of(VipSender)}process_import/", confirm.initial)


@pytest.mark.parametrize("address", ["*@*", ".*", "acme", "@", "a@b@c.example", "ana@"])
def test_what_is_no_address_is_a_field_error(
    address: str, console: Client, northwind: Business
) -> None:
    shown = console.post(f"{list_of(VipSender)}add/", vip(northwind, address=address))
    assert "address" in shown.context["adminform"].form.errors


def test_an_address_is_normalized_and_found_by_its_index(
    console: Client, northwind: Business
) -> None:
    console.post(f"{list_of(VipSender)}add/", vip(northwind))
    saved = VipSender.objects.get()
    same = factories.make_vip(business=factories.make_business(), address="carla@acme.example")
    assert saved.address == "carla@acme.example"
    assert bytes(saved.address_index) == bytes(same.address_index)


def test_the_same_sender_twice_on_one_list_is_a_field_error(
    console: Client, northwind: Business
) -> None:
    factories.make_vip(business=northwind, address="carla@acme.example")
    shown = console.post(f"{list_of(VipSender)}add/", vip(northwind))
    assert "address" in shown.context["adminform"].form.errors


def test_a_list_of_somebody_from_elsewhere_is_a_field_error(
    console: Client, northwind: Business, zoe: User
) -> None:
    shown = console.post(f"{list_of(VipSender)}add/", vip(northwind, user=zoe.pk))
    assert "user" in shown.context["adminform"].form.errors


@pytest.mark.parametrize("category", ["gossip", "security_code", "RISK", ""])
def test_a_category_nobody_knows_is_a_field_error(
    category: str, console: Client, northwind: Business
) -> None:
    shown = console.post(f"{list_of(KeywordRule)}add/", rule(northwind, category=category))
    assert "category" in shown.context["adminform"].form.errors
    assert not KeywordRule.objects.exists()


def test_a_rule_of_an_unknown_category_can_still_be_changed(
    console: Client, northwind: Business
) -> None:
    kept = factories.make_keyword_rule(business=northwind, category="gossip")
    fields = fields_of(console, page_of(kept))
    console.post(page_of(kept), {**fields, "priority": 3})
    kept.refresh_from_db()
    assert (kept.priority, kept.category) == (3, "gossip")


def test_a_change_is_written_down_without_the_address(console: Client, northwind: Business) -> None:
    console.post(f"{list_of(VipSender)}add/", vip(northwind))
    audit = AuditEvent.objects.get(type=AuditType.CONFIG_CHANGED)
    assert audit.business == northwind
    assert "carla" not in f"{audit.message} {audit.metadata}"


def test_one_bad_row_is_named_and_nothing_is_imported(console: Client, northwind: Business) -> None:
    rows = f"{northwind.slug},,a@acme.example,A,8\n{northwind.slug},,nonsense,B,8\n"
    shown = preview(console, HEADER + rows)
    assert [row.number for row in shown.context["result"].invalid_rows] == [2]
    assert "confirm_form" not in shown.context
    assert not VipSender.objects.exists()


@pytest.mark.parametrize(
    "row", ["nowhere,,a@acme.example,A,8", "{slug},nobody@x.example,a@acme.example,A,8"]
)
def test_an_unknown_business_or_person_stops_the_import(
    row: str, console: Client, northwind: Business
) -> None:
    shown = preview(console, HEADER + row.format(slug=northwind.slug))
    assert shown.context["result"].has_errors() or shown.context["result"].has_validation_errors()
    assert "confirm_form" not in shown.context


def test_repeated_rows_are_folded_into_one(console: Client, northwind: Business) -> None:
    rows = f"{northwind.slug},,A@acme.example,A,8\n{northwind.slug},,a@ACME.example,B,9\n"
    import_all(console, HEADER + rows)
    assert [(row.address, row.label) for row in VipSender.objects.all()] == [
        ("a@acme.example", "B")
    ]


@pytest.mark.parametrize(
    "content",
    ["a,b\n1,2\n".encode("utf-16"), b"\xff\xfe\x00", b"", b"address\nx\x00y@acme.example\n"],
    ids=["UTF-16", "no text", "empty", "NUL and no business"],
)
def test_a_file_that_is_no_such_list_is_refused(
    content: bytes, console: Client, northwind: Business
) -> None:
    shown = preview(console, content)
    assert shown.status_code == 200
    assert "confirm_form" not in shown.context
    assert not VipSender.objects.exists()


def test_a_list_that_is_too_long_is_refused(console: Client, northwind: Business) -> None:
    rows = "".join(f"{northwind.slug},,a{number}@x.example,,8\n" for number in range(2_001))
    shown = preview(console, HEADER + rows)
    assert b"At most 2000 rows" in shown.content


def test_an_import_is_written_down_by_its_counts(console: Client, northwind: Business) -> None:
    import_all(console, f"{HEADER}{northwind.slug},,a@acme.example,A,8\n")
    audit = AuditEvent.objects.get(type=AuditType.CONFIG_CHANGED)
    assert audit.metadata == {"new": 1}
    assert audit.actor is not None


def test_a_preview_is_not_written_down(console: Client, northwind: Business) -> None:
    preview(console, f"{HEADER}{northwind.slug},,a@acme.example,A,8\n")
    assert not AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["import", "export"])
def test_import_and_export_are_closed_without_the_permission(page: str) -> None:
    other = {"import": "rules.view_vipsender", "export": "rules.view_keywordrule"}[page]
    assert staff(other).get(f"{list_of(VipSender)}{page}/").status_code == 403


def export(console: Client) -> str:
    fields = {"format": "0", "resource": ""}
    chosen = {
        f"vipresource_{name}": "on" for name in ("business", "user", "address", "label", "priority")
    }
    return console.post(f"{list_of(VipSender)}export/", {**fields, **chosen}).content.decode()


def test_an_export_calculates_nothing(console: Client, northwind: Business) -> None:
    factories.make_vip(business=northwind, address="@acme.example", label="=HYPERLINK(1)")
    text = export(console)
    assert "'@acme.example" in text
    assert "'=HYPERLINK(1)" in text


def test_an_export_can_be_imported_again(console: Client, northwind: Business) -> None:
    factories.make_vip(business=northwind, address="@acme.example", label="=1")
    text = export(console)
    VipSender.objects.all().delete()
    import_all(console, text)
    assert [(row.address, row.label) for row in VipSender.objects.all()] == [
        ("@acme.example", "=1")
    ]


@pytest.mark.parametrize("pattern", ["(", "a{9999}", ".*", "x*"])
def test_a_useless_pattern_is_a_field_error(
    pattern: str, console: Client, northwind: Business
) -> None:
    fields = rule(northwind, pattern=pattern, is_regex="on")
    shown = console.post(f"{list_of(KeywordRule)}add/", fields)
    assert "pattern" in shown.context["adminform"].form.errors
    assert not KeywordRule.objects.exists()


def test_trying_a_rule_tells_what_it_finds_and_saves_nothing(
    console: Client, northwind: Business
) -> None:
    factories.make_keyword_rule(business=northwind, pattern="outage")
    fields = rule(northwind, sample="The renewal after the outage", _try="1")
    shown = console.post(f"{list_of(KeywordRule)}add/", fields)
    tried = shown.context["adminform"].form.tried
    assert tried.matches
    assert [hit.label for hit in tried.hits] == ["outage"]
    assert KeywordRule.objects.count() == 1


def test_trying_uses_the_rule_as_it_is_edited(console: Client, northwind: Business) -> None:
    saved = factories.make_keyword_rule(business=northwind, pattern="invoice")
    fields = {**fields_of(console, page_of(saved)), "pattern": "bill"}
    shown = console.post(page_of(saved), {**fields, "sample": "an invoice", "_try": "1"})
    assert not shown.context["adminform"].form.tried.matches


def test_a_rule_that_is_off_finds_nothing(console: Client, northwind: Business) -> None:
    factories.make_keyword_rule(business=northwind, pattern="outage", enabled=False)
    fields = rule(northwind, sample="outage", _try="1")
    shown = console.post(f"{list_of(KeywordRule)}add/", fields)
    assert shown.context["adminform"].form.tried.hits == ()


def test_trying_a_bad_pattern_is_a_field_error(console: Client, northwind: Business) -> None:
    fields = rule(northwind, pattern="(", is_regex="on", sample="x", _try="1")
    shown = console.post(f"{list_of(KeywordRule)}add/", fields)
    assert "pattern" in shown.context["adminform"].form.errors


def silence(business: Business, **changes: Any) -> dict[str, Any]:
    tomorrow = timezone.now() + timedelta(days=1)
    fields = {
        "expires_at_0": tomorrow.date(),
        "expires_at_1": "12:00:00",
        "sender": "@Acme.example",
    }
    return {"business": business.pk, **fields, **changes}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expires_at_0": "2026-01-12"}, "expires_at"),
        ({"expires_at_0": "9999-12-31"}, "expires_at"),
        ({"expires_at_0": "0001-01-01"}, "expires_at"),
        ({"sender": "acme"}, "sender"),
        ({"min_priority": 8, "max_priority": 3}, "max_priority"),
        ({"min_priority": 11}, "min_priority"),
    ],
)
def test_a_silence_that_makes_no_sense_is_a_field_error(
    console: Client, northwind: Business, changes: dict[str, Any], field: str
) -> None:
    shown = console.post(f"{list_of(Silence)}add/", silence(northwind, **changes))
    assert field in shown.context["adminform"].form.errors
    assert not Silence.objects.exists()


def test_a_silence_for_a_stranger_or_a_foreign_client_is_a_field_error(
    console: Client, northwind: Business, southbank: Business, zoe: User
) -> None:
    foreign = factories.make_client(business=southbank)
    fields = silence(northwind, user=zoe.pk, client=foreign.pk)
    shown = console.post(f"{list_of(Silence)}add/", fields)
    assert {"user", "client"} <= set(shown.context["adminform"].form.errors)


def test_a_silence_remembers_who_wrote_it_and_finds_its_sender(
    console: Client, northwind: Business
) -> None:
    console.post(f"{list_of(Silence)}add/", silence(northwind, comment="Migration"))
    saved = Silence.objects.get()
    assert saved.author is not None
    assert (saved.author.name, saved.sender, saved.comment) == (
        "Olga",
        "@acme.example",
        "Migration",
    )
    assert len(bytes(saved.sender_index or b"")) == 16
    assert AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED).count() == 1


def lifted_silence(business: Business, user: User) -> Silence:
    at = timezone.now() - timedelta(minutes=5)
    later = at + timedelta(hours=2)
    return factories.make_silence(business=business, user=user, expires_at=later, ended_at=at)


def test_the_list_of_silences_says_which_hold_and_which_have_ended(
    console: Client, northwind: Business, ana: User
) -> None:
    now = timezone.now()
    rows = {
        "active": factories.make_silence(business=northwind, expires_at=now + timedelta(hours=1)),
        "ended": factories.make_silence(business=northwind, expires_at=now - timedelta(hours=1)),
        "lifted": lifted_silence(northwind, ana),
    }
    for state, row in rows.items():
        shown = console.get(f"{list_of(Silence)}?state={state}")
        assert list(shown.context["cl"].result_list) == [row]
        assert state in shown.content.decode()
    html = console.get(list_of(Silence)).content.decode()
    assert html.count(f"by {ana}, 2") == 1


def test_the_page_of_a_silence_says_that_it_was_lifted(
    console: Client, northwind: Business, ana: User
) -> None:
    row = lifted_silence(northwind, ana)
    assert f"by {ana}, 2" in console.get(page_of(row)).content.decode()
    assert console.get(f"{list_of(Silence)}add/").status_code == 200


def test_a_longer_list_of_silences_asks_the_database_no_more_often(
    console: Client, northwind: Business, ana: User, boris: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert console.get(list_of(Silence)).status_code == 200
        return len(asked)

    lifted_silence(northwind, ana)
    few = queries()
    for user in (ana, boris, ana, boris):
        lifted_silence(northwind, user)
    assert queries() == few


def inhibition(northwind: Business, /, **changes: Any) -> dict[str, Any]:
    fields = {"source_sender": "@Acme.example", "target_category": "message"}
    return {"business": northwind.pk, "enabled": "on", "window_minutes": 60, **fields} | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source_sender": ""}, "source_category"),
        ({"target_category": ""}, "target_category"),
        ({"target_category": "gossip"}, "target_category"),
        ({"source_sender": "acme"}, "source_sender"),
        ({"target_min_priority": 8, "target_max_priority": 3}, "target_max_priority"),
        ({"source_min_priority": 11}, "source_min_priority"),
        ({"window_minutes": 0}, "window_minutes"),
        ({"window_minutes": 1_441}, "window_minutes"),
        ({"window_minutes": ""}, "window_minutes"),
        ({"equal": ["weather"]}, "equal"),
        ({"business": ""}, "business"),
    ],
    ids=str,
)
def test_an_inhibition_that_makes_no_sense_is_a_field_error(
    console: Client, northwind: Business, changes: dict[str, Any], field: str
) -> None:
    shown = console.post(f"{list_of(Inhibition)}add/", inhibition(northwind, **changes))
    assert set(shown.context["adminform"].form.errors) == {field}
    assert not Inhibition.objects.exists()


def test_an_inhibition_for_a_stranger_or_a_foreign_client_is_a_field_error(
    console: Client, northwind: Business, southbank: Business, zoe: User
) -> None:
    foreign = factories.make_client(business=southbank)
    fields = inhibition(northwind, user=zoe.pk, target_client=foreign.pk)
    shown = console.post(f"{list_of(Inhibition)}add/", fields)
    assert set(shown.context["adminform"].form.errors) == {"user", "target_client"}


def test_one_inhibition_too_many_is_a_field_error(
    console: Client, northwind: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.rules.services.inhibitions.MOST", 1)
    factories.make_inhibition(business=northwind)
    shown = console.post(f"{list_of(Inhibition)}add/", inhibition(northwind))
    assert set(shown.context["adminform"].form.errors) == {"business"}


def test_an_inhibition_is_written_changed_and_removed_under_the_operators_name(
    console: Client, northwind: Business
) -> None:
    console.post(f"{list_of(Inhibition)}add/", inhibition(northwind, equal=["client", "thread"]))
    saved = Inhibition.objects.get()
    assert saved.author is not None
    assert (saved.author.name, saved.source_sender) == ("Olga", "@acme.example")
    assert (len(bytes(saved.source_sender_index or b"")), saved.equal) == (16, ["client", "thread"])
    page = page_of(saved)
    console.post(page, {**fields_of(console, page), "source_sender": "", "source_category": "risk"})
    saved.refresh_from_db()
    assert (saved.source_sender_index, saved.source_category) == (None, "risk")
    console.post(f"{page.removesuffix('change/')}delete/", {"post": "yes"})
    assert not Inhibition.objects.exists()
    trail = AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED).order_by("id")
    assert [(event.message, event.actor) for event in trail] == [
        ("Inhibition added", saved.author),
        ("Inhibition changed", saved.author),
        ("Inhibition removed", saved.author),
    ]
    assert trail[1].metadata == {"fields": ["source_category", "source_sender"]}


def test_several_inhibitions_are_removed_at_once_and_each_is_written_down(
    console: Client, northwind: Business
) -> None:
    rows = [factories.make_inhibition(business=northwind) for _ in range(2)]
    chosen = {"_selected_action": [row.pk for row in rows], "action": "delete_selected"}
    console.post(list_of(Inhibition), {**chosen, "post": "yes"})
    assert not Inhibition.objects.exists()
    assert AuditEvent.objects.filter(message="Inhibition removed").count() == 2


def test_an_inhibition_somebody_else_has_changed_is_not_written_over(
    console: Client, northwind: Business
) -> None:
    row = factories.make_inhibition(business=northwind)
    page = page_of(row)
    opened = fields_of(console, page)
    console.post(page, {**opened, "window_minutes": 30})
    shown = console.post(page, {**opened, "window_minutes": 90})
    assert "__all__" in shown.context["adminform"].form.errors
    row.refresh_from_db()
    assert row.window_minutes == 30


def test_inhibitions_are_closed_to_staff_who_may_only_look(northwind: Business) -> None:
    row = factories.make_inhibition(business=northwind)
    looking = staff("rules.view_inhibition")
    assert looking.get(page_of(row)).status_code == 200
    assert looking.post(page_of(row), {"window_minutes": 5}).status_code == 403
    assert looking.get(f"{list_of(Inhibition)}add/").status_code == 403
