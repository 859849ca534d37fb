"""Requests no client of ours would send (catalogue B47–B80), on every endpoint they could reach."""

import json
from typing import Any

import pytest

from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

LISTS = ["/v3/proactive/vips", "/v3/proactive/events", "/api/notifications/history"]
INSTANTS = [
    ("/v3/proactive/events", "since"),
    ("/v3/proactive/events", "until"),
    ("/api/notifications/history", "startDate"),
    ("/api/notifications/history", "endDate"),
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        {"limit": "-1"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "1e9"},
        {"limit": "1" + "0" * 20},
        {"limit": "ten"},
        {"limit": ""},
        {"offset": "-5"},
        {"offset": "1" + "0" * 20},
        {"offset": "\x00"},
    ],
    ids=str,
)
def test_a_page_that_cannot_be_is_refused(
    as_ana: JsonClient, path: str, query: dict[str, str]
) -> None:
    answer = as_ana.get(path, query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_page")
    assert answer.json()["fields"].keys() == query.keys()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", ["foo", "Limit", "kind[]", "", "format", "x" * 5_000])
def test_a_question_the_list_does_not_know_is_refused(
    as_ana: JsonClient, path: str, name: str
) -> None:
    answer = as_ana.get(path, {name: "1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_field")
    assert list(answer.json()["fields"]) == [name[:100]]


@pytest.mark.parametrize(("path", "name"), INSTANTS)
@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04T12:00:00",
        "2026-03-04",
        "2026-13-01T00:00:00Z",
        "yesterday",
        "1772625600",
        "2026-03-04T25:00:00Z",
        "\x00",
        "9" * 10_000,
    ],
    ids=lambda text: text[:25],
)
def test_a_moment_that_is_not_one_is_refused(
    as_ana: JsonClient, path: str, name: str, text: str
) -> None:
    answer = as_ana.get(path, {name: text})
    assert answer.status_code == 422
    assert name in answer.json()["fields"]


@pytest.mark.parametrize(("path", "name"), INSTANTS)
@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T23:59:59-23:59",
        "2026-03-04T12:00:00+23:59",
        "2026-03-04T12:00:00.5Z",
    ],
)
def test_a_moment_at_the_end_of_the_world_is_only_a_moment(
    as_ana: JsonClient, path: str, name: str, text: str
) -> None:
    assert as_ana.get(path, {name: text}).status_code == 200


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v3/proactive/events", {"kind": "telegram"}),
        ("/v3/proactive/events", {"urgency": "bogus"}),
        ("/v3/proactive/events", {"category": "secret' OR 1=1 --"}),
        ("/api/notifications/history", {"status": "lost"}),
        ("/api/notifications/history", {"auraId": "1"}),
        (
            "/v3/proactive/events",
            {"since": "2026-03-05T00:00:00Z", "until": "2026-03-04T00:00:00Z"},
        ),
        (
            "/api/notifications/history",
            {"startDate": "2026-03-05T00:00:00Z", "endDate": "2026-03-04T00:00:00Z"},
        ),
    ],
)
def test_a_filter_that_means_nothing_is_refused(
    as_ana: JsonClient, path: str, query: dict[str, str]
) -> None:
    answer = as_ana.get(path, query)
    assert answer.status_code == 422
    assert answer.json()["fields"].keys() & query.keys()


@pytest.mark.parametrize(
    ("method", "path"), [("patch", "/v3/proactive/preferences"), ("post", "/v3/proactive/vips")]
)
class TestBodies:
    def test_three_megabytes_are_refused(self, as_ana: JsonClient, method: str, path: str) -> None:
        answer = getattr(as_ana, method)(path, {"label": "x" * 3_000_000})
        assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")

    @pytest.mark.parametrize(
        "body", [b"{", b"{}{}", b"\xff\xfe", b'{"enabled": NaN}', b'{"a": 1, "a": 2}']
    )
    def test_what_is_no_json_is_refused(
        self, as_ana: JsonClient, method: str, path: str, body: bytes
    ) -> None:
        answer = getattr(as_ana, method)(path, body, content_type="application/json")
        assert answer.status_code in (400, 422)
        assert answer["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("document", [[], "text", 7, True, [{"enabled": True}]], ids=str)
    def test_what_is_no_object_is_refused(
        self, as_ana: JsonClient, method: str, path: str, document: Any
    ) -> None:
        send = getattr(as_ana, method)
        answer = send(path, json.dumps(document).encode(), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "not_an_object")

    @pytest.mark.parametrize(
        "content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"]
    )
    def test_another_media_type_is_refused(
        self, as_ana: JsonClient, method: str, path: str, content_type: str
    ) -> None:
        answer = getattr(as_ana, method)(path, b"{}", content_type=content_type)
        assert answer.status_code == 415


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("accept", ["application/xml", "text/html"])
def test_only_json_is_answered(as_ana: JsonClient, path: str, accept: str) -> None:
    answer = as_ana.get(path, headers={"Accept": accept})
    assert answer.status_code == 406


@pytest.mark.parametrize("path", LISTS)
def test_a_method_in_a_header_is_ignored(as_ana: JsonClient, path: str) -> None:
    answer = as_ana.get(path, headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_another_method_is_refused(as_ana: JsonClient, path: str) -> None:
    assert as_ana.put(path, {}).status_code == 405


@pytest.mark.parametrize(
    "path", ["/v3/proactive/events/7", "/v3/proactive/events/../vips", "/v3/proactive/nothing"]
)
def test_a_path_that_is_none_is_a_problem_too(as_ana: JsonClient, path: str) -> None:
    answer = as_ana.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
