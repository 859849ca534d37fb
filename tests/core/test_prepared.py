"""Statements that run past the driver's cursor, against the real server."""

import psycopg
import pytest
from django.db import (
    DataError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from apps.core.prepared import Prepared

DOUBLED = Prepared("test_doubled", "SELECT n, n * 2, NULL FROM unnest($1::int[]) AS n ORDER BY n")
ALARM = Prepared("test_alarm", "SELECT $1::int")
CLASH = Prepared("test_clash", "INSERT INTO prepared_once VALUES ($1::int) RETURNING n")

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_value_that_postgresql_refuses_is_djangos_error_and_leaves_the_connection_usable() -> (
    None
):
    with pytest.raises(DataError):
        ALARM.run("seven")
    assert ALARM.run("7") == [("7",)]


def test_a_statement_that_is_none_is_refused_when_it_is_first_run() -> None:
    with pytest.raises(ProgrammingError) as refused:
        Prepared("test_none", "SELEKT 1").run()
    assert "SELEKT" in str(refused.value)


def test_a_second_row_under_one_key_is_an_integrity_error() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE prepared_once (n int PRIMARY KEY) ON COMMIT DROP")
        assert CLASH.run("1") == [("1",)]
        with pytest.raises(IntegrityError), transaction.atomic():
            CLASH.run("1")


def test_a_connection_that_was_cut_is_an_operational_error_and_the_next_one_prepares_anew() -> None:
    ALARM.run("1")
    with psycopg.connect(**connection.get_connection_params()) as other:
        backend = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s)", [backend])
    with pytest.raises(OperationalError):
        ALARM.run("2")
    connection.close()
    assert ALARM.run("3") == [("3",)]


def test_rows_come_as_texts_and_nothing_as_none() -> None:
    assert DOUBLED.run("{3,1}") == [("1", "2", None), ("3", "6", None)]


def test_the_first_statement_of_a_transaction_is_rolled_back_with_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE prepared_once (n int PRIMARY KEY)")
    with transaction.atomic():
        assert CLASH.run("1") == [("1",)]
        transaction.set_rollback(True)
    assert CLASH.run("1") == [("1",)]
    connection.close()


def test_a_statement_that_was_thrown_away_is_prepared_anew() -> None:
    ALARM.run("1")
    with connection.cursor() as cursor:
        cursor.execute("DISCARD ALL")
    assert ALARM.run("2") == [("2",)]


def test_one_thrown_away_in_a_transaction_is_prepared_anew_after_it() -> None:
    ALARM.run("1")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
        with pytest.raises(ProgrammingError):
            ALARM.run("2")
    assert ALARM.run("3") == [("3",)]
