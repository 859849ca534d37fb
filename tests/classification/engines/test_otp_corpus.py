"""The tough corpus: many languages, both orders, HTML, and numbers that only look like codes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.classification.engines.codes import find_code
from apps.classification.types import SecurityCode
from apps.ingestion.engines.text import plain_text

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
CORPUS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "otp_corpus.json").read_text(encoding="utf-8")
)


def found_in(mail: dict[str, Any]) -> SecurityCode | None:
    text = mail.get("text") or plain_text(mail["html"])
    return find_code(mail["subject"], text, received_at=NOW)


@pytest.mark.parametrize("mail", CORPUS["negative"], ids=lambda mail: mail["why"])
def test_what_only_looks_like_a_code_is_left_alone(mail: dict[str, Any]) -> None:
    assert found_in(mail) is None


@pytest.mark.parametrize(
    "mail", CORPUS["positive"], ids=lambda mail: f"{mail['language']}: {mail['code']}"
)
def test_the_code_is_found_with_its_lifetime(mail: dict[str, Any]) -> None:
    lapses = NOW + timedelta(minutes=mail["minutes"])
    assert found_in(mail) == SecurityCode(value=mail["code"], expires_at=lapses)


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(CORPUS["positive"]) >= 120
    assert len(CORPUS["negative"]) >= 60
    assert len({mail["language"] for mail in CORPUS["positive"]}) >= 15
