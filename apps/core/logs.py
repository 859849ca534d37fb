"""One shape for every line: structlog's records and the standard library's, redacted.

    {"timestamp": …, "level": …, "logger": …, "event": …, "correlation_id": …, …}

Records of Celery, uvicorn (started with `log_config=None`), Django and vendors' SDKs reach the same
handler on the root logger. A record is always one line of JSON; in the console format a traceback
follows its line, every line of it marked, so that no logged text can pass for a record.
"""

import json
import logging
import logging.config
import sys
from collections.abc import Callable
from typing import Any, TextIO

import structlog
from django.conf import settings
from structlog.typing import EventDict, Processor

from apps.core import correlation
from apps.core.log_values import redact_record, visible

# Extras of third parties that repeat the event in another form, or hold whole requests.
_NOISE = frozenset({"color_message", "data", "request", "websocket", "scope"})
_HEAD = ("timestamp", "level", "logger", "event", "correlation_id")


class StdoutHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever standard output is now, and reports its own failure without the record."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # never set: see __init__
        return sys.stdout

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the base class's name
        kind = type(sys.exc_info()[1]).__name__
        sys.stderr.write(f"a record of {record.name!r} could not be written: {kind}\n")


def configure() -> None:
    """Set up structlog and `logging` together, from LOG_LEVEL and LOG_FORMAT (json or console)."""
    logging.config.dictConfig(_standard_library(settings.LOG_LEVEL.upper(), _renderer()))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def connect_celery() -> None:
    """Keep Celery from installing handlers and formats of its own."""
    from celery.signals import setup_logging

    setup_logging.connect(_leave_as_configured, dispatch_uid="logs", weak=False)


def _leave_as_configured(**_: Any) -> None:
    """A receiver is all Celery asks for: with one, it leaves logging alone."""


# Write whole requests at DEBUG, with the key and what a person is told.
_INDISCREET = ("python_http_client",)

# A hint is no news: these would say two lines for each, many times a second.
_CHATTY = ("celery.app.trace", "celery.beat", "celery.worker.strategy", "httpx2")


def _about_request(record: logging.LogRecord) -> bool:
    """Of Django on an answer: a client's mistake is no warning. Adds the request's id."""
    meta = getattr(getattr(record, "request", None), "META", None)
    if meta is not None:
        record.correlation_id = meta.get(correlation.META_NAME)
    if 400 <= getattr(record, "status_code", 0) < 500:
        record.levelno, record.levelname = logging.INFO, "INFO"
    return logging.getLogger(record.name).isEnabledFor(record.levelno)


def _standard_library(level: str, renderer: Processor) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), _drop_noise, *_shared()],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.StackInfoRenderer(),
                    structlog.processors.format_exc_info,
                    redact_record,
                    _ordered,
                    renderer,
                ],
            }
        },
        "handlers": {"stdout": {"()": StdoutHandler, "formatter": "line"}},
        "filters": {"about_request": {"()": lambda: _about_request}},
        "root": {"level": level, "handlers": ["stdout"]},
        "loggers": {
            "django.request": {"filters": ["about_request"]},
            **{name: {"level": "WARNING"} for name in _INDISCREET},
            **({} if level == "DEBUG" else {name: {"level": "WARNING"} for name in _CHATTY}),
        },
    }


def _shared() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        _add_correlation_id,
    ]


def _add_correlation_id(_logger: Any, _method: str, record: EventDict) -> EventDict:
    correlation_id = correlation.current()
    record.setdefault("correlation_id", str(correlation_id) if correlation_id else None)
    return record


def _drop_noise(_logger: Any, _method: str, record: EventDict) -> EventDict:
    for name in _NOISE & record.keys():
        del record[name]
    return record


def _ordered(_logger: Any, _method: str, record: EventDict) -> EventDict:
    return {name: record.pop(name, None) for name in _HEAD} | dict(record)


def _renderer() -> Callable[[Any, str, EventDict], str]:
    return _console_line if settings.LOG_FORMAT == "console" else _json_line


def _json_line(_logger: Any, _method: str, record: EventDict) -> str:
    return json.dumps(record)


def _console_line(_logger: Any, _method: str, record: EventDict) -> str:
    values = dict(record)
    blocks = [values.pop(name, None) for name in ("exception", "stack")]
    head = [values.pop(name) for name in _HEAD]
    line = "{} {:<8} {} {} [{}]".format(*(visible(str(part)) for part in head))
    extras = "".join(f" {visible(name)}={_shown(value)}" for name, value in values.items())
    return line + extras + "".join(_marked(block) for block in blocks if block)


def _shown(value: Any) -> str:
    return visible(value if isinstance(value, str) else json.dumps(value))


def _marked(block: str) -> str:
    return "".join(f"\n    | {visible(line)}" for line in block.splitlines())
