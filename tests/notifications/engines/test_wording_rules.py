from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.wording_rules import Slot, closest, pick, room_of

ALL = Slot(business_id=None, channel="", category="")
CATEGORY = Slot(business_id=None, channel="", category="news")
CHANNEL = Slot(business_id=None, channel="slack", category="")
BOTH = Slot(business_id=None, channel="slack", category="news")
OURS = Slot(business_id=1, channel="", category="")
OURS_BOTH = Slot(business_id=1, channel="slack", category="news")
OTHERS = Slot(business_id=2, channel="slack", category="news")
ORDER = [ALL, CATEGORY, CHANNEL, BOTH, OURS, OURS_BOTH]


def test_without_one_that_fits_there_is_none() -> None:
    assert closest([], 1, "slack", "news") is None
    assert (
        closest([OTHERS, Slot(business_id=1, channel="sms", category="")], 1, "slack", "x") is None
    )


@pytest.mark.parametrize("count", range(1, len(ORDER) + 1))
def test_the_most_specific_is_taken_in_any_order(count: int) -> None:
    for slots in list(permutations(ORDER[:count]))[:50]:
        assert closest([OTHERS, *slots], 1, "slack", "news") == ORDER[count - 1]


@given(st.text(max_size=20))
def test_somebody_always_gets_the_same_variant(seed: str) -> None:
    weights = {"a": 3, "b": 1}
    assert pick(weights, seed) == pick(dict(reversed(weights.items())), seed)


def test_variants_are_given_by_their_weights() -> None:
    given_out = Counter(pick({"a": 3, "b": 1}, f"person {number}") for number in range(8_000))
    assert 0.73 < given_out["a"] / 8_000 < 0.77


def test_one_alone_is_always_given() -> None:
    assert {pick({"b": 7}, str(number)) for number in range(50)} == {"b"}


def test_a_channel_without_a_room_of_its_own_has_the_common_one() -> None:
    assert room_of("nothing known").title == 200
    assert room_of("sms").body < room_of("email").body
