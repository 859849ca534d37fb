"""Title rules in shadow: they judge every change beside the active ones, and tell nobody."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Business, User
from apps.classification.models import Classification, Detection, SeniorityState, ShadowTitle
from apps.classification.services.title_rules import save_version
from apps.classification.services.title_versions import activate, set_shadow
from apps.ingestion.models import Source
from apps.notifications.models import Notification
from apps.rules.models import SeniorityRuleSet
from tests.console import TITLES
from tests.pipeline.builders import drain, profile, receive

WIDER = {**TITLES, "vp": ["vp", "head of sales"]}


@pytest.fixture(autouse=True)
def active(db: None) -> SeniorityRuleSet:
    """Everybody's default."""
    return save_version(TITLES, note="")


def shadow_of(business: Business | None, document: dict[str, Any] = WIDER) -> SeniorityRuleSet:
    return save_version(document, note="", business=business, shadow=True)


def said() -> list[tuple[str, str, str, str]]:
    rows = ShadowTitle.objects.order_by("id")
    return list(rows.values_list("live_level", "level", "live_change", "change"))


def test_what_only_the_shadow_calls_senior_is_told_to_nobody(
    community: Source, northwind: Business
) -> None:
    shadow = shadow_of(northwind)
    receive(community, profile(value="Head of Sales"))
    drain()
    assert not Detection.objects.exists()
    assert not SeniorityState.objects.exists()
    assert said() == [("", "vp", "not_senior", "first")]
    assert ShadowTitle.objects.get().rule_set == shadow


def test_what_the_shadow_would_not_call_senior_is_told_all_the_same(
    community: Source, northwind: Business, ana: User, boris: User
) -> None:
    shadow_of(northwind, {"version": "9", "csuite": ["ceo"], "vp": ["svp"]})
    receive(community, profile(value="VP Sales"))
    drain()
    assert Notification.objects.count() == 2
    assert SeniorityState.objects.get().level == "vp"
    assert Classification.objects.get().rules_version == TITLES["version"]
    assert said() == [("vp", "", "first", "not_senior")]


@pytest.mark.parametrize("limit", [1, 200], ids=["one by one", "in one batch"])
def test_the_shadow_has_its_own_idea_of_what_somebody_was(
    community: Source, northwind: Business, limit: int
) -> None:
    shadow_of(northwind)
    titles = ["Head of Sales", "VP Sales", "CEO", "Advisor"]
    receive(community, *(profile(value=value) for value in titles))
    drain(limit=limit)
    assert said() == [
        ("", "vp", "not_senior", "first"),
        ("vp", "vp", "first", "unchanged"),
        ("csuite", "csuite", "promotion", "promotion"),
        ("", "", "removed", "removed"),
    ]


def test_the_shadow_takes_nobody_s_word_for_what_somebody_was(
    community: Source, northwind: Business
) -> None:
    shadow_of(northwind)
    receive(community, profile(value="CEO", old_value="VP Sales"))
    drain()
    assert said() == [("csuite", "csuite", "first", "first")]


def test_the_default_s_shadow_judges_whom_the_default_judges(community: Source) -> None:
    shadow = shadow_of(None)
    receive(community, profile(value="Head of Sales"))
    drain()
    assert ShadowTitle.objects.get().rule_set == shadow


def test_a_business_s_own_shadow_comes_before_the_default_s(
    community: Source, northwind: Business
) -> None:
    shadow_of(None)
    own = shadow_of(northwind)
    receive(community, profile(value="Head of Sales"))
    drain()
    assert ShadowTitle.objects.get().rule_set == own


def test_whoever_has_rules_of_their_own_is_not_the_default_s_shadow_s_business(
    community: Source, northwind: Business
) -> None:
    save_version(TITLES, note="", business=northwind)
    shadow_of(None)
    receive(community, profile(value="Head of Sales"))
    drain()
    assert said() == []


def test_another_business_s_shadow_judges_nobody_here(
    community: Source, southbank: Business
) -> None:
    shadow_of(southbank)
    receive(community, profile(value="Head of Sales"))
    drain()
    assert said() == []


def test_what_is_no_news_is_none_for_the_shadow(community: Source, northwind: Business) -> None:
    shadow_of(northwind)
    receive(community, profile(value="Head of Sales"), profile(value="Head of Sales"))
    receive(community, profile(value="Chess", field="Hobby"))
    drain()
    assert len(said()) == 1


def test_once_promoted_it_judges_and_shadows_no_more(
    community: Source, northwind: Business, ana: User
) -> None:
    assert activate(shadow_of(northwind), actor=ana)
    receive(community, profile(value="Head of Sales"))
    drain()
    assert Detection.objects.get().level == "vp"
    assert said() == []


def test_taken_out_of_shadow_it_says_no_more_and_what_it_said_stays(
    community: Source, northwind: Business, ana: User
) -> None:
    shadow = shadow_of(northwind)
    receive(community, profile(value="Head of Sales"))
    drain()
    assert set_shadow(shadow, on=False, actor=ana)
    receive(community, profile(value="CEO"))
    drain()
    assert len(said()) == 1


def test_without_a_shadow_nothing_more_is_asked(community: Source, northwind: Business) -> None:
    receive(community, profile(value="CTO", person="1"))
    drain()
    before = _statements(community, "2")
    shadow_of(northwind)
    assert _statements(community, "3") == before + 1


def _statements(community: Source, person: str) -> int:
    """Of a round with one title; with a shadow there is what it said to write."""
    receive(community, profile(value="CEO", person=person))
    with CaptureQueriesContext(connection) as captured:
        drain(limit=1)
    return len(captured)
