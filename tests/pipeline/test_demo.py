"""The demo's world talks on, whatever becomes of the Vigil it talks to."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from apps.ingestion.models import SourceSecret
from apps.pipeline.demo.seeding import seed

NOBODY_LISTENS = "http://127.0.0.1:1"


def talk(count: int = 3) -> list[str]:
    """The lines of complaint."""
    complaints = StringIO()
    call_command("demo", url=NOBODY_LISTENS, count=count, stderr=complaints)
    return complaints.getvalue().splitlines()


@pytest.fixture
def _unreachable_database(transactional_db: None) -> Iterator[None]:
    """The next connection goes to a host that has no server."""
    connection.close()
    host, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nowhere"
    yield
    connection.settings_dict["HOST"] = host
    connection.close()


@pytest.mark.django_db
def test_without_a_demo_it_says_how_to_get_one() -> None:
    with pytest.raises(CommandError, match="start `up` without `--no-demo`"):
        talk()


@pytest.mark.usefixtures("_unreachable_database")
def test_a_database_that_does_not_answer_costs_a_line_and_no_more() -> None:
    complaints = talk(count=2)
    assert len(complaints) == 3
    assert all("the database did not answer (OperationalError)" in line for line in complaints)


@pytest.mark.django_db(transaction=True)
def test_a_source_without_secrets_costs_a_line_and_no_more() -> None:
    seed()
    SourceSecret.objects.all().delete()
    assert [line.rpartition(": ")[2] for line in talk()] == ["not_found"] * 3


@pytest.mark.django_db(transaction=True)
def test_a_vigil_that_is_away_costs_a_line_and_no_more() -> None:
    seed()
    assert [line.rpartition(": ")[2] for line in talk()] == ["external_service_error"] * 3
