import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.sinks import SINKS, Sink, encode, pieces

anything = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("<>&*_[]()`\\#-+.~|\n\r\u202e\u2028 1")),
    max_size=400,
)
sinks = st.sampled_from(Sink)


@given(anything, sinks, st.integers(0, 60))
def test_no_sink_gets_more_than_its_limit(text: str, sink: Sink, limit: int) -> None:
    assert len(encode(text, sink, limit=limit)) <= limit
    assert len(encode(text * 100, sink)) <= SINKS[sink].limit


@given(anything, sinks)
def test_nothing_controls_or_turns_what_is_read(text: str, sink: Sink) -> None:
    arrived = encode(text, sink)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", arrived)
    assert not re.search(r"[\r\u2028\u2029]", arrived)


@given(anything, st.sampled_from([Sink.HEADER, Sink.SLACK_HEADER]))
def test_a_header_is_one_line(text: str, sink: Sink) -> None:
    arrived = encode(text, sink)
    assert len(arrived.splitlines()) <= 1
    assert arrived == arrived.strip()


@given(anything, st.integers(0, 40))
def test_slack_reads_no_orders_however_it_is_cut(text: str, limit: int) -> None:
    arrived = encode(text, Sink.SLACK, limit=limit)
    assert "<" not in arrived
    assert ">" not in arrived
    assert re.sub(r"&(amp|lt|gt);", "", arrived).count("&") == 0


@given(anything)
def test_slack_s_reader_sees_what_was_written(text: str) -> None:
    assert html.unescape(encode(text, Sink.SLACK)) == encode(text, Sink.PLAIN)


@given(anything, st.integers(0, 40))
def test_teams_reads_no_markdown_however_it_is_cut(text: str, limit: int) -> None:
    arrived = encode(text, Sink.TEAMS, limit=limit)
    bare = re.sub(r"\\.", "", arrived)
    assert not set(bare) & set("*_[]()~<>`|\\")
    assert not re.search(r"^[ \t]*([#+=-]|[0-9]{1,9}[.)])", arrived, re.MULTILINE)


@given(anything)
def test_pieces_lose_nothing_while_there_is_room(text: str) -> None:
    joined = "".join(pieces(text, Sink.SLACK, most=50))
    assert re.sub(r"\s", "", joined) == re.sub(r"\s", "", encode(text, Sink.SLACK))


@given(anything, st.integers(1, 3))
def test_pieces_are_no_more_and_no_longer_than_allowed(text: str, most: int) -> None:
    found = pieces(text * 30, Sink.SLACK, most=most)
    assert len(found) <= most
    assert all(0 < len(piece) <= SINKS[Sink.SLACK].limit for piece in found)


@pytest.mark.parametrize(
    ("text", "limit", "arrived"),
    [
        ("a&b", 7, "a&amp;b"),
        ("a&b", 6, "a…"),
        ("&&&", 6, "&amp;…"),
        ("abc", 2, "a…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_nothing_is_cut_in_two(text: str, limit: int, arrived: str) -> None:
    assert encode(text, Sink.SLACK, limit=limit) == arrived


def test_letters_of_every_script_stay() -> None:
    text = "Привет 漢字 مرحبا é🙂"
    assert encode(text, Sink.HEADER) == text
    assert unicodedata.normalize("NFC", text) == text
