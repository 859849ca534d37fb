import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.codes import find_code

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
CORPUS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "fixtures/codes/corpus.json").read_text(encoding="utf-8")
)


def code_in(text: str, subject: str = "") -> str | None:
    code = find_code(subject, text, received_at=NOW)
    return code.value if code else None


def lifetime_of(text: str) -> timedelta:
    code = find_code("", text, received_at=NOW)
    assert code is not None
    return code.expires_at - NOW


@pytest.mark.parametrize("message", CORPUS["negative"], ids=lambda message: message["why"])
def test_a_number_that_is_no_code_is_left_alone(message: dict[str, str]) -> None:
    assert code_in(message["text"], message["subject"]) is None


@pytest.mark.parametrize(
    "message", CORPUS["positive"], ids=lambda m: f"{m['language']}: {m['text'][:40]}"
)
def test_a_code_is_found_with_its_lifetime(message: dict[str, Any]) -> None:
    code = find_code(message["subject"], message["text"], received_at=NOW)
    assert code is not None
    assert code.value == message["code"]
    assert code.expires_at == NOW + timedelta(minutes=message["minutes"])


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(CORPUS["positive"]) >= 60
    assert len(CORPUS["negative"]) >= 60
    assert len({message["language"] for message in CORPUS["positive"]}) >= 16


@pytest.mark.parametrize("text", ["", " ", "\n\n", "code", "123456", "\ud800", "\x00 code: \x00"])
def test_a_message_without_a_code_has_none(text: str) -> None:
    assert code_in(text) is None


def test_the_code_is_told_from_the_other_numbers_of_its_message() -> None:
    text = (
        "Order 48213 of 12.05.2026, total $1999. Your verification code is 731 904. Call 5551234."
    )
    assert code_in(text) == "731904"


def test_a_code_in_the_subject_is_found() -> None:
    assert code_in("Somebody wants to sign in.", "482913 is your login code") == "482913"


@pytest.mark.parametrize(
    ("stated", "lifetime"),
    [
        ("It expires in 90 seconds.", timedelta(seconds=90)),
        ("It expires in 5 seconds.", timedelta(seconds=30)),
        ("It is valid for one hour.", timedelta(hours=1)),
        ("It is valid for 30 days.", timedelta(minutes=10)),
        ("It is valid for 72 hours.", timedelta(hours=24)),
        ("Wir rufen Sie in 45 Minuten an.", timedelta(minutes=10)),
        ("Er ist zehn Minuten lang gültig.", timedelta(minutes=10)),
        ("", timedelta(minutes=10)),
    ],
)
def test_the_stated_lifetime_counts_within_limits(stated: str, lifetime: timedelta) -> None:
    assert lifetime_of(f"Your code is 482913. {stated}") == lifetime


@pytest.mark.parametrize(
    "text",
    [
        "code 1234 " * 100_000,
        "code " * 200_000,
        "1" * 1_000_000,
        "a-" * 500_000 + "code",
        "code\n" + "123456\n" * 100_000,
        "valid for 10 minutes " * 50_000 + "code",
    ],
    ids=lambda text: text[:12].strip(),
)
def test_a_hostile_message_takes_no_longer(text: str) -> None:
    started = perf_counter()
    find_code("", text, received_at=NOW)
    assert perf_counter() - started < 1.0


@given(st.text())
def test_no_text_breaks_the_search(text: str) -> None:
    code = find_code(text, f"Your code: {text}", received_at=NOW)
    assert code is None or code.expires_at > NOW


@given(st.integers(min_value=100_000, max_value=999_999).map(str))
def test_any_six_digits_told_as_a_code_are_found(digits: str) -> None:
    assert code_in(f"Your verification code is {digits}.") == digits
