from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.classification.types import Category, Urgency
from apps.notifications.engines.learning import (
    Candidate,
    Key,
    candidates,
    changes_of,
    proposals,
)
from apps.notifications.engines.opinions import Counts, Heard
from apps.notifications.types import Frequency, PreferenceValues, ProposalKind
from tests.notifications.engines.strategies import preferences

SHOP, BANK, CLUB, PAPER, TRAIN = (bytes([number] * 16) for number in range(5))
LOW, MEDIUM, HIGH = Urgency.LOW, Urgency.MEDIUM, Urgency.HIGH
NEWSLETTER, NEWS, MESSAGE = Category.NEWSLETTER, Category.NEWS, Category.MESSAGE
DEFAULTS = PreferenceValues()

thorough = settings(max_examples=200, deadline=None)


def heard(
    sender: bytes | None = SHOP,
    *,
    category: Category = NEWSLETTER,
    urgency: Urgency = LOW,
    told: int | None = None,
    dismissed: int = 0,
    less: int = 0,
    helpful: int = 0,
    vip: bool = False,
    silenced: bool = False,
) -> Heard:
    said = dismissed + less + helpful
    return Heard(
        category=category,
        urgency=urgency,
        sender_index=sender,
        vip=vip,
        silenced=silenced,
        counts=Counts(
            told=said if told is None else told,
            helpful=helpful,
            dismissed=dismissed,
            less_like_this=less,
        ),
    )


def kinds(*rows: Heard, preference: PreferenceValues = DEFAULTS) -> list[str]:
    return [one.kind.value for one in candidates(rows, preference)]


# Enough of low urgency, from three places.
LOW_THINGS = (
    heard(SHOP, category=MESSAGE, dismissed=4, told=8),
    heard(BANK, category=NEWS, dismissed=4, told=8),
    heard(CLUB, category=NEWSLETTER, dismissed=3, told=5),
)
# So much of what is not urgent that a digest would do, though some of it was helpful.
MUCH = tuple(
    heard(sender, category=category, urgency=MEDIUM, dismissed=4, told=8, helpful=helpful)
    for sender, category, helpful in (
        (SHOP, NEWSLETTER, 1),
        (BANK, Category.ACCOUNT, 1),
        (CLUB, NEWS, 1),
        (PAPER, Category.FUNDING, 1),
        (TRAIN, Category.PRODUCT, 0),
    )
)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (heard(told=9),),
        (heard(dismissed=2),),
        (heard(dismissed=3, told=7),),
        (heard(less=1, told=7),),
        (heard(dismissed=9, helpful=1),),
        (heard(dismissed=9), heard(category=MESSAGE, helpful=1)),
        (heard(dismissed=9, vip=True),),
        (heard(dismissed=9), heard(category=MESSAGE, told=1, vip=True)),
        (heard(dismissed=9), heard(category=Category.SECURITY_CODE, urgency=HIGH, told=1)),
        (heard(category=Category.SECURITY_CODE, dismissed=9),),
        (heard(dismissed=9, urgency=HIGH),),
        (heard(dismissed=9, silenced=True),),
    ],
    ids=[
        "nothing told",
        "nothing dismissed",
        "too few",
        "too few of those told",
        "too few like it",
        "one was helpful",
        "another thing of the sender was helpful",
        "a VIP",
        "a VIP in another category",
        "somebody who sends codes",
        "codes",
        "urgent things",
        "silenced already",
    ],
)
def test_no_sender_is_silenced_without_good_reason(rows: tuple[Heard, ...]) -> None:
    assert kinds(*rows) == []


@pytest.mark.parametrize(
    "row",
    [heard(dismissed=3), heard(dismissed=3, told=6), heard(less=1), heard(less=1, told=6)],
    ids=["three dismissed", "half of them", "less like this once", "and half weighs three"],
)
def test_a_sender_who_is_dismissed_often_enough_may_be_silenced(row: Heard) -> None:
    [found] = candidates([row], DEFAULTS)
    assert found.key == (ProposalKind.SILENCE_SENDER, "newsletter", SHOP)
    assert found.evidence == row.counts


def test_only_the_category_that_is_dismissed_is_silenced() -> None:
    rows = (heard(dismissed=4), heard(category=MESSAGE, told=5))
    assert [one.category for one in candidates(rows, DEFAULTS)] == [NEWSLETTER]


CATEGORY = (
    heard(SHOP, dismissed=2, told=3, urgency=MEDIUM),
    heard(BANK, dismissed=3, told=3, urgency=MEDIUM),
    heard(CLUB, dismissed=3, told=4, urgency=MEDIUM),
)
MUTE = ProposalKind.MUTE_CATEGORY.value


