"""Rows B1 to B3 and B6 to B8 of the bad-input catalogue."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.core.signing import Scheme, sign, verify
from tests.core.signing.messages import (
    BODY,
    MESSAGE_ID,
    NOW,
    OTHER_SECRETS,
    PREFIXES,
    SECRETS,
    SIGNATURE_HEADERS,
    SIGNING_THE_BODY,
    TIMESTAMPED,
    check,
    genuine,
    refusal,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "fixtures/signatures/vectors.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_the_vendors_own_vector_is_verified(vector: dict[str, Any]) -> None:
    message_id = verify(
        Scheme(vector["scheme"]),
        vector["headers"],
        vector["body"].encode(),
        [vector["secret"]],
        now=datetime.fromtimestamp(vector["sent_at"], tz=UTC),
        tolerance_seconds=300,
    )
    assert message_id == vector["message_id"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_signing_makes_the_vendors_own_vector(vector: dict[str, Any]) -> None:
    headers = sign(
        Scheme(vector["scheme"]),
        vector["secret"],
        message_id=vector["message_id"],
        now=datetime.fromtimestamp(vector["sent_at"], tz=UTC),
        body=vector["body"].encode(),
    )
    assert headers == vector["headers"]


def test_composio_signs_with_the_bytes_of_the_secret() -> None:
    timestamp = str(int(NOW.timestamp()))
    mac = hmac.new(
        SECRETS[Scheme.COMPOSIO].encode(), f"m1.{timestamp}.".encode() + BODY, hashlib.sha256
    )
    headers = {
        "webhook-id": "m1",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(mac.digest()).decode()}",
    }
    assert check(Scheme.COMPOSIO, headers) == "m1"


@pytest.mark.parametrize(
    ("signer", "verifier"),
    [
        (Scheme.COMPOSIO, Scheme.STANDARD_WEBHOOKS),
        (Scheme.STANDARD_WEBHOOKS, Scheme.COMPOSIO),
    ],
)
def test_composio_and_standard_webhooks_derive_different_keys(
    signer: Scheme, verifier: Scheme
) -> None:
    secret = SECRETS[Scheme.STANDARD_WEBHOOKS]
    headers = sign(signer, secret, message_id="m1", now=NOW, body=BODY)
    assert refusal(verifier, headers, secrets=[secret]) == "invalid_signature"


@pytest.mark.parametrize("scheme", Scheme)
def test_a_genuine_message_is_verified(scheme: Scheme) -> None:
    assert check(scheme, genuine(scheme)) in {MESSAGE_ID, ""}


@pytest.mark.parametrize("scheme", SIGNING_THE_BODY)
def test_the_message_id_is_returned(scheme: Scheme) -> None:
    assert check(scheme, genuine(scheme)) == MESSAGE_ID


@pytest.mark.parametrize("scheme", Scheme)
def test_b1_no_header_at_all_is_refused(scheme: Scheme) -> None:
    assert refusal(scheme, {}) == "invalid_signature"


@pytest.mark.parametrize("scheme", TIMESTAMPED)
@pytest.mark.parametrize("missing", ["id", "timestamp", "signature"])
def test_b1_every_header_is_needed(scheme: Scheme, missing: str) -> None:
    headers = genuine(scheme)
    del headers[f"{PREFIXES[scheme]}-{missing}"]
    assert refusal(scheme, headers) == "invalid_signature"


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "abc",
        "v1,a,b",
        "v1,",
        "v1",
        "v1,\u00e9\u00e9\u00e9\u00e9",
        "v1," + "A" * 43 + "=",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha256=" + "g" * 64,
        "Basic",
        "Basic !",
        "Basic YWJj",
        "Basic YWJ",
        "Bearer YWJj",
        "x" * 1_048_576,
        "\x00",
    ],
    ids=lambda value: value[:12].encode("unicode_escape").decode(),
)
def test_b2_a_malformed_or_wrong_signature_is_refused(scheme: Scheme, value: str) -> None:
    headers = genuine(scheme) | {SIGNATURE_HEADERS[scheme]: value}
    assert refusal(scheme, headers) == "invalid_signature"


@pytest.mark.parametrize(
    "spoil",
    [
        "{0}  {0}",
        " {0}",
        "{0} ",
        "{0},",
        "{0}\n",
        "abc {0}",
        "v1, {0}",
        " ".join(["{0}"] * 11),
        " ".join(["{0}"] * 100),
    ],
)
def test_b2_a_list_must_be_well_formed_to_its_end(spoil: str) -> None:
    headers = genuine(Scheme.COMPOSIO)
    headers["webhook-signature"] = spoil.format(headers["webhook-signature"])
    assert refusal(Scheme.COMPOSIO, headers) == "invalid_signature"


@pytest.mark.parametrize("before", ["v1," + "A" * 43 + "=", "v1a," + "B" * 86 + "==", "v2,QUJD"])
def test_any_signature_of_a_list_may_match(before: str) -> None:
    headers = genuine(Scheme.STANDARD_WEBHOOKS)
    headers["webhook-signature"] = f"{before} {headers['webhook-signature']} {before}"
    assert check(Scheme.STANDARD_WEBHOOKS, headers) == MESSAGE_ID


@pytest.mark.parametrize("scheme", SIGNING_THE_BODY)
@pytest.mark.parametrize(
    "body",
    [
        BODY.replace(b"V", b"v", 1),
        BODY + b"\n",
        BODY[:-1],
        b"",
        json.dumps(json.loads(BODY)).encode(),
    ],
)
def test_b3_another_body_is_refused(scheme: Scheme, body: bytes) -> None:
    assert refusal(scheme, genuine(scheme), body=body) == "invalid_signature"


@pytest.mark.parametrize("scheme", SIGNING_THE_BODY)
@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", "é".encode("latin-1")])
def test_the_body_is_only_bytes(scheme: Scheme, body: bytes) -> None:
    assert check(scheme, genuine(scheme, body=body), body=body) == MESSAGE_ID


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("swapped", [1, -1])
def test_b6_every_secret_of_a_rotation_is_tried(scheme: Scheme, swapped: int) -> None:
    secrets = [OTHER_SECRETS[scheme], SECRETS[scheme]][::swapped]
    assert check(scheme, genuine(scheme), secrets=secrets) in {MESSAGE_ID, ""}


@pytest.mark.parametrize("scheme", Scheme)
def test_b7_another_sources_secret_is_refused(scheme: Scheme) -> None:
    secrets = [OTHER_SECRETS[scheme]]
    assert refusal(scheme, genuine(scheme), secrets=secrets) == "invalid_signature"


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("secrets", [[], [""], ["whsec_"], ["whsec_?"], ["\ud800"]])
def test_b8_without_a_usable_secret_nothing_is_genuine(scheme: Scheme, secrets: list[str]) -> None:
    assert refusal(scheme, genuine(scheme), secrets=secrets) == "invalid_signature"


@pytest.mark.parametrize(
    ("scheme", "secret"),
    [(Scheme.COMPOSIO, ""), (Scheme.STANDARD_WEBHOOKS, ""), (Scheme.STANDARD_WEBHOOKS, "whsec_")],
)
def test_an_empty_secret_is_not_an_empty_key(scheme: Scheme, secret: str) -> None:
    timestamp = str(int(NOW.timestamp()))
    mac = hmac.new(b"", f"m1.{timestamp}.".encode() + BODY, hashlib.sha256)
    headers = {
        "webhook-id": "m1",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(mac.digest()).decode()}",
    }
    assert refusal(scheme, headers, secrets=[secret]) == "invalid_signature"


@pytest.mark.parametrize("word", ["Basic", "basic"])
def test_basic_credentials_name_their_scheme_in_either_case(word: str) -> None:
    encoded = b64encode(SECRETS[Scheme.BASIC].encode()).decode()
    assert check(Scheme.BASIC, {"authorization": f"{word} {encoded}"}) == ""


@pytest.mark.parametrize("given", ["community:", "community", ":correct horse battery", "ommunity"])
def test_part_of_the_basic_credentials_is_refused(given: str) -> None:
    headers = {"authorization": "Basic " + b64encode(given.encode()).decode()}
    assert refusal(Scheme.BASIC, headers) == "invalid_signature"
