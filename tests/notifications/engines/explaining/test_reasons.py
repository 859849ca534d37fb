import pytest

from apps.classification.types import Method
from apps.notifications.engines.explaining.reasons import method, sentence
from apps.notifications.types import Reason


def test_a_reason_of_another_version_is_spelled_out() -> None:
    assert sentence("moon_phase") == "Moon phase."


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words_of_its_own(reason: Reason) -> None:
    assert sentence(reason) != f"{reason.replace('_', ' ').capitalize()}."


def test_a_method_of_another_version_is_spelled_out() -> None:
    assert method("dice_throw") == "Dice throw"


@pytest.mark.parametrize(
    ("name", "words"),
    [(Method.RULES, "Rules"), (Method.FAST_PATH, "Fast path"), (Method.LLM, "Language model")],
)
def test_a_method_is_named_for_people(name: Method, words: str) -> None:
    assert method(name) == words
