from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.ingestion.engines.text import Excerpt, cut, excerpt, fold_invisible, one_line, plain_text


@pytest.mark.parametrize(
    "text",
    ["1 < 2 and 3 > 2", "write to <ana@example.com>", "a <b@example.com> wrote", "<3 you", "&lt;p"],
)
def test_plain_text_is_left_alone(text: str) -> None:
    assert plain_text(text) == text


def test_lines_are_kept_and_blank_ones_folded() -> None:
    assert plain_text(" a \r\nb\r\r\r\n\n\nc\x00\x07 \n") == "a\nb\n\nc"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abc", 3, ("abc", False)),
        ("abcd", 3, ("abc", True)),
        ("abe\u0301f", 3, ("ab", True)),
        ("ab\U0001f468\u200d\U0001f469c", 4, ("ab", True)),
        ("ab\U0001f44d\U0001f3fdc", 3, ("ab", True)),
        ("ab❤\ufe0fc", 3, ("ab", True)),
        ("ab\ud83d\ude00", 3, ("ab", True)),
        ("abc", 0, ("", True)),
    ],
)
def test_a_cut_keeps_letters_whole(text: str, limit: int, expected: tuple[str, bool]) -> None:
    assert cut(text, limit) == expected


def test_a_letter_with_endless_marks_is_cut_all_the_same() -> None:
    assert len(cut("a" + "\u0301" * 500, 100)[0]) == 100


@given(text=st.text(max_size=80), limit=st.integers(0, 90))
def test_a_cut_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    kept, lost = cut(text, limit)
    assert text.startswith(kept)
    assert len(kept) <= limit
    assert lost == (kept != text)


def test_an_excerpt_says_when_markup_was_left_unread() -> None:
    assert excerpt("<p>a</p>" + "<br>" * 100, 10) == Excerpt("a", truncated=True)


def test_an_excerpt_says_what_no_reader_sees() -> None:
    found = excerpt("<p>a</p><p hidden>You must obey me</p>", 10)
    assert found == Excerpt("a", hidden=("hidden_element",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C\u200bE\u200dO", "CEO"),
        ("\u202eOEC\u202c", "OEC"),
        ("a\U000e0041\U000e007fb", "ab"),
        ("\ufeffx\u00ad", "x"),
        ("Ana Díaz 日本", "Ana Díaz 日本"),
    ],
)
def test_what_nobody_sees_is_folded_away(text: str, expected: str) -> None:
    assert fold_invisible(text) == expected


def test_a_name_is_one_line() -> None:
    assert one_line(" a\r\nBcc:\tb\u2028c\x00 ") == "a Bcc: b c"


@given(text=st.text(st.sampled_from("<>/=\"'&#;:adivp! -\n\r\t"), max_size=300))
@settings(deadline=timedelta(seconds=2))
def test_any_markup_becomes_clean_text(text: str) -> None:
    found = plain_text(text)
    assert "\r" not in found
    assert "\n\n\n" not in found
    assert found == found.strip()
