"""The title rules in the console: versions, a box to try them, and the way back."""

import json
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Business
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.rules.models import SeniorityRuleSet
from tests import factories
from tests.console import TITLES, fields_of, list_of, operator, page_of, staff

LIST = list_of(SeniorityRuleSet)
WIDER = {**TITLES, "vp": ["vp", "head of *"]}
WIDER_RULES = json.dumps({**TITLES, "vp": ["vp", "head of sales"]})


@pytest.fixture
def console(db: None) -> Client:
    return operator()


@pytest.fixture
def rules(northwind: Business) -> SeniorityRuleSet:
    return factories.make_seniority_rule_set(
        business=northwind, document=TITLES, version=1, active=True
    )


def edited(console: Client, rules: SeniorityRuleSet, **changes: Any) -> dict[str, Any]:
    fields = fields_of(console, page_of(rules))
    return {**fields, "document": WIDER_RULES, "note": "Heads of sales", **changes}


def versions(business: Business) -> list[tuple[int, bool]]:
    rows = SeniorityRuleSet.objects.filter(business=business).order_by("version")
    return list(rows.values_list("version", "active"))


@pytest.mark.parametrize(
    "document", ["{", "[]", "{}", json.dumps(WIDER), '{"version": "1", "csuite": []}']
)
def test_a_document_that_is_no_rules_is_a_field_error(
    document: str, console: Client, rules: SeniorityRuleSet, northwind: Business
) -> None:
    shown = console.post(page_of(rules), edited(console, rules, document=document))
    assert "document" in shown.context["adminform"].form.errors
    assert versions(northwind) == [(1, True)]


def test_saving_makes_a_new_version_and_leaves_the_old_one(
    console: Client, rules: SeniorityRuleSet, northwind: Business
) -> None:
    console.post(page_of(rules), edited(console, rules))
    assert versions(northwind) == [(1, False), (2, True)]
    rules.refresh_from_db()
    assert rules.document == TITLES


def test_a_new_version_knows_its_author_and_its_number(
    console: Client, rules: SeniorityRuleSet, northwind: Business
) -> None:
    console.post(page_of(rules), edited(console, rules))
    made = SeniorityRuleSet.objects.get(business=northwind, version=2)
    assert made.author is not None
    assert made.note == "Heads of sales"
    assert made.document["version"] == "2"


def test_saving_without_a_change_makes_no_version(
    console: Client, rules: SeniorityRuleSet, northwind: Business
) -> None:
    shown = console.post(page_of(rules), fields_of(console, page_of(rules)))
    assert b"nothing to save" in shown.content
    assert versions(northwind) == [(1, True)]


def test_a_version_made_meanwhile_is_not_overruled_unknowingly(
    console: Client, rules: SeniorityRuleSet, northwind: Business
) -> None:
    fields = edited(console, rules)
    console.post(page_of(rules), edited(console, rules))
    shown = console.post(page_of(rules), fields)
    assert b"Somebody else has changed this" in shown.content
    assert versions(northwind) == [(1, False), (2, True)]


def test_trying_shows_the_active_and_the_edited_rules_side_by_side(
    console: Client, rules: SeniorityRuleSet, northwind: Business
) -> None:
    sample = "CEO\nHead of Sales\n\nGardener"
    shown = console.post(page_of(rules), edited(console, rules, sample=sample, _try="1"))
    tried = shown.context["adminform"].form.tried
    assert [(row.title, row.active.level, row.edited.level) for row in tried] == [
        ("CEO", "csuite", "csuite"),
        ("Head of Sales", "", "vp"),
        ("Gardener", "", ""),
    ]
    assert versions(northwind) == [(1, True)]


def test_the_box_above_the_list_names_the_phrase_and_the_exclusion(
    console: Client, northwind: Business
) -> None:
    document = {**TITLES, "exclusions": {"segment": ["former"]}}
    rules = factories.make_seniority_rule_set(business=northwind, document=document, active=True)
    shown = console.post(f"{LIST}try/", {"rule_set": rules.pk, "titles": "Former CEO"})
    [row] = shown.context["tried"]
    assert (row.active.level, row.active.matched, row.active.excluded_by) == ("", "ceo", "former")


def test_a_hostile_title_that_is_tried_is_inert(console: Client, rules: SeniorityRuleSet) -> None:
    titles = "<script>x</script> CEO"
    shown = console.post(f"{LIST}try/", {"rule_set": rules.pk, "titles": titles})
    assert b"<script>x" not in shown.content


def test_an_earlier_version_can_be_made_active_again(
    console: Client, rules: SeniorityRuleSet, northwind: Business
) -> None:
    console.post(page_of(rules), edited(console, rules))
    console.post(f"{LIST}{rules.pk}/do/activate/")
    assert versions(northwind) == [(1, True), (2, False)]


def test_going_back_is_written_down(
    console: Client, rules: SeniorityRuleSet, northwind: Business
) -> None:
    old = factories.make_seniority_rule_set(business=northwind, document=TITLES, version=7)
    console.post(f"{LIST}{old.pk}/do/activate/")
    audit = AuditEvent.objects.get(type=AuditType.CONFIG_CHANGED)
    assert audit.metadata == {"before": 1}


def test_making_the_active_version_active_changes_nothing(
    console: Client, rules: SeniorityRuleSet
) -> None:
    console.post(f"{LIST}{rules.pk}/do/activate/")
    assert not AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED).exists()


@pytest.mark.django_db
def test_trying_is_closed_to_staff_without_the_permission() -> None:
    assert staff().post(f"{LIST}try/", {"titles": "CEO"}).status_code == 403


def test_a_version_cannot_be_deleted(console: Client, rules: SeniorityRuleSet) -> None:
    assert console.post(f"{LIST}{rules.pk}/delete/", {"post": "yes"}).status_code == 403
