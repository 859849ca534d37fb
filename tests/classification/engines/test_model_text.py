import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.answers import InsightText
from apps.classification.engines.model_text import REMOVED, fit, fit_insight, links

PIECES = ["evil", ".", "com", "@", "https://", "/", " ", "javascript:", ")", "\u200b", "<!--", "]"]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/login",
        "HTTP://EVIL.EXAMPLE",
        "ftp://evil.example",
        "evil.example/login?next=1",
        "www.evil.example",
        "bücher.example",
        "ana@evil.example",
        "mailto:ana@evil.example",
        "javascript:alert",
        "evil.exam\u200bple",
        "https://bank.example.evil.example",
        "https://bank.example@evil.example",
    ],
)
def test_a_link_the_message_lacks_is_removed(link: str) -> None:
    fitted = fit(f"Sign in at {link}, now.", source="See https://bank.example and bank.example.")
    assert fitted == f"Sign in at {REMOVED}, now."


@pytest.mark.parametrize("link", ["https://bank.example/a?b=c", "bank.example", "a@bank.example"])
def test_a_link_of_the_message_may_stay(link: str) -> None:
    assert fit(f"See {link}.", source=f"({link})") == f"See {link}."


def test_a_link_hidden_in_the_message_is_not_the_message_s() -> None:
    source = "<p>Hello</p><!-- https://evil.example -->"
    assert fit("See https://evil.example", source=source) == f"See {REMOVED}"


def test_text_is_one_short_line_without_tricks() -> None:
    assert fit("a\nb\t\u202ec\x1b[31m", source="") == "a b c[31m"
    assert len(fit("x " * 10_000, source="")) <= 300


def test_a_cut_makes_no_link_of_another() -> None:
    known = "https://bank.example.com"
    fitted = fit(f"{'x' * 20} {known}", source=known, limit=41)
    assert fitted == f"{'x' * 20} {REMOVED}"


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_nothing_to_click_is_left(text: str) -> None:
    assert links(fit(text, source="")) == frozenset()


def test_a_long_text_costs_no_more_than_its_length() -> None:
    started = time.monotonic()
    fit("a.b-" * 20_000, source="a.b-" * 20_000 + "x" * 90_000)
    assert time.monotonic() - started < 2


def test_an_insight_is_fitted_as_a_whole() -> None:
    insight = InsightText(
        detailed_insight="They merge. See https://evil.example\nSoon.",
        recommended_actions=("Call.", " ", *["Wait."] * 9),
        urgency_assessment="By Friday.",
    )
    fitted = fit_insight(insight, source="")
    assert fitted.detailed_insight == f"They merge. See {REMOVED} Soon."
    assert fitted.recommended_actions == ("Call.", "Wait.", "Wait.", "Wait.", "Wait.")
