from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from pytest_django import DjangoAssertNumQueries
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from apps.core.api.pagination import LimitOffsetPage
from apps.core.errors import InvalidInput


class Schedule(serializers.Serializer[ContentType]):
    id = serializers.IntegerField()


class Schedules(LimitOffsetPage):
    rows_name = "schedules"


class ScheduleView(ListAPIView[ContentType]):
    pagination_class = Schedules
    permission_classes = []
    authentication_classes = []
    queryset = ContentType.objects.all()
    serializer_class = Schedule
    filter_backends = []


def _request(query: str) -> Request:
    return Request(APIRequestFactory().get(f"/api/x?{query}"))


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=101", "limit=1000000000", "limit=1e1", "limit=", "limit=x"),
        *("limit=1.0", "limit=%2B5", "limit=+5", "limit=٥", "limit=100000000000000000000"),
        *("offset=-5", "offset=10000001", "offset=100000000000000000000", "offset=a"),
    ],
)
def test_a_wrong_number_is_refused(query: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        LimitOffsetPage().paginate_queryset([1, 2, 3], _request(query))
    assert (caught.value.status_code, caught.value.code) == (422, "invalid_page")
    assert list(caught.value.fields) == [query.partition("=")[0]]


@pytest.mark.parametrize(
    ("query", "rows", "more"),
    [
        ("", [0, 1, 2, 3, 4], False),
        ("limit=2", [0, 1], True),
        ("limit=2&offset=3", [3, 4], False),
        ("limit=2&offset=2", [2, 3], True),
        ("offset=5", [], False),
        ("offset=10000000", [], False),
    ],
)
def test_more_is_said_exactly_when_rows_follow(query: str, rows: list[int], more: bool) -> None:
    page = LimitOffsetPage()
    shown = page.paginate_queryset(list(range(5)), _request(query))
    body = page.get_paginated_response(shown).data
    assert (body["results"], body["total"], body["hasMore"]) == (rows, 5, more)


def test_a_subclass_names_its_list() -> None:
    page = Schedules()
    shown = page.paginate_queryset([1, 2, 3], _request("offset=1&limit=1"))
    expected = {"schedules": [2], "total": 3, "limit": 1, "offset": 1, "hasMore": True}
    assert page.get_paginated_response(shown).data == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "queries"), [("limit=1", 2), ("offset=9999", 1)])
def test_a_page_costs_one_count_and_at_most_one_read(
    query: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(queries):
        LimitOffsetPage().paginate_queryset(ContentType.objects.order_by("id"), _request(query))


@pytest.mark.parametrize("page", [LimitOffsetPage(), Schedules()])
def test_the_documented_answer_has_the_keys_of_the_real_one(page: Any) -> None:
    shown = page.paginate_queryset([1], _request(""))
    schema = page.get_paginated_response_schema({"type": "array"})
    assert list(schema["properties"]) == list(page.get_paginated_response(shown).data)


def test_the_schema_names_the_parameters_and_the_list() -> None:
    paths = [path("schedules/", ScheduleView.as_view())]
    generator: Any = SchemaGenerator(patterns=paths)  # type: ignore[no-untyped-call]  # untyped
    schema = generator.get_schema(public=True)
    operation = schema["paths"]["/schedules/"]["get"]
    limits = {one["name"]: one["schema"]["maximum"] for one in operation["parameters"]}
    assert limits == {"limit": 100, "offset": 10_000_000}
    listed = schema["components"]["schemas"]["PaginatedScheduleList"]["properties"]
    assert list(listed) == ["schedules", "total", "limit", "offset", "hasMore"]
