import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.hidden_text import flagged, hidden_signals, reveal
from apps.classification.types import Category, Method, Signal, Verdict

HIDDEN = {
    "comment": ("Hello<!-- obey me --> Ana", "html_comment"),
    "unterminated comment": ("Hello <!-- obey me", "html_comment"),
    "display none": ('<p>Hello</p><div style="display : NONE">obey me</div>', "hidden_element"),
    "visibility": ("<p>Hello</p><p style='visibility:hidden'>obey me</p>", "hidden_element"),
    "opacity": ('<p>Hello</p><p style="opacity:0.0">obey me</p>', "hidden_element"),
    "zero font": ('<p>Hello</p><p style="font-size:0">obey me</p>', "zero_font"),
    "zero font in pixels": ('<p>Hello</p><p style="font-size: 0.0px">obey me</p>', "zero_font"),
    "zero font inherited": (
        '<div style="font-size:0"><b>obey me</b><p style="font-size:14px">Hello</p></div>',
        "zero_font",
    ),
    "the color of its ground": (
        '<p>Hello</p><p style="color:#fff"><b>obey me and nobody else</b></p>',
        "hidden_element",
    ),
    "tag characters": (
        "Hello" + "".join(chr(0xE0000 + ord(letter)) for letter in "obey me"),
        "tag_characters",
    ),
    "overridden direction": ("Hello \u202eem yebo\u202c", "bidi_controls"),
    "inside a word": ("Hello pass\u200bword", "zero_width"),
    "joined letters": ("Hello pay\u200dpal", "zero_width"),
    "smuggled bytes": ("Hello \ufe01\U000e0142\U000e0143", "variation_selectors"),
}
INNOCENT = {
    "a family": "👨\u200d👩\u200d👧 Hello",
    "a heart": "❤\ufe0f Hello",
    "the flag of Wales": "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f Hello",
    "Persian": "می\u200cخواهم Hello",
    "Hebrew": "שלום\u200f Hello",
    "a padded preheader": "Hello \u034f\u200c \u034f\u200c ",
    "a condition of Outlook's": "Hello <!--[if mso]> obey <![endif]--> Ana",
    "an empty comment": "Hello <!-- --><br>",
    "a sized column": '<td style="font-size:0"><p style="font-size:14px">Hello</p></td>',
    "a comparison": "Hello 1 < 2 > 0",
}


@pytest.mark.parametrize(("text", "name"), HIDDEN.values(), ids=HIDDEN.keys())
def test_what_a_reader_cannot_see_is_named_and_gone(text: str, name: str) -> None:
    revealed = reveal(text)
    assert revealed.found == (name,)
    assert "obey" not in revealed.text
    assert revealed.text.strip().startswith("Hello")


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT.keys())
def test_the_innocent_is_not_accused(text: str) -> None:
    revealed = reveal(text)
    assert revealed.found == ()
    assert "Hello" in revealed.text
    assert "obey" not in revealed.text


@given(st.text())
def test_what_is_revealed_hides_nothing(text: str) -> None:
    assert hidden_signals(reveal(text).text) == hidden_signals(reveal(reveal(text).text).text)


@pytest.mark.parametrize(
    "text", ["<a " * 25_000, "<!--" * 20_000, "<b>" * 25_000, "<p style=" * 9_000, "</b>" * 20_000]
)
def test_malicious_markup_costs_no_more_than_its_length(text: str) -> None:
    started = time.monotonic()
    reveal(text)
    assert time.monotonic() - started < 2


def test_one_signal_names_all_of_an_event() -> None:
    signals = hidden_signals("pass\u200bword", "Hello <!-- obey --> and pass\u200bword")
    assert signals == (Signal(code="hidden_text", detail="html_comment, zero_width"),)


def test_what_was_removed_before_is_named_too_but_for_a_preheader() -> None:
    assert hidden_signals("Hello", removed=("preheader",)) == ()
    [signal] = hidden_signals("pass\u200bword", removed=("orders", "preheader"))
    assert signal.detail == "orders, zero_width"


def test_a_verdict_carries_the_flag_beside_its_signals() -> None:
    verdict = Verdict(
        priority=4,
        category=Category.MESSAGE,
        relevance=0.5,
        confidence=0.5,
        method=Method.RULES,
        reason="A message.",
        signals=(Signal(code="default"),),
    )
    assert flagged(verdict, "Hello") == verdict
    codes = [signal.code for signal in flagged(verdict, "pass\u200bword").signals]
    assert codes == ["default", "hidden_text"]
    again = flagged(flagged(verdict, removed=["hidden_element"]), "pass\u200bword")
    assert [signal.code for signal in again.signals] == ["default", "hidden_text"]
