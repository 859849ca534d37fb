from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.classification.types import Category, Urgency
from apps.notifications.engines.doubting import (
    LEAST_HELPFUL,
    Accepted,
    Opinion,
    spoken_against,
)
from apps.notifications.engines.opinions import Counts, Heard
from apps.notifications.types import ProposalKind
from tests.factories.values import NOON

SHOP, BANK = bytes(16), bytes([1] * 16)
HELPFUL, DISMISSED, LESS = Counts(helpful=1), Counts(dismissed=1), Counts(less_like_this=1)
AFTER = NOON + timedelta(days=1)

CHANGES = {
    ProposalKind.SILENCE_SENDER: Accepted(
        kind=ProposalKind.SILENCE_SENDER, category="newsletter", sender_index=SHOP, at=NOON
    ),
    ProposalKind.MUTE_CATEGORY: Accepted(
        kind=ProposalKind.MUTE_CATEGORY, category="newsletter", at=NOON
    ),
    ProposalKind.RAISE_MIN_URGENCY: Accepted(kind=ProposalKind.RAISE_MIN_URGENCY, at=NOON),
    ProposalKind.DAILY_DIGEST: Accepted(kind=ProposalKind.DAILY_DIGEST, at=NOON),
}
# Low newsletters of the shop: what each of the changes is about.
ABOUT_ALL = Heard(
    category=Category.NEWSLETTER, urgency=Urgency.LOW, sender_index=SHOP, counts=HELPFUL
)


def said(counts: Counts = HELPFUL, heard: Heard = ABOUT_ALL, at: datetime = AFTER) -> Opinion:
    return Opinion(told_at=at, heard=replace(heard, counts=counts))


each_kind = pytest.mark.parametrize("kind", ProposalKind)


@each_kind
def test_a_change_is_right_until_enough_is_helpful(kind: ProposalKind) -> None:
    least = LEAST_HELPFUL[kind]
    assert spoken_against(CHANGES[kind], [said()] * (least - 1)) is None
    assert spoken_against(CHANGES[kind], [said()] * least) == Counts(helpful=least)


@each_kind
def test_more_must_be_helpful_than_not_and_less_like_this_counts_three(kind: ProposalKind) -> None:
    helpful = [said()] * 6
    counts = Counts(helpful=6, dismissed=2, less_like_this=1)
    some = [said(DISMISSED)] * 2 + [said(LESS)]
    assert spoken_against(CHANGES[kind], helpful + some) == counts
    assert spoken_against(CHANGES[kind], [*helpful, *some, said(DISMISSED)]) is None


@each_kind
def test_what_was_told_before_it_was_accepted_says_nothing(kind: ProposalKind) -> None:
    assert spoken_against(CHANGES[kind], [said(at=NOON)] * 9) is None


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        (ProposalKind.SILENCE_SENDER, {"sender_index": BANK}),
        (ProposalKind.SILENCE_SENDER, {"sender_index": None}),
        (ProposalKind.MUTE_CATEGORY, {"category": Category.NEWS}),
        (ProposalKind.RAISE_MIN_URGENCY, {"urgency": Urgency.MEDIUM}),
        (ProposalKind.DAILY_DIGEST, {"urgency": Urgency.HIGH}),
        (ProposalKind.DAILY_DIGEST, {"vip": True}),
    ],
    ids=str,
)
def test_what_it_is_not_about_says_nothing(kind: ProposalKind, other: dict[str, object]) -> None:
    heard = replace(ABOUT_ALL, **other)  # type: ignore[arg-type]
    assert spoken_against(CHANGES[kind], [said(heard=heard)] * 9) is None


def test_of_a_silenced_sender_speaks_whatever_still_comes_through() -> None:
    urgent = replace(ABOUT_ALL, urgency=Urgency.HIGH)
    other = replace(ABOUT_ALL, category=Category.MESSAGE)
    opinions = [said(heard=urgent), said(heard=other), said(heard=replace(other, vip=True))]
    assert spoken_against(CHANGES[ProposalKind.SILENCE_SENDER], opinions) == Counts(helpful=3)


opinions = st.lists(st.sampled_from([HELPFUL, DISMISSED, LESS]).map(said), max_size=20)


@settings(deadline=None)
@given(kind=st.sampled_from(ProposalKind), opinions=opinions, place=st.integers(0, 19))
def test_what_becomes_helpful_takes_no_doubt_away(
    kind: ProposalKind, opinions: list[Opinion], place: int
) -> None:
    better = [said() if index == place else one for index, one in enumerate(opinions)]
    if spoken_against(CHANGES[kind], opinions):
        assert spoken_against(CHANGES[kind], better)
