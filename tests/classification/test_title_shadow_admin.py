"""Title rules in shadow, in the console: put there, compared, promoted."""

import json
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.classification.models import ShadowTitle
from apps.classification.services.title_rules import save_version
from apps.classification.services.title_versions import activate, set_shadow
from apps.ingestion.types import EventKind
from apps.rules.models import SeniorityRuleSet
from tests import factories
from tests.console import TITLES, fields_of, list_of, operator, page_of, staff

LIST = list_of(SeniorityRuleSet)
FLIPS = list_of(ShadowTitle)
WIDER = {**TITLES, "vp": ["vp", "head of sales"]}


@pytest.fixture
def console(db: None) -> Client:
    return operator()


@pytest.fixture
def active(northwind: Business) -> SeniorityRuleSet:
    return save_version(TITLES, note="", business=northwind)


@pytest.fixture
def shadow(northwind: Business, active: SeniorityRuleSet) -> SeniorityRuleSet:
    return save_version(WIDER, note="", business=northwind, shadow=True)


def states(business: Business) -> list[tuple[int, bool, bool]]:
    rows = SeniorityRuleSet.objects.filter(business=business).order_by("version")
    return list(rows.values_list("version", "active", "shadow"))


def said(business: Business, shadow: SeniorityRuleSet, name: str, **values: Any) -> None:
    change = {
        "person_id": "1",
        "person_name": name,
        "field_id": "1",
        "field_name": "Job Title",
        "value": "Head of Sales",
        "old_value": None,
    }
    event = factories.make_event(
        business=business, kind=EventKind.PROFILE, details={"change": change, "attributes": {}}
    )
    factories.make_shadow_title(event=event, rule_set=shadow, **values)


def test_a_version_can_be_saved_into_shadow_without_judging_for_a_moment(
    console: Client, active: SeniorityRuleSet, northwind: Business
) -> None:
    fields = fields_of(console, page_of(active)) | {"document": json.dumps(WIDER)}
    console.post(page_of(active), fields | {"in_shadow": "on"})
    assert states(northwind) == [(1, True, False), (2, False, True)]


def test_the_active_version_cannot_be_its_own_shadow(
    console: Client, active: SeniorityRuleSet, northwind: Business
) -> None:
    console.post(f"{LIST}{active.pk}/do/shadow/")
    assert states(northwind) == [(1, True, False)]


def test_one_version_is_in_shadow_at_a_time(
    console: Client, shadow: SeniorityRuleSet, northwind: Business
) -> None:
    third = factories.make_seniority_rule_set(business=northwind, document=TITLES, version=3)
    console.post(f"{LIST}{third.pk}/do/shadow/")
    assert states(northwind) == [(1, True, False), (2, False, False), (3, False, True)]


def test_promoting_takes_it_out_of_shadow(
    console: Client, shadow: SeniorityRuleSet, northwind: Business
) -> None:
    console.post(f"{LIST}{shadow.pk}/do/activate/")
    assert states(northwind) == [(1, False, False), (2, True, False)]


def test_shadows_of_two_businesses_do_not_meet(
    ana: User, shadow: SeniorityRuleSet, southbank: Business, northwind: Business
) -> None:
    other = factories.make_seniority_rule_set(business=southbank, document=TITLES, version=1)
    assert set_shadow(other, on=True, actor=ana)
    assert activate(other, actor=ana)
    assert states(northwind) == [(1, True, False), (2, False, True)]


def test_putting_in_and_taking_out_is_audited_once(
    console: Client, shadow: SeniorityRuleSet
) -> None:
    for slug in ("shadow", "unshadow", "unshadow", "shadow"):
        console.post(f"{LIST}{shadow.pk}/do/{slug}/")
    messages = AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED).order_by("id")
    assert [row.message for row in messages] == [
        "Title rules v2 taken out of shadow",
        "Title rules v2 put in shadow",
    ]


def test_its_page_shows_how_it_differs_and_how_often_it_agreed(
    console: Client, shadow: SeniorityRuleSet, northwind: Business
) -> None:
    said(northwind, shadow, "Dana")
    said(northwind, shadow, "Erik", live_level="vp", live_change="first")
    page = console.get(page_of(shadow)).content.decode()
    assert "+    &quot;head of sales&quot;" in page
    assert "1 of 2" in page


def test_the_flips_are_listed_with_what_would_have_been_told(
    console: Client, shadow: SeniorityRuleSet, northwind: Business
) -> None:
    said(northwind, shadow, "Dana")
    said(northwind, shadow, "Erik", live_level="vp", live_change="first")
    said(
        northwind, shadow, "Fred", live_level="vp", live_change="first", level="", change="removed"
    )
    shown = {
        kind: [name for name in ("Dana", "Erik", "Fred") if name in _list(console, kind)]
        for kind in ("", "flips", "more", "fewer")
    }
    assert shown == {
        "": ["Dana", "Erik", "Fred"],
        "flips": ["Dana", "Fred"],
        "more": ["Dana"],
        "fewer": ["Fred"],
    }


def test_whose_title_it_is_is_not_for_whoever_may_see_the_rules(
    shadow: SeniorityRuleSet, northwind: Business
) -> None:
    said(northwind, shadow, "Dana")
    sam = staff("rules.view_seniorityruleset")
    assert b"Dana" not in sam.get(page_of(shadow)).content
    assert sam.get(FLIPS).status_code == 403


def _list(console: Client, kind: str) -> str:
    return console.get(f"{FLIPS}?kind={kind}").content.decode()
