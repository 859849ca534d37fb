"""Strict reading of foreign JSON: the right type or a ShapeError that names the field.

Absent, null and "" are one and the same: every platform here uses all three for "nothing".
A value is never echoed in an error.

What a mail can do without is read leniently (`likely_time`, `several`, `spared`): an odd extra must
not cost anybody a readable mail.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NoReturn, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apps.core.hashing import digest
from apps.core.json_types import Json
from apps.ingestion.sources.base import ShapeError

IDENTIFIER_MAX = 200
KEY_MAX = 300
TITLE_MAX = 500
YEARS = range(1970, 2101)

Value = TypeVar("Value")

# Since 1970: of ten digits in seconds, of thirteen in milliseconds. Anything else is no time.
_EPOCH_UNITS = {10: 1, 13: 1_000}


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object and the path that leads to it, as errors name it."""

    values: Mapping[str, Json]
    path: str = ""

    def text(self, *names: str) -> str:
        """The first of `names` that holds text; "" when none does."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, str):
                if value:
                    return value
            elif value is not None:
                self.fail(name, "must be text")
        return ""

    def identifier(self, *names: str) -> str:
        """Like `text`, and a whole number counts too. At most IDENTIFIER_MAX characters."""
        for name in names:
            value = self.values.get(name)
            if value is None or value == "":
                continue
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value) if -(2**63) <= value < 2**63 else None
            if not isinstance(value, str) or len(value) > IDENTIFIER_MAX:
                self.fail(name, f"must be text of up to {IDENTIFIER_MAX} characters")
            return value
        return ""

    def required(self, *names: str) -> str:
        """Like `identifier`, and something must be there."""
        return self.identifier(*names) or self.fail(names[0], "is required")

    def time(self, *names: str) -> datetime | None:
        """An ISO 8601 date and time with its offset, from 1970 to 2100; in UTC."""
        for name in names:
            text = self.text(name)
            if text:
                return self._aware(name, _parsed(text))
        return None

    def likely_time(self, name: str) -> datetime | None:
        """Like `time`, or seconds or milliseconds since 1970; None for what is neither."""
        value = self.values.get(name)
        digits = str(value) if isinstance(value, str | int) else ""
        unit = _EPOCH_UNITS.get(len(digits))
        if unit is None or not (digits.isascii() and digits.isdecimal()):
            return spared(self.time, name)
        moment = datetime.fromtimestamp(int(digits) / unit, UTC)
        return moment if moment.year in YEARS else None

    def zoned_time(self, name: str, zone: str) -> datetime | None:
        """Like `time`, but a time without an offset is one of `zone` (an IANA name)."""
        moment = _parsed(self.text(name)) if self.text(name) else None
        if moment is None or moment.tzinfo or not zone:
            return self.time(name)
        try:
            return self._aware(name, moment.replace(tzinfo=ZoneInfo(zone)))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return self.fail(name, "is in an unknown time zone", code="invalid_datetime")

    def day(self, name: str) -> datetime | None:
        """A calendar day as its midnight in UTC, for want of a zone."""
        text = self.text(name)
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.fail(name, "must be a day", code="invalid_datetime")
        return self._aware(name, datetime(day.year, day.month, day.day, tzinfo=UTC))

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        return self.fail(name, "must be true or false")

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        return self.fail(name, "must be a whole number")

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def child(self, name: str) -> "Fields":
        """An object; an empty one when it is absent."""
        value = self.values.get(name)
        if value is None:
            return Fields({}, self._at(name))
        if not isinstance(value, dict):
            self.fail(name, "must be an object")
        return Fields(value, self._at(name))

    def required_child(self, name: str) -> "Fields":
        return self.child(name) if self.has(name) else self.fail(name, "is required")

    def items(self, name: str) -> list[Json]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(name, "must be a list")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts; an empty one when it is absent."""
        found = [item for item in self.items(name) if isinstance(item, str)]
        if len(found) != len(self.items(name)):
            self.fail(name, "must be a list of texts")
        return found

    def several(self, name: str) -> list[str]:
        """The texts of a list, or one text alone; whatever else is there is passed over."""
        value = self.values.get(name)
        values = value if isinstance(value, list) else [value]
        return [item for item in values if isinstance(item, str) and item]

    def children(self, name: str) -> list["Fields"]:
        """A list of objects; an empty one when it is absent."""
        return [
            fields_of(item, f"{self._at(name)}.{index}")
            for index, item in enumerate(self.items(name))
        ]

    def fail(self, name: str, problem: str, *, code: str = "schema_invalid") -> NoReturn:
        where = self._at(name)
        raise ShapeError(f"{where} {problem}", code=code, fields={where: problem})

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def _aware(self, name: str, moment: datetime | None) -> datetime:
        if moment is None or moment.tzinfo is None or moment.year not in YEARS:
            self.fail(
                name,
                "must be a date and time with an offset, from 1970 to 2100",
                code="invalid_datetime",
            )
        # PostgreSQL takes no offset of 16 hours or more.
        return moment.astimezone(UTC)


def fields_of(document: Json, path: str = "") -> Fields:
    """Raises ShapeError for anything but an object."""
    if not isinstance(document, dict):
        where = path or "body"
        raise ShapeError(f"{where} must be an object", fields={where: "must be an object"})
    return Fields(document, path)


def spared(read: Callable[[str], Value], name: str) -> Value | None:
    """What `read` finds under `name`; None where it is not of the right shape."""
    try:
        return read(name)
    except ShapeError:
        return None


def bounded_key(text: str) -> str:
    """A key that fits its column: a longer one keeps its beginning and a digest of the whole."""
    if len(text) <= KEY_MAX:
        return text
    return f"{text[:200]}~{digest(text).hex()}"


def present(**values: Json) -> dict[str, Json]:
    """Only what is there: without None, "", False and empty lists; 0 is something."""
    return {
        name: value
        for name, value in values.items()
        if value or (value == 0 and not isinstance(value, bool))
    }


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
