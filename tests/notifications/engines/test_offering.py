import pytest

from apps.notifications.engines.offering import has_changed, noticed, will_change, would_have
from apps.notifications.engines.opinions import Counts
from apps.notifications.types import ProposalKind

COUNTS = Counts(told=6, read=2, dismissed=3, less_like_this=2)


@pytest.mark.parametrize(
    ("kind", "category", "sender", "sentence"),
    [
        (
            ProposalKind.SILENCE_SENDER,
            "Newsletter",
            "a@b.example",
            "Of 6 newsletter notifications from a@b.example in the last 30 days you dismissed 3 "
            "and wanted less like 2, and called none helpful.",
        ),
        (
            ProposalKind.RAISE_MIN_URGENCY,
            "",
            "",
            "Of 6 notifications of low urgency in the last 30 days you dismissed 3 and wanted "
            "less like 2, and called none helpful.",
        ),
    ],
)
def test_what_was_noticed_is_a_sentence(
    kind: ProposalKind, category: str, sender: str, sentence: str
) -> None:
    assert noticed(kind, category, sender, COUNTS) == sentence


def test_what_was_helpful_all_the_same_is_said() -> None:
    counts = Counts(told=40, dismissed=20, helpful=2)
    assert noticed(ProposalKind.DAILY_DIGEST, "", "", counts).endswith("called 2 helpful.")


def test_what_nobody_said_is_not_said() -> None:
    counts = Counts(told=2, less_like_this=1)
    words = noticed(ProposalKind.MUTE_CATEGORY, "News", "", counts)
    assert "wanted less like 1" in words
    assert "dismissed" not in words


@pytest.mark.parametrize("kind", ProposalKind)
def test_every_kind_says_what_changes_and_what_has_changed(kind: ProposalKind) -> None:
    for words in (will_change, has_changed):
        sentence = words(kind, "News", "{category}@b.example")
        assert sentence.endswith(".")
        assert "{word}" not in sentence
        assert sentence.count("{") == ("@b.example" in sentence)


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ((44, 31, 0), "31 interruptions instead of 44, and nothing urgent later."),
        ((2, 1, 1), "1 interruption instead of 2, and 1 urgent thing later."),
        ((2, 0, 3), "0 interruptions instead of 2, and 3 urgent things later."),
    ],
)
def test_what_it_would_have_done_is_a_sentence(
    figures: tuple[int, int, int], sentence: str
) -> None:
    now, then, later = figures
    assert would_have(now, then, urgent_later=later).endswith(sentence)
