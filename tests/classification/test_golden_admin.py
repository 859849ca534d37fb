"""The golden set in the console: listed, filtered, exported, and never edited."""

import pytest
from django.test import Client

from apps.accounts.models import Business, User
from apps.classification.models import GoldenCase
from tests import factories
from tests.console import list_of, operator, page_of

LIST = list_of(GoldenCase)


@pytest.fixture
def console(db: None) -> Client:
    return operator()


@pytest.fixture
def case(northwind: Business, ana: User) -> GoldenCase:
    event = factories.make_event(business=northwind, user=ana, content="A secret offer")
    return factories.make_golden_case(event=event, author=ana, expected_urgency="low")


def test_a_case_cannot_be_changed(console: Client, case: GoldenCase) -> None:
    console.post(page_of(case), {"expected_urgency": "high"})
    assert GoldenCase.objects.get().expected_urgency == "low"


def test_a_mistaken_case_can_be_deleted(console: Client, case: GoldenCase) -> None:
    console.post(f"{LIST}{case.pk}/delete/", {"post": "yes"})
    assert not GoldenCase.objects.exists()


def test_the_content_is_neither_on_its_page_nor_in_an_export(
    console: Client, case: GoldenCase
) -> None:
    form = console.get(f"{LIST}export/").context["form"]
    chosen = {name: "on" for name in form.fields if name.startswith("goldencaseresource_")}
    exported = console.post(f"{LIST}export/", {"format": "0", "resource": "0", **chosen})
    assert str(case.public_id) in exported.content.decode()
    assert "secret" not in exported.content.decode()
    assert "secret" not in console.get(page_of(case)).content.decode()


@pytest.mark.parametrize(("urgency", "found"), [("low", 1), ("high", 0)])
def test_cases_can_be_found_by_what_was_expected(
    console: Client, case: GoldenCase, urgency: str, found: int
) -> None:
    shown = console.get(LIST, {"expected_urgency__exact": urgency})
    assert shown.context["cl"].result_count == found
