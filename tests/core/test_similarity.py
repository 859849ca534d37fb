import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.similarity import distance, fingerprint, similar, similar_among

INVITATION = (
    "Hello Ana, the quarterly budget review with the finance team moves to Thursday at three in "
    "the large meeting room on the second floor. Please bring the figures of the last two "
    "quarters and the draft of the plan for next year, so that everybody can comment on it before "
    "the board meets on Friday morning. If you cannot make it, tell Boris until Wednesday noon "
    "and send him your part of the slides, he will present them for you in the second half."
)
OTHER = (
    "Your parcel is on its way and should reach you between nine and twelve tomorrow. You can "
    "follow the driver on the map, choose a neighbour who accepts it for you, or have it brought "
    "to a shop near your home where it waits for seven days. Keep the code at hand that was sent "
    "to your phone, the driver asks for it before handing the parcel over to anybody at all."
)


@pytest.mark.parametrize("empty", ["", "   \n", "!!! … ---"])
def test_a_text_without_words_is_like_nothing(empty: str) -> None:
    assert (fingerprint(empty), similar(fingerprint(empty), fingerprint(empty))) == (0, False)


def test_a_text_is_not_like_an_empty_one() -> None:
    assert not similar(fingerprint(OTHER), 0, max_distance=64)


def test_another_text_is_not_similar() -> None:
    assert not similar(fingerprint(INVITATION), fingerprint(OTHER), max_distance=15)


@pytest.mark.parametrize(
    "copy",
    [
        INVITATION.upper(),
        INVITATION.replace(" ", "\n"),
        INVITATION.replace(",", " -"),
    ],
)
def test_case_whitespace_and_punctuation_do_not_count(copy: str) -> None:
    assert fingerprint(copy) == fingerprint(INVITATION)


def test_one_word_more_stays_similar() -> None:
    assert similar(fingerprint(INVITATION), fingerprint(INVITATION + " Regards"))


def test_short_texts_are_compared_by_their_words() -> None:
    assert fingerprint("Call me") == fingerprint("me, call!")


def test_the_order_of_words_counts_in_longer_texts() -> None:
    assert fingerprint("bring the new slides") != fingerprint("slides new the bring")


def test_more_than_255_shingles_do_not_count() -> None:
    words = [f"word{number}" for number in range(257)]
    assert fingerprint(" ".join(words)) == fingerprint(" ".join([*words, "and", "more"]))


def test_the_fingerprint_of_a_stored_text_never_changes() -> None:
    assert fingerprint("The quarterly budget review moves to Thursday") == 5671436586950482604


def test_negative_fingerprints_differ_in_bits_not_in_sign() -> None:
    assert (distance(-1, 0), distance(-(2**63), 0), distance(-1, -1)) == (64, 1, 0)


@pytest.mark.parametrize(("allowed", "expected"), [(2, False), (3, True)])
def test_the_largest_distance_is_similar(allowed: int, expected: bool) -> None:
    assert similar(0b1000, 0b1111, max_distance=allowed) is expected


@given(st.text(st.characters()))
def test_every_fingerprint_fits_a_bigint_and_is_like_itself(text: str) -> None:
    value = fingerprint(text)
    assert -(2**63) <= value < 2**63
    assert similar(value, value) == (value != 0)


numbers = st.integers(-(2**63), 2**63 - 1) | st.sampled_from((0, 1, 3, 127, -1))


@given(numbers, st.lists(numbers), st.integers(0, 64))
def test_those_found_among_many_are_those_that_are_similar(
    one: int, others: list[int], most: int
) -> None:
    found = similar_among(one, others, max_distance=most)
    alike = [at for at, it in enumerate(others) if similar(one, it, max_distance=most)]
    assert found == alike