def test_a_category_that_is_dismissed_whoever_sends_it_may_be_muted() -> None:
    assert MUTE in kinds(*CATEGORY)


@pytest.mark.parametrize(
    ("changed", "preference"),
    [
        ((*CATEGORY, heard(PAPER, helpful=1)), DEFAULTS),
        ((*CATEGORY, heard(PAPER, told=4)), DEFAULTS),
        ((*CATEGORY, heard(PAPER, told=1, urgency=HIGH)), DEFAULTS),
        ((heard(SHOP, dismissed=9), *CATEGORY[1:]), DEFAULTS),
        ((heard(SHOP, dismissed=4), heard(BANK, dismissed=4)), DEFAULTS),
        (tuple(replace(row, category=Category.SECURITY_CODE) for row in CATEGORY), DEFAULTS),
        (CATEGORY, PreferenceValues(categories=("newsletter",))),
        (CATEGORY, PreferenceValues(categories=("message", "news"))),
    ],
    ids=[
        "one was helpful",
        "too few of those told",
        "something urgent among it",
        "most of one sender",
        "of few senders",
        "codes",
        "nothing else is wanted",
        "muted already",
    ],
)
def test_no_category_is_muted_without_good_reason(
    changed: tuple[Heard, ...], preference: PreferenceValues
) -> None:
    assert MUTE not in kinds(*changed, preference=preference)


def test_what_nobody_sent_can_only_be_muted() -> None:
    assert kinds(heard(None, category=NEWS, dismissed=8)) == [MUTE]


RAISE = ProposalKind.RAISE_MIN_URGENCY.value


def test_low_things_of_many_kinds_may_be_dropped() -> None:
    assert RAISE in kinds(*LOW_THINGS)


@pytest.mark.parametrize(
    ("changed", "preference"),
    [
        (LOW_THINGS[:2], DEFAULTS),
        ((*LOW_THINGS, heard(PAPER, helpful=1)), DEFAULTS),
        ((*LOW_THINGS, heard(PAPER, told=20)), DEFAULTS),
        ((*LOW_THINGS, heard(PAPER, dismissed=20)), DEFAULTS),
        ((*LOW_THINGS, heard(PAPER, category=Category.SECURITY_CODE, told=1)), DEFAULTS),
        (LOW_THINGS, PreferenceValues(min_urgency=MEDIUM)),
    ],
    ids=["few kinds", "one was helpful", "too few", "one sender", "a low code", "dropped already"],
)
def test_low_things_are_not_dropped_without_good_reason(
    changed: tuple[Heard, ...], preference: PreferenceValues
) -> None:
    assert RAISE not in kinds(*changed, preference=preference)


DIGEST = ProposalKind.DAILY_DIGEST.value


def test_where_much_is_dismissed_and_little_is_helpful_a_digest_would_do() -> None:
    assert DIGEST in kinds(*MUCH)
    assert DIGEST in kinds(*MUCH, preference=PreferenceValues(frequency=Frequency.BATCH))


@pytest.mark.parametrize(
    ("changed", "preference"),
    [
        (MUCH[:4], DEFAULTS),
        ((*MUCH, heard(SHOP, urgency=MEDIUM, helpful=1)), DEFAULTS),
        ((*MUCH, heard(PAPER, urgency=LOW, told=30)), DEFAULTS),
        (MUCH, PreferenceValues(frequency=Frequency.DAILY)),
        (MUCH, PreferenceValues(frequency=Frequency.WEEKLY)),
    ],
    ids=["few kinds", "more was helpful", "too few", "daily already", "weekly already"],
)
def test_no_digest_without_good_reason(
    changed: tuple[Heard, ...], preference: PreferenceValues
) -> None:
    assert DIGEST not in kinds(*changed, preference=preference)


def found_keys(found: list[Candidate]) -> list[Key]:
    return [one.key for one in found]


def test_what_a_wider_proposal_settles_is_not_proposed_beside_it() -> None:
    rows = [*CATEGORY, *(replace(row, category=MESSAGE, urgency=LOW) for row in CATEGORY)]
    assert {ProposalKind.SILENCE_SENDER.value, DIGEST} < set(kinds(*rows))
    assert {one.kind.value for one in proposals(rows, DEFAULTS)} == {MUTE}


