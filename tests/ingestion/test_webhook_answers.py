"""What a sender is answered, whatever it sends: the same by the view and by the door.

The numbers are those of the bad-input catalogue (reliability.md §4).
"""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.ingestion.models import RawEvent, Source
from apps.ingestion.services.directory import directory
from tests.ingestion.conftest import OTHER_SECRET, Gate, Secrets, Sources
from tests.ingestion.posting import Letter, fresh, refusal

pytestmark = pytest.mark.processes

MEBIBYTE = 1_048_576

SIGNATURE = "webhook-signature"
TIMESTAMP = "webhook-timestamp"
MESSAGE_ID = "webhook-id"


@pytest.fixture
def source(committed: Source) -> Source:
    return committed


def without(sent: Letter, name: str) -> Letter:
    return replace(sent, headers={k: v for k, v in sent.headers.items() if k != name})


def with_header(sent: Letter, name: str, value: str) -> Letter:
    return replace(sent, headers={**sent.headers, name: value})


def test_a_signed_body_is_accepted(gate: Gate, source: Source) -> None:
    answer = gate(fresh(source))
    assert answer.status == 202
    assert answer.body["status"] == "accepted"
    assert answer.body["duplicate"] is False
    assert RawEvent.objects.filter(correlation_id=answer.body["event_id"]).exists()


@pytest.mark.parametrize("name", [SIGNATURE, TIMESTAMP, MESSAGE_ID])
def test_a_missing_proof_is_unauthorized_b1(gate: Gate, source: Source, name: str) -> None:
    assert refusal(gate, without(fresh(source), name)) == (401, "invalid_signature")


@pytest.mark.parametrize(
    "value",
    ["abc", "v1,a,b", "v1,", "v1,AAAA  v1,AAAA", " ".join(["v1,AAAA"] * 100), "v1," + "A" * 5_000],
    ids=["word", "comma", "empty", "two spaces", "hundred", "long"],
)
def test_a_malformed_signature_is_unauthorized_b2(gate: Gate, source: Source, value: str) -> None:
    sent = with_header(fresh(source), SIGNATURE, value)
    assert refusal(gate, sent) == (401, "invalid_signature")


def test_one_changed_byte_is_unauthorized_b3(gate: Gate, source: Source) -> None:
    sent = fresh(source)
    changed = replace(sent, body=sent.body.replace(b"Hello", b"Hallo"))
    assert refusal(gate, changed) == (401, "invalid_signature")


@pytest.mark.parametrize(
    "value", ["nan", "inf", "1e9", "1_700_000_000", "-1", "1700000000000", str(2**63), "\xb9" * 10]
)
def test_a_malformed_time_is_unauthorized_b4(gate: Gate, source: Source, value: str) -> None:
    sent = with_header(fresh(source), TIMESTAMP, value)
    assert refusal(gate, sent) == (401, "invalid_signature")


@pytest.mark.parametrize("age_seconds", [310, -310])
def test_a_genuine_but_stale_message_is_out_of_range_b5(
    gate: Gate, source: Source, age_seconds: int
) -> None:
    sent = fresh(source, age_seconds=age_seconds)
    assert refusal(gate, sent) == (401, "timestamp_out_of_range")


@pytest.mark.parametrize("age_seconds", [290, -290])
def test_a_message_within_the_tolerance_is_accepted_b5(
    gate: Gate, source: Source, age_seconds: int
) -> None:
    assert gate(fresh(source, age_seconds=age_seconds)).status == 202


def test_the_secret_of_somebody_else_is_unauthorized_b7(gate: Gate, source: Source) -> None:
    assert refusal(gate, fresh(source, secret=OTHER_SECRET)) == (401, "invalid_signature")


def test_an_unknown_source_is_answered_like_a_wrong_signature_b8(
    gate: Gate, source: Source
) -> None:
    unknown = gate(replace(fresh(source), path="/webhooks/nobody"))
    wrong = gate(fresh(source, secret=OTHER_SECRET))
    assert unknown.status == wrong.status == 401
    del unknown.body["request_id"], wrong.body["request_id"]
    assert unknown.body == wrong.body


def test_the_same_message_again_is_a_duplicate_with_the_same_id_b9(
    gate: Gate, source: Source
) -> None:
    sent = fresh(source)
    first, second = gate(sent), gate(sent)
    assert (first.status, second.status) == (202, 200)
    assert second.body == {**first.body, "status": "duplicate", "duplicate": True}


