"""The checkers are part of the tests: what they refuse does not land."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
BIN = Path(sys.executable).parent


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_ruff_finds_nothing() -> None:
    checked = _run("ruff", "check", "--no-cache", ".")
    assert checked.returncode == 0, checked.stdout


def test_ruff_would_format_nothing() -> None:
    formatted = _run("ruff", "format", "--check", "--no-cache", ".")
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_mypy_strict_finds_nothing() -> None:
    typed = _run("mypy", "apps", "config", "manage.py")
    assert typed.returncode == 0, typed.stdout


def test_the_system_check_is_clean() -> None:
    assert run_checks() == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert said.getvalue().strip() == "No changes detected"
