import json
from pathlib import Path

import pytest

from config.bootstrap import tail
from config.bootstrap.tail import LOUD, LOUD_DATABASE, MOST_LINES_AT_ONCE, Tail, rotate


@pytest.mark.parametrize(
    "line",
    [
        "[2026-01-01: ERROR/MainProcess] no",
        '{"event": "x", "level": "warning"}',
        "Traceback (most recent call last):",
    ],
)
def test_what_somebody_should_read_is_loud(line: str) -> None:
    assert LOUD.search(line)


@pytest.mark.parametrize(
    "line", ['{"event": "x", "level": "info"}', ". logfile -> [stderr]@%WARNING", "INFO: started"]
)
def test_everyday_lines_are_quiet(line: str) -> None:
    assert not LOUD.search(line)


def test_a_refused_row_is_no_news_of_the_database() -> None:
    assert not LOUD_DATABASE.search("ERROR:  duplicate key value violates unique constraint")


def test_half_a_line_waits_for_its_end(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    path.write_text("ERROR ha")
    follower = Tail(path, LOUD)
    assert follower.poll() == []
    path.write_text("ERROR half\n")
    assert follower.poll() == ["ERROR half"]


def test_a_flood_is_cut_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    path.write_text("ERROR again\n" * (MOST_LINES_AT_ONCE + 5))
    lines = Tail(path, LOUD).poll()
    assert len(lines) == MOST_LINES_AT_ONCE + 1
    assert lines[-1] == f"(5 more in {path})"


def a_record(event: str) -> str:
    stack = "Traceback …\n  File …\npsycopg.OperationalError: connection refused"
    return json.dumps({"level": "error", "event": event, "exception": stack}) + "\n"


def test_a_record_is_told_in_one_line_without_its_stack(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    path.write_text(a_record("drain_failed"))
    told = "error: drain_failed (psycopg.OperationalError: connection refused)"
    assert Tail(path, LOUD).poll() == [told]


def test_the_same_record_is_told_once_a_minute_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "web.log"
    path.write_text(a_record("drain_failed") * 30 + a_record("door_failed"))
    follower = Tail(path, LOUD)
    assert [line.split(" ")[1] for line in follower.poll()] == ["drain_failed", "door_failed"]
    with path.open("a") as file:
        file.write(a_record("drain_failed"))
    assert follower.poll() == []
    monkeypatch.setattr(tail, "REPEAT_AFTER_SECONDS", 0.0)
    with path.open("a") as file:
        file.write(a_record("drain_failed"))
    [line] = follower.poll()
    assert line.endswith("(psycopg.OperationalError: connection refused), 30 more since")


@pytest.mark.parametrize("line", ['{"level": "error"}', '{"level": "error", "event":'])
def test_what_only_looks_like_a_record_is_told_as_it_is(tmp_path: Path, line: str) -> None:
    (tmp_path / "web.log").write_text(f"{line}\n")
    assert Tail(tmp_path / "web.log", LOUD).poll() == [line]


def test_a_log_that_grew_too_large_starts_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "LARGEST_LOG_BYTES", 100)
    path = tmp_path / "web.log"
    path.write_text("ERROR long\n" * 20)
    follower = Tail(path, LOUD)
    follower.poll()
    assert path.stat().st_size == 0
    path.write_text("ERROR new\n")
    assert follower.poll() == ["ERROR new"]


def test_the_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("then")
    rotate(tmp_path / "web.log")
    assert (tmp_path / "web.log.1").read_text() == "then"


def test_a_missing_log_is_silent(tmp_path: Path) -> None:
    assert Tail(tmp_path / "none.log", LOUD).poll() == []