def test_what_rests_is_not_proposed_and_makes_room_for_the_narrower() -> None:
    muted = (ProposalKind.MUTE_CATEGORY, "newsletter", None)
    found = proposals(CATEGORY, DEFAULTS, resting=frozenset([muted]))
    assert {one.kind for one in found} == {ProposalKind.SILENCE_SENDER}


def test_the_most_dismissed_comes_first_and_what_is_open_before_it() -> None:
    rows = [heard(SHOP, dismissed=3), heard(BANK, category=MESSAGE, dismissed=5)]
    first, second = proposals(rows, DEFAULTS)
    assert (first.sender_index, second.sender_index) == (BANK, SHOP)
    assert proposals(rows, DEFAULTS, known=frozenset([second.key]))[0] == second


@pytest.mark.parametrize(
    ("kind", "preference", "changes"),
    [
        (MUTE, PreferenceValues(categories=("news", "newsletter")), {"categories": ["news"]}),
        (MUTE, PreferenceValues(categories=("newsletter",)), None),
        (MUTE, PreferenceValues(categories=("news",)), None),
        (MUTE, PreferenceValues(categories=()), None),
        (RAISE, DEFAULTS, {"min_urgency": "medium"}),
        (RAISE, PreferenceValues(min_urgency=HIGH), None),
        (DIGEST, DEFAULTS, {"frequency": "daily"}),
        (DIGEST, PreferenceValues(frequency=Frequency.WEEKLY), None),
        (ProposalKind.SILENCE_SENDER.value, DEFAULTS, {}),
    ],
)
def test_acceptance_changes_what_holds_then(
    kind: str, preference: PreferenceValues, changes: object
) -> None:
    assert changes_of(ProposalKind(kind), "newsletter", preference) == changes


def test_muting_the_first_category_leaves_all_the_others() -> None:
    changes = changes_of(ProposalKind.MUTE_CATEGORY, "newsletter", DEFAULTS)
    assert changes == {"categories": [word for word in Category.values if word != "newsletter"]}


rows = st.lists(
    st.builds(
        Heard,
        category=st.sampled_from((NEWSLETTER, NEWS, MESSAGE, Category.SECURITY_CODE)),
        urgency=st.sampled_from((LOW, LOW, MEDIUM, HIGH)),
        sender_index=st.sampled_from((None, SHOP, BANK, CLUB, PAPER, TRAIN)),
        vip=st.sampled_from((False, False, False, True)),
        silenced=st.sampled_from((False, False, False, True)),
        counts=st.builds(
            lambda dismissed, less, helpful, quiet: Counts(
                told=dismissed + less + helpful + quiet,
                helpful=helpful,
                dismissed=dismissed,
                less_like_this=less,
            ),
            dismissed=st.integers(0, 8),
            less=st.integers(0, 3),
            helpful=st.sampled_from((0, 0, 0, 0, 0, 1)),
            quiet=st.integers(0, 2),
        ),
    ),
    min_size=1,
    max_size=14,
)


@thorough
@given(rows, preferences, st.data())
def test_more_helpful_things_never_make_a_proposal_appear(
    found: list[Heard], preference: PreferenceValues, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(found) - 1))
    counts = found[at].counts
    changed_mind = data.draw(st.integers(0, counts.dismissed))
    new = data.draw(st.integers(0, 2))
    better = replace(
        counts,
        told=counts.told + new,
        helpful=counts.helpful + changed_mind + new,
        dismissed=counts.dismissed - changed_mind,
    )
    kinder = [*found[:at], replace(found[at], counts=better), *found[at + 1 :]]
    before = set(found_keys(candidates(found, preference)))
    assert set(found_keys(candidates(kinder, preference))) <= before
    assert set(found_keys(proposals(kinder, preference))) <= before


@thorough
@given(rows, preferences)
def test_neither_codes_nor_vips_are_ever_silenced_or_muted(
    found: list[Heard], preference: PreferenceValues
) -> None:
    made = candidates(found, preference)
    told = [row for row in found if not row.silenced]
    spared = {row.sender_index for row in told if row.vip}
    assert Category.SECURITY_CODE not in {one.category for one in made}
    assert not spared & {one.sender_index for one in made if one.sender_index}


@thorough
@given(rows, preferences)
def test_the_same_is_proposed_once(found: list[Heard], preference: PreferenceValues) -> None:
    keys = found_keys(proposals(found, preference))
    assert len(keys) == len(set(keys))
    assert proposals(found, preference, resting=frozenset(keys)) == [
        one for one in proposals(found, preference, resting=frozenset(keys)) if one.key not in keys
    ]
