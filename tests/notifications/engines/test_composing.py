from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.types import Category, Verdict
from apps.ingestion.types import ProfileChange
from apps.notifications.engines.composing import BODY_LIMIT, TITLE_LIMIT, compose
from apps.notifications.engines.wording import cut, one_line, span
from tests.notifications.engines.builders import NOON, a_code, a_verdict

CODE = a_code(expires_at=NOON + timedelta(minutes=9, seconds=30))
MEETING = a_verdict(category=Category.MEETING)
LEADERSHIP = a_verdict(category=Category.LEADERSHIP)


def a_change(value: str, old_value: str | None = None, name: str = "Ana Ruiz") -> ProfileChange:
    return ProfileChange(
        person_id="7",
        person_name=name,
        field_id="3",
        field_name="Job title",
        value=value,
        old_value=old_value,
    )


@pytest.mark.parametrize("hostile", ["a\u202eb", "a\x00b", "a\u2066b", "a\x1bb", "a\ufeffb"])
def test_control_and_bidi_characters_are_stripped(hostile: str) -> None:
    message = compose(a_verdict(), hostile, hostile, hostile, now=NOON)
    assert (message.title, message.body) == ("ab: ab", "ab")


def test_lines_become_one_line() -> None:
    message = compose(a_verdict(), "Hello\r\nBcc: all", "One\n\n\ttwo\u2028three", "", now=NOON)
    assert (message.title, message.body) == ("Hello Bcc: all", "One two three")


def test_without_a_subject_the_sender_is_named() -> None:
    message = compose(a_verdict(), "\u200b \n", "See you at six.", "Ana", now=NOON)
    assert (message.title, message.body) == ("Message from Ana", "See you at six.")


def test_without_subject_and_sender_the_category_is_named() -> None:
    assert compose(a_verdict(), "", "", "", now=NOON).title == "Message"


def test_an_ordinary_message_names_sender_and_subject() -> None:
    message = compose(a_verdict(), "Lunch?", "Six at the corner.", "Ana", now=NOON)
    assert (message.title, message.body) == ("Ana: Lunch?", "Six at the corner.")


def test_a_long_content_is_cut_after_a_word() -> None:
    body = compose(a_verdict(), "Title", "word " * 400, "", now=NOON).body
    assert len(body) <= BODY_LIMIT
    assert body.endswith("word…")


def test_a_code_comes_first() -> None:
    message = compose(CODE, "Sign in", "Never share 482913.", "Bank", now=NOON)
    assert message.title == "482 913 is your code"
    assert message.body == "From Bank. It lapses in 9 min. Sign in"


def test_a_lapsed_code_says_so() -> None:
    message = compose(a_code(expires_at=NOON), "Sign in", "", "Bank", now=NOON)
    assert message.body == "From Bank. It has lapsed. Sign in"


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("4829", "4829 is your code"),
        ("48291", "48291 is your code"),
        ("4829137", "4829137 is your code"),
        ("48291375", "4829 1375 is your code"),
        ("482913750", "482 913 750 is your code"),
        ("G-482913", "G-482913 is your code"),
    ],
)
def test_codes_are_grouped_as_they_are_read_aloud(value: str, title: str) -> None:
    assert compose(a_code(value, expires_at=NOON), "", "", "", now=NOON).title == title


@pytest.mark.parametrize(
    ("minutes_ahead", "title"),
    [
        (15, "Budget review starts in 15 min"),
        (0.5, "Budget review starts in less than a minute"),
        (180, "Budget review starts in 3 h"),
        (4_320, "Budget review starts in 3 days"),
        (-5, "Budget review started 5 min ago"),
    ],
)
def test_a_meeting_says_when_it_starts(minutes_ahead: float, title: str) -> None:
    starts_at = NOON + timedelta(minutes=minutes_ahead)
    message = compose(MEETING, "Budget review", "Room 4.", "Ana", now=NOON, starts_at=starts_at)
    assert (message.title, message.body) == (title, "With Ana. Room 4.")


def test_a_meeting_with_a_long_name_still_says_when() -> None:
    starts_at = NOON + timedelta(minutes=15)
    title = compose(MEETING, "review " * 40, "", "", now=NOON, starts_at=starts_at).title
    assert len(title) <= TITLE_LIMIT
    assert title.endswith("… starts in 15 min")


def test_a_meeting_without_a_start_is_told_as_it_came() -> None:
    assert compose(MEETING, "Budget review", "", "Ana", now=NOON).title == "Ana: Budget review"


@pytest.mark.parametrize(
    ("change", "title", "body"),
    [
        (
            a_change("Chief Executive Officer", "VP Sales"),
            "Ana Ruiz is now Chief Executive Officer",
            "Before: VP Sales. More.",
        ),
        (a_change("CFO"), "Ana Ruiz is now CFO", "More."),
        (a_change("", "CFO"), "Ana Ruiz is no longer CFO", "More."),
        (a_change("", name=""), "Profile changed", "More."),
        (a_change("CFO", name="\u202e"), "Somebody is now CFO", "More."),
    ],
)
def test_a_change_of_leadership_says_who_and_what(
    change: ProfileChange, title: str, body: str
) -> None:
    message = compose(LEADERSHIP, "Profile changed", "More.", "", now=NOON, change=change)
    assert (message.title, message.body) == (title, body)


def test_joiners_that_spell_something_stay() -> None:
    assert one_line("👩\u200d🚀") == "👩\u200d🚀"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ten chars!", "ten chars!"), ("eleven char", "eleven…"), ("eleventeens", "eleventee…")],
)
def test_a_text_is_cut_after_a_word_when_it_has_one(text: str, expected: str) -> None:
    assert cut(text, 10) == expected


def test_a_span_is_rounded_down() -> None:
    assert span(timedelta(minutes=119, seconds=59)) == "119 min"


@given(
    st.sampled_from((CODE, MEETING, LEADERSHIP, a_verdict())),
    st.text(max_size=300),
    st.text(max_size=900),
    st.text(max_size=200),
    st.integers(-(10**7), 10**7),
)
def test_every_message_fits_one_line_and_its_limits(
    verdict: Verdict, title: str, content: str, sender: str, seconds: int
) -> None:
    message = compose(
        verdict,
        title,
        content,
        sender,
        now=NOON,
        starts_at=NOON + timedelta(seconds=seconds),
        change=a_change(content, title, sender),
    )
    assert 0 < len(message.title) <= TITLE_LIMIT
    assert len(message.body) <= BODY_LIMIT
    assert (one_line(message.title), one_line(message.body)) == (message.title, message.body)
