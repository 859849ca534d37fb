"""What `up` and docker compose run first, and what it tells whoever started them."""

from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def prepare(**options: object) -> str:
    told = StringIO()
    call_command("prepare", stdout=told, **options)
    return told.getvalue()


def test_where_nobody_can_log_in_it_says_how_to_make_the_first_person() -> None:
    told = prepare(verbosity=0)
    assert "python3 manage.py createsuperuser" in told
    assert "make a business, and a membership" in told


@pytest.mark.usefixtures("ana")
def test_where_somebody_can_log_in_there_is_nothing_to_say() -> None:
    assert prepare(verbosity=0) == ""


def test_the_demo_brings_its_people_along() -> None:
    told = prepare(verbosity=0, demo=True)
    assert told.strip().startswith("Demo login")
    assert "createsuperuser" not in told


def test_an_operator_reads_what_was_put_in() -> None:
    told = prepare()
    assert "title rules: defaults put in" in told
    assert "changed: vigil: sweep the queues" in told
