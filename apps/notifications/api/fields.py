"""Input fields of preferences: walls, instants, zones and further quiet hours, by the letter."""

from datetime import datetime
from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.errors import InvalidInput
from apps.core.timing import parse_wall, zone
from apps.notifications.engines.written_ranges import MOST_RANGES, range_problems

_WALL_SCHEMA = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}


@extend_schema_field(_WALL_SCHEMA)
class WallField(serializers.CharField):
    """A local time of day as "HH:MM", "00:00" to "23:59"; `time` in Python."""

    default_error_messages = {"invalid": 'A time such as "08:30" is needed.'}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return parse_wall(data if isinstance(data, str) else "")
        except InvalidInput:
            self.fail("invalid")

    def to_representation(self, value: Any) -> str:
        return f"{value:%H:%M}"


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:00)?$"})
class ClockField(WallField):
    """The same with seconds, which are always zero: "08:30:00", or "08:30" coming in."""

    def to_internal_value(self, data: Any) -> Any:
        with_seconds = isinstance(data, str) and len(data) == len("08:30:00")
        return super().to_internal_value(data.removesuffix(":00") if with_seconds else data)

    def to_representation(self, value: Any) -> str:
        return f"{value:%H:%M:%S}"


class InstantField(serializers.DateTimeField):
    """An ISO 8601 date and time with its offset: a wall alone is many moments."""

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.utcoffset() is None:
            reason = "A date and time with an offset, such as 2026-03-04T12:00:00Z."
            raise serializers.ValidationError(reason)
        return super().enforce_timezone(value)


class ZoneField(serializers.CharField):
    """An IANA name. Any other text is an error of code `invalid_timezone`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        code = "invalid_timezone" if key == "blank" else key
        raise serializers.ValidationError(self.error_messages[key], code=code)

    def to_internal_value(self, data: Any) -> str:
        try:
            return zone(str(data)).key
        except InvalidInput as error:
            raise serializers.ValidationError(error.detail, code=error.code) from None


@extend_schema_field(
    {
        "type": "array",
        "maxItems": MOST_RANGES,
        "items": {
            "type": "object",
            "required": ["days", "start", "end"],
            "additionalProperties": False,
            "properties": {
                "days": {
                    "type": "array",
                    "minItems": 1,
                    "uniqueItems": True,
                    "items": {"type": "integer", "minimum": 0, "maximum": 6},
                    "description": "The days on which they begin; 0 is Monday.",
                },
                "start": _WALL_SCHEMA,
                "end": _WALL_SCHEMA,
            },
        },
        "description": "Further quiet hours. An `end` that is not after `start` is on the next "
        "day: equal ones are a whole day.",
    }
)
class QuietRangesField(serializers.Field[Any, Any, Any, Any]):
    """What `range_problems` finds nothing wrong with, unchanged."""

    def to_internal_value(self, data: Any) -> Any:
        problems = range_problems(data)
        if "" in problems:
            raise serializers.ValidationError(problems[""])
        if problems:
            raise serializers.ValidationError(problems)
        return data

    def to_representation(self, value: Any) -> Any:
        return value
