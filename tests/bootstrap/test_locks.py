import os
from pathlib import Path

from config.bootstrap.locks import is_locked, try_lock


def test_a_second_holder_is_turned_away(tmp_path: Path) -> None:
    first = try_lock(tmp_path / "lock")
    assert first is not None
    assert try_lock(tmp_path / "lock") is None
    os.close(first)


def test_a_closed_descriptor_frees_the_lock(tmp_path: Path) -> None:
    first = try_lock(tmp_path / "lock")
    assert first is not None
    os.close(first)
    assert not is_locked(tmp_path / "lock")


def test_asking_does_not_make_the_file(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()
