import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.push.cards import Button, Card, card_json

CARD = Card(
    title="The contract is signed",
    body="",
    tag="t",
    group="message",
    url="/inbox/",
    at=1_700_000_000_000,
    urgent=False,
    actions=(Button(action="read", title="Mark read"),),
    token="x" * 150,
)


def read(raw: bytes) -> dict[str, Any]:
    card: dict[str, Any] = json.loads(raw)
    return card


# Written out they would be slow to draw.
WORDS = st.text(max_size=20)


@given(titles=WORDS, bodies=WORDS, times=st.integers(1, 150), most=st.integers(420, 4_000))
def test_it_fits_whatever_is_written_in_it(titles: str, bodies: str, times: int, most: int) -> None:
    title, body = titles * (times // 8), bodies * times
    raw = card_json(replace(CARD, title=title, body=body), most_bytes=most)
    card = read(raw)
    assert len(raw) <= most
    assert body.startswith(card["body"].removesuffix("…"))
    assert title.startswith(card["title"].removesuffix("…"))


def test_the_body_goes_before_the_title() -> None:
    card = read(card_json(replace(CARD, title="T" * 100, body="B" * 900), most_bytes=600))
    assert card["title"] == "T" * 100
    assert 0 < len(card["body"]) < 900


def test_as_much_stays_as_there_is_room_for() -> None:
    long = replace(CARD, body="b" * 900)
    assert len(card_json(long, most_bytes=700)) == 700


def test_a_cut_leaves_no_blank_before_its_mark() -> None:
    card = read(card_json(replace(CARD, body="word " * 400), most_bytes=4_000))
    assert card["body"].endswith("word…")


@pytest.mark.parametrize("body", ["", "short", "ä" * 1_000])
def test_what_fits_is_left_alone(body: str) -> None:
    assert read(card_json(replace(CARD, body=body), most_bytes=4_000))["body"] == body