def test_another_body_under_a_used_id_is_a_conflict_b10(gate: Gate, source: Source) -> None:
    message_id = f"msg_{uuid.uuid4().hex}"
    gate(fresh(source, message_id=message_id))
    sent = fresh(source, {"type": "note", "data": {"title": "Bye"}}, message_id=message_id)
    assert refusal(gate, sent) == (409, "idempotency_conflict")


@pytest.mark.parametrize("value", ["", "m" * 300, "a.b", "caf\xe9"])
def test_a_malformed_id_is_unauthorized_b11(gate: Gate, source: Source, value: str) -> None:
    sent = with_header(fresh(source), MESSAGE_ID, value)
    assert refusal(gate, sent) == (401, "invalid_signature")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_any_method_but_post_is_not_allowed_b12(gate: Gate, source: Source, method: str) -> None:
    answer = gate(fresh(source), method=method)
    assert (answer.status, answer.body["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/json; charset=nope",
    ],
)
def test_any_media_type_but_json_in_utf8_is_unsupported_b13_b14(
    gate: Gate, source: Source, media_type: str
) -> None:
    sent = with_header(fresh(source), "content-type", media_type)
    assert refusal(gate, sent) == (415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", ["application/json", 'Application/JSON; charset="UTF-8"'])
def test_json_in_utf8_may_be_spelled_in_any_way_b14(
    gate: Gate, source: Source, media_type: str
) -> None:
    assert gate(with_header(fresh(source), "content-type", media_type)).status == 202


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, identity"])
def test_a_compressed_body_is_never_inflated_b15(gate: Gate, source: Source, encoding: str) -> None:
    sent = with_header(fresh(source), "content-encoding", encoding)
    assert refusal(gate, sent) == (415, "unsupported_media_type")


def test_a_body_above_the_limit_is_too_large_b16(gate: Gate, source: Source) -> None:
    sent = fresh(source, body=b" " * (MEBIBYTE + 1))
    assert refusal(gate, sent) == (413, "payload_too_large")


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks",
        "/webhooks/",
        "/webhooks//",
        "/webhooks//events",
        "/webhooks/a/b/c",
        "/webhooks/%00",
        "/webhooks/..%2fx",
    ],
)
def test_a_path_of_no_source_is_unauthorized_b44(gate: Gate, source: Source, path: str) -> None:
    assert refusal(gate, replace(fresh(source), path=path)) == (401, "invalid_signature")


def test_a_retired_secret_counts_until_its_end_b6(gate: Gate, committed_secret: Secrets) -> None:
    overlapping = committed_secret(not_after=timezone.now() + timedelta(hours=1))
    retired = committed_secret(not_after=timezone.now() - timedelta(seconds=1))
    early = committed_secret(not_before=timezone.now() + timedelta(hours=1))
    assert gate(fresh(overlapping, secret=OTHER_SECRET)).status == 202
    assert refusal(gate, fresh(retired, secret=OTHER_SECRET)) == (401, "invalid_signature")
    assert refusal(gate, fresh(early, secret=OTHER_SECRET)) == (401, "invalid_signature")


def test_a_source_that_is_switched_off_is_unknown(gate: Gate, committed_source: Sources) -> None:
    sent = fresh(committed_source(enabled=False))
    assert refusal(gate, sent) == (401, "invalid_signature")


def test_an_address_outside_its_networks_may_not_post(
    gate: Gate, committed_source: Sources
) -> None:
    sent = fresh(committed_source(allowed_networks=["203.0.113.0/24"]))
    assert refusal(gate, sent) == (403, "address_not_allowed")


def test_who_cannot_sign_does_not_learn_that_networks_count(
    gate: Gate, committed_source: Sources
) -> None:
    source = committed_source(allowed_networks=["203.0.113.0/24"])
    assert refusal(gate, fresh(source, secret=OTHER_SECRET)) == (401, "invalid_signature")


def test_a_burst_above_the_sources_limit_is_told_when_to_come_again_b41(
    gate: Gate, committed_source: Sources
) -> None:
    source = committed_source(per_minute=2)
    answers = [gate(fresh(source)) for _ in range(3)]
    assert [answer.status for answer in answers] == [202, 202, 429]
    assert answers[-1].body["code"] == "rate_limit_exceeded"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


def test_a_failure_that_nobody_foresaw_is_told_as_one_to_try_again(
    committed: Source, db: None, client: Client, settings: Settings
) -> None:
    settings.FIELD_KEYS = ["no key at all"]
    directory.forget()
    sent = fresh(committed)
    headers = {name: value for name, value in sent.headers.items() if name != "content-type"}
    answer = client.post(sent.path, sent.body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert int(answer["Retry-After"]) >= 1
