"""What a log record may hold: allowed keys as they are, everything else through the redactor."""

import math
from collections.abc import Mapping
from itertools import islice
from typing import Any

from structlog.typing import EventDict

from apps.core.redaction import names_a_secret, redact

# Our own identifiers and digests: nothing a stranger can write, and long digits are their nature.
ALLOWED_KEYS = frozenset(
    {
        *("timestamp", "level", "logger", "correlation_id", "sha256"),
        *("event_id", "raw_event_id", "decision_id", "notification_id", "attempt_id", "digest_id"),
        *("rule_id", "alert_id", "user_id", "business_id", "client_id", "aura_id", "source_id"),
        *("schedule_id", "run_id", "task_id"),
    }
)

MAX_CHARACTERS = 20_000
_MAX_DEPTH = 6
_MAX_ITEMS = 100

# Control characters and the two Unicode line separators, spelled out.
_CONTROLS = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}


def redact_record(_logger: Any, _method: str, record: EventDict) -> EventDict:
    """A structlog processor: only primitives, lists and dicts remain, and no secret in them."""
    return {
        visible(str(key)): _allowed(value) if key in ALLOWED_KEYS else _member(key, value, 0)
        for key, value in record.items()
    }


def visible(text: str) -> str:
    """`text` on one line: control characters become their escapes."""
    return text.translate(_CONTROLS)


def plain(value: Any, depth: int = 0) -> Any:
    """The JSON value nearest to `value`, its texts redacted and cut at `MAX_CHARACTERS`."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if depth < _MAX_DEPTH and isinstance(value, Mapping):
        return {
            _text(key): _member(key, item, depth + 1)
            for key, item in islice(value.items(), _MAX_ITEMS)
        }
    if depth < _MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [plain(item, depth + 1) for item in islice(value, _MAX_ITEMS)]
    return _text(value)


def _member(key: object, value: Any, depth: int) -> Any:
    secret = isinstance(key, str) and names_a_secret(key)
    return "[secret]" if secret and value is not None else plain(value, depth)


def _allowed(value: Any) -> Any:
    return value[:MAX_CHARACTERS] if isinstance(value, str) else plain(value)


def _text(value: Any) -> str:
    try:
        text = value if isinstance(value, str) else str(value)
    except Exception as error:
        text = f"<{type(value).__name__} whose text failed: {type(error).__name__}>"
    return redact(text[:MAX_CHARACTERS])
