"""Cron expressions of five fields, in a time zone."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from apps.core.errors import InvalidInput

_FIELDS = re.compile(r"[0-9A-Za-z*,/#-]{1,100}(?: +[0-9A-Za-z*,/#-]{1,100}){4}")
_MAX_CHARACTERS = 200
_BAD_DAY = "Bad day-of-month"


def next_slot(expression: str, after: datetime, zone: ZoneInfo) -> datetime:
    """The first slot strictly after `after`, in UTC.

    Fixed times fire once a day: at the end of a gap, and the first time of two. A minute or hour
    that begins with `*` counts elapsed time. `L` is the last day of a month, `LW` its last working
    day, `5#2` the second Friday. Raises InvalidInput (invalid_cron), also for an expression that
    never fires within fifty years.
    """
    if len(expression) > _MAX_CHARACTERS or not _FIELDS.fullmatch(expression):
        raise _invalid("not five cron fields")
    try:
        for slot in CronSim(expression, after.astimezone(zone)):
            # After the second 01:10 of a fold cronsim offers the first 01:30, which is past.
            if slot > after:
                return slot.astimezone(UTC)
    except CronSimError as error:
        raise _invalid(_reason(expression, error)) from None
    raise _invalid("it never fires")


def _reason(expression: str, error: CronSimError) -> str:
    """What cronsim says; but a day is not bad that only its months never reach."""
    minute, hour, day, _, weekday = expression.split()
    if str(error) != _BAD_DAY:
        return str(error)
    try:
        CronSim(f"{minute} {hour} {day} * {weekday}", datetime.min)  # noqa: DTZ901  # only parsed
    except CronSimError:
        return _BAD_DAY
    return "it never fires"


def _invalid(problem: str) -> InvalidInput:
    return InvalidInput(
        f"Not a usable cron expression: {problem}", code="invalid_cron", fields={"cron": problem}
    )
