"""How an SMS is cut into parts: the sums of the GSM alphabet and of UCS-2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.phone_texts import filled, sms_text, whatsapp_text
from apps.notifications.engines.prices import price_of
from apps.notifications.engines.segments import fitted, plain, segments

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@pytest.mark.parametrize(
    ("text", "gsm", "units", "parts"),
    [
        ("", True, 0, 1),
        ("a" * 160, True, 160, 1),
        ("a" * 161, True, 161, 2),
        ("a" * 306, True, 306, 2),
        ("a" * 307, True, 307, 3),
        ("€" * 80, True, 160, 1),
        ("€" * 81, True, 162, 2),
        # 76 characters of two units leave one of the 153 unused: they are not torn apart.
        ("€" * 152, True, 304, 2),
        ("€" * 153, True, 306, 3),
        ("ж" * 70, False, 70, 1),
        ("ж" * 71, False, 71, 2),
        ("ж" * 134, False, 134, 2),
        ("ж" * 135, False, 135, 3),
        ("😀" * 35, False, 70, 1),
        ("😀" * 66, False, 132, 2),
        ("😀" * 67, False, 134, 3),
        ("a" * 70 + "ж", False, 71, 2),
        ("Straße äöü ñ Ω", True, 14, 1),
        ("ç", False, 1, 1),
    ],
)
def test_parts_are_counted_as_they_are_billed(text: str, gsm: bool, units: int, parts: int) -> None:
    counted = segments(text)
    assert (counted.gsm, counted.units, counted.parts) == (gsm, units, parts)


def test_typographers_characters_do_not_double_the_price() -> None:
    text = "“Don’t” – wait…\u00a0"
    assert not segments(text).gsm
    assert plain(text) == '"Don\'t" - wait... '
    assert segments(plain(text)).gsm


def test_what_nobody_sees_is_not_sent() -> None:
    assert plain("pay\u202e\u200b now\x00\x1b\ud800") == "pay now"
    assert plain("two\nlines") == "two\nlines"


def test_a_text_that_is_too_long_keeps_its_link() -> None:
    text = sms_text(title="Offer", body="word " * 200, link="https://v.example/1", most=3)
    assert segments(text).parts == 3
    assert text.endswith("...\nhttps://v.example/1")
    assert segments(text).units > 440


def test_a_link_that_fits_nowhere_is_left_out() -> None:
    text = sms_text(title="Offer", body="", link="https://v.example/" + "x" * 500, most=1)
    assert text == "Offer"


@given(text=ANY_TEXT, tail=st.sampled_from(["", "\nhttps://v.example/1"]), most=st.integers(1, 3))
def test_whatever_it_is_it_fits(text: str, tail: str, most: int) -> None:
    cut = fitted(plain(text), tail=tail, most=most)
    assert segments(cut).parts <= most
    assert cut.endswith(tail)


@given(text=ANY_TEXT)
def test_more_text_never_takes_fewer_parts(text: str) -> None:
    assert segments(text[: len(text) // 2]).parts <= segments(text).parts


def test_whatsapp_takes_1600_characters() -> None:
    text = whatsapp_text(title="Offer", body="x" * 3_000, link="https://v.example/1")
    assert len(text) == 1_600
    assert text.endswith("...\n\nhttps://v.example/1")


def test_a_templates_variables_are_one_line_and_never_nothing() -> None:
    words = {"title": " a\n\n b ", "body": "x" * 500}
    values = filled({"1": "title", "2": "link", "3": "body"}, words)
    assert (values["1"], values["2"], len(values["3"])) == ("a b", "-", 400)


def test_the_longest_beginning_of_a_number_sets_its_price() -> None:
    prices = {"1": 10, "1242": 70, "*": 50}
    assert [price_of(n, prices) for n in ("+12025550123", "+12425550123", "+44")] == [10, 70, 50]


def test_a_country_without_a_price_costs_as_much_as_any() -> None:
    assert price_of("+44123", {"1": 10, "49": 30}) == 30
    assert price_of("+44123", {}) == 0
