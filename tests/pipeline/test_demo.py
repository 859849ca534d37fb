"""The demo's world talks on, whatever becomes of the Vigil it talks to."""

from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from apps.ingestion.models import SourceSecret
from apps.pipeline.demo.lines import QUESTIONS, Dice
from apps.pipeline.demo.payloads import next_shipment
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


def test_nothing_is_said_again_before_everything_was_said() -> None:
    dice = Dice(7)
    said = [dice.draw(QUESTIONS) for _ in range(20 * len(QUESTIONS))]
    rounds = [said[start : start + len(QUESTIONS)] for start in range(0, len(said), len(QUESTIONS))]
    assert {frozenset(one) for one in rounds} == {frozenset(QUESTIONS)}
    assert len(rounds) == 20
    assert all(one != two for one, two in pairwise(said))


def test_there_are_questions_enough_for_some_minutes() -> None:
    assert len({what for _, what in QUESTIONS}) >= 12


def test_no_two_mails_with_a_question_are_alike_for_a_while(now: datetime) -> None:
    dice = Dice(7)
    mails = [next_shipment(dice, now).document.get("data", {}) for _ in range(60)]
    subjects = [mail["subject"] for mail in mails if "tailspin" in mail.get("sender", "")]
    assert len(subjects) > 10
    assert len(set(subjects[: len(QUESTIONS)])) == len(subjects[: len(QUESTIONS)])
