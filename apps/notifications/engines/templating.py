"""The templates operators write: `Vigil: {{ title | truncate:60 }}`. Pure.

A field is a name of NAMES, with filters of FILTERS behind it; all else is text. There is nothing
to call, no member to look into and no loop: the worst a template can say is what it was given.

    field  = "{{" name { "|" filter [ ":" argument ] } "}}"      argument = "text" or a number
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NoReturn

from apps.core.errors import InvalidInput
from apps.notifications.engines.sinks import ELLIPSIS, Sink, encode, one_line

MAX_SOURCE = 4_000
MAX_FIELDS = 50
# No value is looked at further than this, and no filter makes one longer than that.
MAX_VALUE = 10_000
_MAX_NUMBER = 10_000

NAMES = (
    *("title", "body", "category", "priority", "urgency", "created", "expires"),
    *("link", "why", "less", "unsubscribe"),
)

_NAME = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]{0,40})\s*")
_PIPE = re.compile(r"\|\s*([A-Za-z_][A-Za-z0-9_]{0,40})\s*")
_ARGUMENT = re.compile(r':\s*(?:"([^"\n]{0,200})"|([0-9]{1,6}))\s*')
_OPEN, _CLOSE = "{{", "}}"


class TemplateError(InvalidInput):
    """`position` counts the characters of the source from 1; `line` and `column` say the same."""

    default_code = "invalid_template"
    title = "The template is not valid"

    def __init__(self, problem: str, source: str, offset: int) -> None:
        before = source[:offset]
        self.position = offset + 1
        self.line = before.count("\n") + 1
        self.column = offset - (before.rfind("\n") + 1) + 1
        super().__init__(f"Line {self.line}, column {self.column}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    name: str
    argument: str | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What `parse` understood: texts and fields in their order."""

    parts: tuple[str | Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRule:
    """`takes` is the type of its argument, None for one without."""

    apply: Callable[[str, str | int | None], str]
    takes: type[str] | type[int] | None = None


def parse(source: str, *, names: Collection[str] = NAMES) -> Template:
    """Raises TemplateError at the first thing that is not understood."""
    if len(source) > MAX_SOURCE:
        raise TemplateError(f"it has more than {MAX_SOURCE} characters", source, MAX_SOURCE)
    parts: list[str | Field] = []
    at = fields = 0
    while (start := source.find(_OPEN, at)) >= 0:
        fields += 1
        if fields > MAX_FIELDS:
            _refuse(f"it has more than {MAX_FIELDS} fields", source, start)
        if start > at:
            parts.append(source[at:start])
        field, at = _field(source, start, names)
        parts.append(field)
    if at < len(source):
        parts.append(source[at:])
    return Template(parts=tuple(parts))


def render(
    template: Template,
    facts: Mapping[str, str],
    sink: Sink = Sink.PLAIN,
    *,
    limit: int | None = None,
) -> str:
    """The text for `sink`, at most `limit` characters there. A fact that is missing is empty.

    Facts are data: what looks like a field in them stays text.
    """
    texts = (part if isinstance(part, str) else _value(part, facts) for part in template.parts)
    return encode("".join(texts), sink, limit=limit)


def _value(field: Field, facts: Mapping[str, str]) -> str:
    value = facts.get(field.name, "")[:MAX_VALUE]
    for one in field.filters:
        value = FILTERS[one.name].apply(value, one.argument)[:MAX_VALUE]
    return value


def _field(source: str, start: int, names: Collection[str]) -> tuple[Field, int]:
    """The field that opens at `start`, and where the text behind it begins."""
    match = _NAME.match(source, start + len(_OPEN))
    if match is None:
        _refuse("a name is needed here", source, start + len(_OPEN))
    name, at = match.group(1), match.end()
    if name not in names:
        _refuse(f"there is no {name!r} here; known are {', '.join(names)}", source, match.start(1))
    filters: list[Filter] = []
    while piped := _PIPE.match(source, at):
        one, at = _filter(source, piped)
        filters.append(one)
    if not source.startswith(_CLOSE, at):
        closed = _CLOSE in source[at:]
        problem = 'only "| filter" may follow here' if closed else "this field is never closed"
        _refuse(problem, source, at if closed else start)
    return Field(name=name, filters=tuple(filters)), at + len(_CLOSE)


def _filter(source: str, piped: re.Match[str]) -> tuple[Filter, int]:
    name, start, at = piped.group(1), piped.start(1), piped.end()
    rule = FILTERS.get(name)
    if rule is None:
        _refuse(f"there is no filter {name!r}; known are {', '.join(FILTERS)}", source, start)
    argument: str | int | None = None
    if found := _ARGUMENT.match(source, at):
        text, number = found.groups()
        argument, at = (text if number is None else int(number)), found.end()
    if type(argument) is not (rule.takes or type(None)):
        needed = {None: "no argument", str: 'a "text"', int: "a number"}[rule.takes]
        _refuse(f"the filter {name!r} takes {needed}", source, start)
    if isinstance(argument, int) and not 1 <= argument <= _MAX_NUMBER:
        _refuse(f"the number must be between 1 and {_MAX_NUMBER}", source, start)
    return Filter(name=name, argument=argument), at


def _refuse(problem: str, source: str, offset: int) -> NoReturn:
    raise TemplateError(problem, source, offset)


def _truncated(value: str, argument: str | int | None) -> str:
    most = int(argument or 0)
    return value if len(value) <= most else value[: most - len(ELLIPSIS)].rstrip() + ELLIPSIS


def _first_line(value: str, _: str | int | None) -> str:
    return next((line.strip() for line in value.splitlines() if line.strip()), "")


FILTERS: Mapping[str, FilterRule] = {
    "upper": FilterRule(apply=lambda value, _: value.upper()),
    "lower": FilterRule(apply=lambda value, _: value.lower()),
    "capitalize": FilterRule(apply=lambda value, _: value[:1].upper() + value[1:]),
    "one_line": FilterRule(apply=lambda value, _: one_line(value)),
    "first_line": FilterRule(apply=_first_line),
    "truncate": FilterRule(apply=_truncated, takes=int),
    "default": FilterRule(
        apply=lambda value, text: value if value.strip() else str(text), takes=str
    ),
}
