import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from celery import Celery
from django.test import Client
from pytest_django import Settings

from apps.core import correlation, logs

GIVEN = UUID("019abcde-1234-7abc-8def-0123456789ab")


@pytest.fixture
def _console(settings: Settings) -> Iterator[None]:
    settings.LOG_FORMAT = "console"
    logs.configure()
    yield
    settings.LOG_FORMAT = "json"
    logs.configure()


@pytest.fixture(autouse=True)
def _configured(settings: Settings) -> None:
    settings.LOG_LEVEL = "INFO"
    settings.LOG_FORMAT = "json"
    logs.configure()


@pytest.fixture
def only_line(capsys: pytest.CaptureFixture[str]) -> Callable[[], dict[str, Any]]:
    """The single line written so far, read as JSON."""

    def read() -> dict[str, Any]:
        (line,) = capsys.readouterr().out.splitlines()
        record: dict[str, Any] = json.loads(line)
        return record

    return read


Line = Callable[[], dict[str, Any]]


def test_line_breaks_never_make_a_second_line(only_line: Line) -> None:
    structlog.get_logger("x").info("a\r\nb\u2028c\x85d", value="e\r\nf")
    record = only_line()
    assert record["event"] == "a\r\nb\u2028c\x85d"
    assert record["value"] == "e\r\nf"


def test_secrets_in_an_exception_are_gone(only_line: Line) -> None:
    try:
        raise ValueError("could not mail ana@example.com")
    except ValueError:
        structlog.get_logger("x").exception("delivery_failed")
    record = only_line()
    assert "ana@" not in json.dumps(record)
    assert "could not mail [email]" in record["exception"]


def test_notes_of_an_exception_are_redacted_too(only_line: Line) -> None:
    error = ValueError("x")
    error.add_note("for ana@example.com")
    logging.getLogger("vendor").error("failed", exc_info=error)
    assert "for [email]" in only_line()["exception"]


def test_a_third_partys_arguments_and_extras_are_redacted(only_line: Line) -> None:
    logging.getLogger("vendor.sdk").info(
        "sent to %s", "ana@example.com", extra={"peer": {"numbers": ["+49 171 1234567"]}}
    )
    record = only_line()
    assert record["event"] == "sent to [email]"
    assert record["peer"] == {"numbers": ["[phone]"]}


def test_a_value_with_a_secret_name_is_hidden_at_any_depth(only_line: Line) -> None:
    structlog.get_logger("x").info("e", password="blue", config={"api_key": "red", "port": 1})
    record = only_line()
    assert record["password"] == "[secret]"
    assert record["config"] == {"api_key": "[secret]", "port": 1}


def test_an_object_is_redacted_as_the_text_it_shows(only_line: Line) -> None:
    class Person:
        def __str__(self) -> str:
            return "Ana <ana@example.com>"

    structlog.get_logger("x").info("e", person=Person())
    assert only_line()["person"] == "Ana <[email]>"


def test_an_object_that_cannot_be_shown_does_not_lose_the_record(only_line: Line) -> None:
    class Broken:
        def __str__(self) -> str:
            raise RuntimeError("no")

    structlog.get_logger("x").info("e", thing=Broken(), ratio=float("nan"))
    record = only_line()
    assert record["thing"] == "<Broken whose text failed: RuntimeError>"
    assert record["ratio"] == "nan"


def test_a_record_that_cannot_be_formatted_does_not_show_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (handler,) = (one for one in logging.getLogger().handlers if type(one) is logs.StdoutHandler)
    handler.handle(logging.makeLogRecord({"name": "vendor", "msg": "%d", "args": ("ana@b.co",)}))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "ana@b.co" not in shown.err
    assert "vendor" in shown.err


def test_our_own_identifiers_pass_unchanged(only_line: Line) -> None:
    structlog.get_logger("x").info("e", user_id="12345678", other="12345678")
    record = only_line()
    assert (record["user_id"], record["other"]) == ("12345678", "[digits]")


@pytest.mark.parametrize("name", ["celery.worker.strategy", "uvicorn.error", "django.request"])
def test_every_librarys_record_has_the_same_shape(only_line: Line, name: str) -> None:
    with correlation.bind(GIVEN):
        logging.getLogger(name).warning("hello", extra={"color_message": "x", "data": {"a": 1}})
    record = only_line()
    assert list(record) == ["timestamp", "level", "logger", "event", "correlation_id"]
    assert (record["level"], record["logger"]) == ("warning", name)
    assert record["correlation_id"] == str(GIVEN)
    assert record["timestamp"].endswith("Z")


def test_celery_leaves_logging_as_it_is() -> None:
    before = list(logging.getLogger().handlers)
    Celery("logs-tests", broker="memory://", set_as_current=False).log.setup(logging.DEBUG)
    assert logging.getLogger().handlers == before


@pytest.mark.parametrize("log", [structlog.get_logger("x"), logging.getLogger("y")])
def test_what_is_below_the_level_is_not_written(
    log: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    log.debug("quiet")
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("_console")
def test_a_logged_text_cannot_pass_for_a_console_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        raise ValueError("x\n2026-11-21T00:00:00Z info forged")
    except ValueError:
        structlog.get_logger("x").exception("a\nb", value="c\x1b[31m\nd")
    first, *rest = capsys.readouterr().out.splitlines()
    assert "a\\nb" in first
    assert "value=c\\x1b[31m\\nd" in first
    assert {line[:6] for line in rest} == {"    | "}


@pytest.mark.django_db
def test_what_a_client_did_wrong_is_no_warning_and_bears_its_id(
    client: Client, only_line: Line
) -> None:
    client.get("/v3/proactive/events", headers={"X-Request-ID": str(GIVEN)})
    record = only_line()
    assert record["logger"] == "django.request"
    assert (record["level"], record["status_code"]) == ("info", 401)
    assert record["correlation_id"] == str(GIVEN)


@pytest.mark.django_db
def test_what_a_client_did_wrong_is_not_said_where_only_warnings_are(
    client: Client, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LOG_LEVEL = "WARNING"
    logs.configure()
    client.get("/v3/proactive/events")
    assert capsys.readouterr().out == ""


def test_what_we_did_wrong_stays_an_error(only_line: Line) -> None:
    logging.getLogger("django.request").error("Oh", extra={"status_code": 500})
    assert only_line()["level"] == "error"
