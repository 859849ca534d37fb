"""Rows B4, B5 and B11 of the bad-input catalogue: signed times and message ids."""

import pytest

from apps.core.signing import Scheme, sign
from tests.core.signing.messages import (
    BODY,
    MESSAGE_ID,
    NOW,
    PREFIXES,
    SECRETS,
    TIMESTAMPED,
    check,
    genuine,
    refusal,
)


@pytest.mark.parametrize("scheme", TIMESTAMPED)
@pytest.mark.parametrize(
    "timestamp",
    [
        "nan",
        "inf",
        "1e9",
        "1_795_167_000",
        " 1795167000",
        "1795167000 ",
        "1795167000\n",
        "-1",
        "+1795167000",
        "1795167000000",
        str(2**63),
        "1795167000.5",
        "\u0661\u0667\u0669\u0665\u0661\u0666\u0667\u0660\u0660\u0660",
        "0x6b0000000",
        "9" * 2_000,
    ],
)
def test_b4_a_timestamp_that_is_none_is_refused(scheme: Scheme, timestamp: str) -> None:
    headers = genuine(scheme) | {f"{PREFIXES[scheme]}-timestamp": timestamp}
    assert refusal(scheme, headers) == "invalid_signature"


@pytest.mark.parametrize("scheme", TIMESTAMPED)
@pytest.mark.parametrize("age", [-300, -1, 0, 300])
def test_b5_the_tolerance_includes_its_bounds(scheme: Scheme, age: int) -> None:
    assert check(scheme, genuine(scheme, age_seconds=age)) == MESSAGE_ID


@pytest.mark.parametrize("scheme", TIMESTAMPED)
@pytest.mark.parametrize("age", [-301, 301, 86_400, -86_400, 777_600_000])
def test_b5_a_genuine_message_of_another_time_is_refused(scheme: Scheme, age: int) -> None:
    headers = genuine(scheme, age_seconds=age)
    assert refusal(scheme, headers) == "timestamp_out_of_range"


@pytest.mark.parametrize("scheme", TIMESTAMPED)
def test_b5_a_forged_message_of_another_time_is_only_invalid(scheme: Scheme) -> None:
    headers = genuine(scheme, age_seconds=301)
    assert refusal(scheme, headers, body=b"{}") == "invalid_signature"


@pytest.mark.parametrize("scheme", TIMESTAMPED)
def test_b5_a_timestamp_of_eleven_digits_is_only_far_away(scheme: Scheme) -> None:
    headers = genuine(scheme, age_seconds=-90_000_000_000)
    assert refusal(scheme, headers) == "timestamp_out_of_range"


@pytest.mark.parametrize("scheme", TIMESTAMPED)
@pytest.mark.parametrize(
    "message_id", ["", "x" * 201, "msg.1", "msg\r\nx: y", "msg\n", "m\u00e9", "\x00", "\u2028"]
)
def test_b11_an_unsignable_message_id_is_refused(scheme: Scheme, message_id: str) -> None:
    headers = genuine(scheme) | {f"{PREFIXES[scheme]}-id": message_id}
    assert refusal(scheme, headers) == "invalid_signature"


def test_an_unsendable_discourse_id_is_refused() -> None:
    headers = genuine(Scheme.DISCOURSE) | {"x-discourse-event-id": "1\r\n2"}
    assert refusal(Scheme.DISCOURSE, headers) == "invalid_signature"


def test_a_message_id_may_have_200_characters() -> None:
    headers = sign(Scheme.HMAC, SECRETS[Scheme.HMAC], message_id="~" * 200, now=NOW, body=BODY)
    assert check(Scheme.HMAC, headers) == "~" * 200
