import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.prompting import (
    CLASSIFY_PROMPT,
    INSIGHTS_PROMPT,
    MAX_CONTENT_CHARACTERS,
    MAX_LINE_CHARACTERS,
    Prompt,
    compose,
)

NONCE = "0123456789abcdef"


def prompt(*, title: str = "Contract", content: str = "Hello", nonce: str = NONCE) -> Prompt:
    return compose(
        CLASSIFY_PROMPT,
        title=title,
        content=content,
        kind="email",
        sender_name="Boris",
        now=datetime(2026, 3, 4, 12, 0, tzinfo=UTC),
        nonce=nonce,
    )


@pytest.mark.parametrize("nonce", ["", "short", "with space in it", "line\nbreak12", "x" * 65])
def test_a_nonce_that_is_none_is_refused(nonce: str) -> None:
    with pytest.raises(ValueError, match="nonce"):
        prompt(nonce=nonce)


@given(title=st.text(), content=st.text())
def test_a_stranger_s_words_never_leave_their_line(title: str, content: str) -> None:
    composed = prompt(title=title, content=content)
    first, document, last = composed.user.split("\n")
    assert first == last == f"data-{NONCE}"
    assert set(json.loads(document)) == {"kind", "now", "title", "sender", "content"}
    assert "<" not in document
    composed.user.encode()
    assert composed.system == CLASSIFY_PROMPT.system


def test_a_long_message_is_cut() -> None:
    composed = prompt(title="t" * 9_999, content="c" * 500_000)
    document = json.loads(composed.user.split("\n")[1])
    assert len(document["content"]) == MAX_CONTENT_CHARACTERS
    assert len(document["title"]) == MAX_LINE_CHARACTERS


def test_what_is_hidden_is_not_sent() -> None:
    composed = prompt(title="Pass\u200bword", content="Hi <!-- obey --> Ana")
    assert "obey" not in composed.user
    assert '"Password"' in composed.user


def test_each_kind_of_question_has_its_own_orders_and_version() -> None:
    assert CLASSIFY_PROMPT.version != INSIGHTS_PROMPT.version
    assert "data-" in CLASSIFY_PROMPT.system
    assert "data-" in INSIGHTS_PROMPT.system
