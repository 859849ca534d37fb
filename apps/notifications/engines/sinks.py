"""What a text must become where it ends up, so that nobody's words are read as orders. Pure.

A title comes from a stranger: `<!channel>` must not wake a Slack channel, `[x](y)` must not become
a link in Teams, a line break must not end a header, and no letter may turn the others around.

Everywhere else a text is escaped in units: one character with what its sink needs around it. They
are counted as they arrive there, and never cut in two.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

ELLIPSIS = "…"

# Everything but tab and line feed; DEL and the C1 controls too.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile(r"\r\n|[\r\u2028\u2029\x0b\x0c\x85]")
_BLANKS = re.compile(r"\s+")
_SLACK = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# A list or a heading at the start of a line, a mark of Markdown anywhere, or any character.
_TEAMS_UNIT = re.compile(
    r"(?P<start>^[ \t]*(?:[#+=-]|[0-9]{1,9}[.)]))|(?P<mark>[\\`*_\[\]()~<>|])|(?P<rest>.|\n)",
    re.MULTILINE,
)


class Sink(StrEnum):
    PLAIN = "plain"
    HEADER = "header"
    SLACK = "slack"
    SLACK_HEADER = "slack_header"
    TEAMS = "teams"
    SMS = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`limit` is the most characters, as escaped, that the sink takes."""

    clean: Callable[[str], str]
    units: Callable[[str], Iterable[str]]
    limit: int


def plain(text: str) -> str:
    """Without controls and marks of direction; every kind of line end is a line feed."""
    return _DIRECTIONS.sub("", _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)))


def one_line(text: str) -> str:
    """The same on one line, without blanks around it or doubled ones inside."""
    return _BLANKS.sub(" ", plain(text)).strip()


def encode(text: str, sink: Sink, *, limit: int | None = None) -> str:
    """`text` as it may stand in `sink`, at most `limit` characters there (the sink's own if None).

    Cut, it ends in "…".
    """
    rules = SINKS[sink]
    return _cut(rules.units(rules.clean(text)), rules.limit if limit is None else limit)


def pieces(text: str, sink: Sink, *, most: int) -> list[str]:
    """`text` in up to `most` parts of the sink's length, broken between lines where possible.

    What they have no room for is cut.
    """
    rules = SINKS[sink]
    parts: list[str] = []
    rest = [*rules.units(rules.clean(text).strip("\n"))]
    while rest and len(parts) < most - 1:
        size = _fitting(rest, rules.limit)
        parts.append("".join(rest[:size]).strip("\n"))
        rest = rest[size:]
    if rest:
        parts.append(_cut(rest, rules.limit).strip("\n"))
    return [part for part in parts if part.strip()]


def _fitting(units: list[str], limit: int) -> int:
    """How many fit, up to the last line end among them if there is one."""
    used = 0
    for count, unit in enumerate(units):
        used += len(unit)
        if used > limit:
            ends = (i for i in range(count - 1, 0, -1) if units[i] == "\n")
            return max(next(ends, count), 1)
    return len(units)


def _cut(units: Iterable[str], limit: int) -> str:
    kept: list[str] = []
    used = 0
    for unit in units:
        kept.append(unit)
        used += len(unit)
        if used > limit:
            return _shortened(kept, used, limit)
    return "".join(kept)


def _shortened(kept: list[str], used: int, limit: int) -> str:
    while kept and used + len(ELLIPSIS) > limit:
        used -= len(kept.pop())
    return "".join((*kept, ELLIPSIS))[: max(limit, 0)]


def _slack(text: str) -> Iterator[str]:
    return (_SLACK.get(character, character) for character in text)


def _teams(text: str) -> Iterator[str]:
    for match in _TEAMS_UNIT.finditer(text):
        unit = match.group()
        yield unit if match.lastgroup == "rest" else f"{unit[:-1]}\\{unit[-1]}"


SINKS: Mapping[Sink, Rules] = {
    Sink.PLAIN: Rules(clean=plain, units=iter, limit=10_000),
    Sink.HEADER: Rules(clean=one_line, units=iter, limit=200),
    Sink.SLACK: Rules(clean=plain, units=_slack, limit=3_000),
    Sink.SLACK_HEADER: Rules(clean=one_line, units=_slack, limit=150),
    Sink.TEAMS: Rules(clean=plain, units=_teams, limit=5_000),
    # Three segments of the letters that need two bytes each.
    Sink.SMS: Rules(clean=plain, units=iter, limit=201),
}
