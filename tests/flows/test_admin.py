"""Every page of the console: it opens for whoever may see it alone, and tells no secret."""

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from apps.accounts.models import Business, User
from apps.ingestion.models import Event, RawEvent
from tests.console import (
    BODY,
    HOSTILE,
    SECRET,
    list_of,
    logged_in,
    one_of_each,
    operator,
    page_of,
    staff,
)

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)

QUERIES_AT_MOST = 14


@pytest.fixture
def rows(northwind: Business, ana: User) -> dict[type[Model], Any]:
    return one_of_each(northwind, ana)


@each_model
@pytest.mark.django_db
def test_a_list_asks_strangers_to_log_in(model: type[Model]) -> None:
    response = Client().get(list_of(model))
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


@each_model
def test_a_list_is_closed_to_people_who_are_no_staff(model: type[Model], boris: User) -> None:
    assert logged_in(boris).get(list_of(model)).status_code == 302


@each_model
@pytest.mark.django_db
def test_a_list_is_closed_to_staff_without_the_permission(model: type[Model]) -> None:
    assert staff().get(list_of(model)).status_code == 403


@each_model
def test_a_page_is_closed_to_staff_without_the_permission(
    model: type[Model], rows: dict[type[Model], Any]
) -> None:
    assert staff().get(page_of(rows[model])).status_code == 403


@each_model
def test_a_list_opens(model: type[Model], rows: dict[type[Model], Any]) -> None:
    assert operator().get(list_of(model)).status_code == 200


@each_model
def test_a_page_opens(model: type[Model], rows: dict[type[Model], Any]) -> None:
    assert operator().get(page_of(rows[model])).status_code == 200


@each_model
def test_a_list_asks_few_questions(
    model: type[Model], rows: dict[type[Model], Any], django_assert_max_num_queries: Any
) -> None:
    client = operator()
    with django_assert_max_num_queries(QUERIES_AT_MOST):
        client.get(list_of(model))


@each_model
@pytest.mark.parametrize("which", ["list", "page"])
def test_no_secret_and_no_body_is_on_any_page(
    model: type[Model], which: str, rows: dict[type[Model], Any]
) -> None:
    url = {"list": list_of(model), "page": page_of(rows[model])}[which]
    content = operator().get(url).content
    assert SECRET.encode() not in content
    assert SECRET.removeprefix("whsec_").encode() not in content
    assert BODY not in content


@each_model
@pytest.mark.parametrize("which", ["list", "page"])
def test_a_hostile_title_is_inert_everywhere(
    model: type[Model], which: str, rows: dict[type[Model], Any]
) -> None:
    url = {"list": list_of(model), "page": page_of(rows[model])}[which]
    assert HOSTILE.encode() not in operator().get(url).content


@pytest.mark.parametrize("model", [Event, RawEvent, User], ids=["Event", "RawEvent", "User"])
@pytest.mark.parametrize(
    "query", ["?p=1e11", "?o=9.9", "?q=%00", "?q=x", "?password__startswith=a"]
)
def test_a_strange_address_is_no_failure(
    model: type[Model], query: str, rows: dict[type[Model], Any]
) -> None:
    assert operator().get(list_of(model) + query).status_code in (200, 302, 400)


@each_model
def test_a_row_that_is_not_there_is_no_failure(
    model: type[Model], rows: dict[type[Model], Any]
) -> None:
    assert operator().get(f"{list_of(model)}999999999999999999999/change/").status_code in (
        302,
        404,
    )
