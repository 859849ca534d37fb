"""Until what o'clock a one-time password lives, where its message names a time of day.

A time of day means nothing without a zone. It is the one the message names, or the one it was
written in where its date has an offset; else nobody knows, and nothing is concluded from it.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

# How far behind its word of validity a time may stand, and in how many words but the date's.
REACH: Final = 45
_WORDS_BETWEEN: Final = 3
# A time without a date that is farther away was meant otherwise, or has passed.
_SOON: Final = timedelta(hours=12)

_CLOCK: Final = re.compile(
    r"(?<![\d:.,])(?P<hour>[01]?\d|2[0-3])[:h](?P<minute>[0-5]\d)"
    r"(?::(?P<second>[0-5]\d))?(?:\.\d{1,6})?(?![\d:])"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?)?"
    r"(?:\s?\(?(?P<zone>(?:UTC|GMT)[+-]\d\d?(?::?\d\d)?|[+-]\d\d(?::?\d\d)?|Z\b|[A-Z]{3,4}\b))?"
)
# The "T" of an ISO moment.
_ISO: Final = re.compile(r"(?<=\d)T(?=\d)")
_OFFSET: Final = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?)(?::?(\d\d))?")
# Only names that mean one offset; "CST" and "IST" mean several.
_HOURS_EAST: Final = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "BST": 1,
    "CET": 1,
    "MEZ": 1,
    "CEST": 2,
    "MESZ": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
_DATES: Final = (
    re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?:T|\b)"),
    re.compile(r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>20\d\d)\b"),
    re.compile(
        r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|\.)? (?P<name>[A-Za-z]{3,9})\.?,? (?P<year>20\d\d)"
    ),
    re.compile(
        r"\b(?P<name>[A-Za-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>20\d\d)\b"
    ),
)
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_SENTENCE_END: Final = re.compile(r"[.!?;](?:\s|$)|\n\s*\n")
_WORD: Final = re.compile(r"[^\W\d_]+")


def told_until(
    text: str, validity: Sequence[tuple[int, int]], *, received_at: datetime
) -> datetime | None:
    """The moment told behind one of the words at `validity`, None where none is sure.

    `received_at` is in the zone its message was written in; in UTC its zone is not known.
    """
    for _, word_end in validity:
        behind = text[word_end : word_end + REACH]
        told = _CLOCK.search(_ISO.sub(" ", behind))
        if told is None:
            continue
        between = behind[: told.start()]
        on = _date(between) or _date(text[word_end + told.end() : word_end + told.end() + REACH])
        if not _leads_on(_without_date(between)):
            continue
        zone = _zone(told.group("zone"), received_at)
        moment = _moment(told, on, zone, received_at) if zone else None
        if moment is not None:
            return moment
    return None


def _moment(
    told: re.Match[str], on: date | None, zone: tzinfo, received_at: datetime
) -> datetime | None:
    """On the date told, else the next such time that comes soon; None for what has passed."""
    here = received_at.astimezone(zone)
    moment = datetime.combine(on or here.date(), _time(told), tzinfo=zone)
    if on is None and moment <= here:
        moment += timedelta(days=1)
    if moment <= here or (on is None and moment - here > _SOON):
        return None
    return moment


def _time(told: re.Match[str]) -> time:
    hour, half = int(told.group("hour")), (told.group("half") or "").casefold()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(told.group("minute")), int(told.group("second") or 0))


def _zone(named: str | None, received_at: datetime) -> tzinfo | None:
    """None for what may be no zone at all: "12:35-13:00" is a stretch."""
    name = named or ""
    if name.startswith("-"):
        return None
    if name in _HOURS_EAST:
        return timezone(timedelta(hours=_HOURS_EAST[name]))
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        sign, hours, minutes = offset.groups()
        east = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(east if sign == "+" else -east) if east < timedelta(hours=15) else None
    return received_at.tzinfo if received_at.utcoffset() else None


def _date(text: str) -> date | None:
    for pattern in _DATES:
        found = pattern.search(text)
        if found is None:
            continue
        parts = found.groupdict()
        name = (parts.get("name") or "")[:3].casefold()
        month = _MONTHS.index(name) + 1 if name in _MONTHS else int(parts.get("month") or 0)
        try:
            return date(int(parts["year"]), month, int(parts["day"]))
        except ValueError:
            return None
    return None


def _without_date(text: str) -> str:
    for pattern in _DATES:
        text = pattern.sub("", text)
    return text


def _leads_on(between: str) -> bool:
    """A few words of one sentence; a number among them may be a date nobody here can read."""
    few = len(_WORD.findall(between)) <= _WORDS_BETWEEN
    return few and not _SENTENCE_END.search(between) and not any(map(str.isdigit, between))
