"""The bench's own arithmetic: a goal that cannot be missed measures nothing."""

from apps.pipeline.bench.scoreboard import Goal, Scoreboard


def test_a_ratio_is_the_median_of_its_rounds() -> None:
    board = Scoreboard()
    for above, below in ((10.0, 1.0), (30.0, 10.0), (40.0, 10.0)):
        board.add_rate("a", above)
        board.add_rate("b", below)
    board.add_ratio("a ÷ b", "a", "b", limit=5.0)
    assert board.goals == [Goal(name="a ÷ b", value=4.0, limit=5.0)]
    assert not board.met


def test_a_side_that_was_left_out_makes_no_goal() -> None:
    board = Scoreboard()
    board.add_rate("a", 10.0)
    board.add_ratio("a ÷ b", "a", "b", limit=5.0)
    assert board.goals == []


def test_what_must_not_happen_is_missed_by_one() -> None:
    board = Scoreboard()
    board.add_limit("lost", 1, limit=0)
    assert not board.met
    assert "MISSED" in board.text()


def test_what_is_only_shown_is_neither_met_nor_missed() -> None:
    board = Scoreboard()
    board.add_rate("a", 10.0)
    board.add_rate("b", 20.0)
    board.add_ratio("a ÷ b", "a", "b", limit=None)
    assert board.met
    assert "met" not in board.text()
