"""What somebody at a keyboard reads when nothing is as it should be: the reason, not the stack."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db import connection as database

from config.bootstrap.entry import explained, measures
from config.bootstrap.layout import PROJECT

NOWHERE = "postgresql://postgres@127.0.0.1:1/vigil"


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**os.environ, "VIGIL_MANAGED_ENV": "off", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_database_a_command_says_so_in_a_few_lines() -> None:
    ended = manage("migrate", DATABASE_URL=NOWHERE)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Connection refused" in ended.stderr
    assert "Start `python3 manage.py up`" in ended.stderr


def test_a_production_that_refuses_to_start_says_why_and_no_more() -> None:
    ended = manage("check", VIGIL_ENVIRONMENT="production", SECRET_KEY="short")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "SECRET_KEY: needs 50 characters" in ended.stderr


@pytest.mark.parametrize(
    ("command", "spelled"),
    [("check", "Production"), ("check", "prod"), ("migrate", "production "), ("drain", "")],
)
def test_a_production_that_is_misspelled_does_not_start_at_all(command: str, spelled: str) -> None:
    ended = manage(command, VIGIL_ENVIRONMENT=spelled)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert f'VIGIL_ENVIRONMENT is "{spelled}"' in ended.stderr


def test_who_asks_for_the_stack_gets_it() -> None:
    assert "Traceback" in manage("migrate", "--traceback", DATABASE_URL=NOWHERE).stderr


@pytest.mark.django_db
def test_what_a_server_said_keeps_its_stack() -> None:
    with pytest.raises(OperationalError) as raised, database.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(5)")
    assert explained(raised.value) == ""
    assert explained(OperationalError("deadlock")) == ""
    assert explained(ImproperlyConfigured("two lines\nof reasons")) == "two lines\nof reasons"


@pytest.mark.parametrize(
    ("arguments", "servers"), [((), True), (("all", "--rounds", "3"), True), (("--help",), False)]
)
def test_a_bench_that_only_says_what_it_can_do_starts_no_servers(
    arguments: tuple[str, ...], servers: bool
) -> None:
    assert measures(("manage.py", "bench", *arguments)) is servers
