"""The title rules as an operator writes them: a JSON document, checked and made ready to match."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from apps.classification.engines.titles import Mark, Token, tokens
from apps.classification.types import Level
from apps.core.errors import InvalidInput

MAX_PHRASES: Final = 1_000
MAX_PHRASE_LENGTH: Final = 100
# "Chief Diversity, Equity and Inclusion Officer" has five tokens between its ends.
_LONGEST_GAP: Final = 6

_LEVELS: Final = {"csuite": Level.CSUITE, "vp": Level.VP}
_STAR: Final = Token("*")
_KEYS: Final = frozenset({"version", "exclusions", "neutral", "employer", *_LEVELS})


class Scope(Enum):
    """How far an exclusion reaches; `seniority` explains each."""

    SEGMENT = "segment"
    REST = "rest"
    PART = "part"


@dataclass(slots=True)
class Rule:
    """What one phrase does. A phrase with `tail` allows other words between `head` and `tail`."""

    phrase: str
    head: tuple[Token, ...]
    tail: tuple[Token, ...]
    level: Level = Level.NONE
    scopes: set[Scope] = field(default_factory=set)

    def length_at(self, title: Sequence[Token], start: int) -> int:
        """How many tokens of `title` from `start` on this phrase takes; 0 for no match."""
        end = start + len(self.head)
        if tuple(title[start:end]) != self.head:
            return 0
        if not self.tail:
            return end - start
        for position in range(end + 1, min(end + _LONGEST_GAP, len(title)) + 1):
            if title[position - 1].mark is Mark.PART:
                return 0
            if tuple(title[position : position + len(self.tail)]) == self.tail:
                return position + len(self.tail) - start
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """`by_first` holds the rules under the first word of their phrase."""

    version: str
    by_first: Mapping[Token, Sequence[Rule]]
    employer: frozenset[str]


def parse_rules(document: Any) -> RuleBook:
    """Raises InvalidInput("invalid_rule") whose `fields` name the place in the document."""
    _check_keys("document", document, _KEYS)
    rules: dict[tuple[Token, ...], Rule] = {}
    for key, level in _LEVELS.items():
        for path, phrase in _phrases(document, key, required=True):
            _add(rules, path, phrase, level=level)
    exclusions = document.get("exclusions", {})
    _check_keys("exclusions", exclusions, {scope.value for scope in Scope})
    for scope in Scope:
        for path, phrase in _phrases(exclusions, scope.value, within="exclusions."):
            _add(rules, path, phrase, scope=scope)
    for path, phrase in _phrases(document, "neutral"):
        _add(rules, path, phrase)
    if len(rules) > MAX_PHRASES:
        raise _invalid("document", f"holds more than {MAX_PHRASES} phrases")
    return RuleBook(
        version=_version(document),
        by_first=_by_first(rules.values()),
        employer=frozenset(phrase.casefold() for _, phrase in _phrases(document, "employer")),
    )


def _check_keys(path: str, value: Any, known: Set[str]) -> None:
    if not isinstance(value, dict):
        raise _invalid(path, "must be an object")
    unknown = sorted(str(key) for key in value if key not in known)
    if unknown:
        raise _invalid(path, f"has the unknown key {unknown[0][:40]!r}")


def _version(document: Mapping[str, Any]) -> str:
    version = document.get("version")
    if not isinstance(version, str) or not version.strip():
        raise _invalid("version", "must be a text that is not empty")
    return version


def _phrases(
    document: Mapping[str, Any], key: str, *, within: str = "", required: bool = False
) -> Iterator[tuple[str, str]]:
    """Every phrase of a list with its path, as in `exclusions.rest[3]`."""
    listed = document.get(key, [])
    if not isinstance(listed, list) or (required and not listed):
        raise _invalid(f"{within}{key}", "must be a list that is not empty")
    for index, phrase in enumerate(listed):
        path = f"{within}{key}[{index}]"
        if not isinstance(phrase, str) or not 0 < len(phrase.strip()) <= MAX_PHRASE_LENGTH:
            raise _invalid(path, f"must be a text of 1 to {MAX_PHRASE_LENGTH} characters")
        yield path, phrase


def _add(
    rules: dict[tuple[Token, ...], Rule],
    path: str,
    phrase: str,
    *,
    level: Level = Level.NONE,
    scope: Scope | None = None,
) -> None:
    head, star, tail = phrase.partition("*")
    rule = Rule(phrase=phrase.strip(), head=tokens(head), tail=tokens(tail), level=level)
    if not rule.head or not rule.head[0].word or (star and not rule.tail) or "*" in tail:
        raise _invalid(path, "must begin with a word and may hold one * between two words")
    known = rules.setdefault((*rule.head, _STAR, *rule.tail), rule)
    if known is not rule and (known.level is not level or not (known.scopes and scope)):
        raise _invalid(path, "stands in the rules twice")
    if scope is not None:
        known.scopes.add(scope)


def _by_first(rules: Iterable[Rule]) -> dict[Token, list[Rule]]:
    by_first: dict[Token, list[Rule]] = {}
    for rule in rules:
        by_first.setdefault(rule.head[0], []).append(rule)
    return by_first


def _invalid(path: str, why: str) -> InvalidInput:
    return InvalidInput(f"{path} {why}.", code="invalid_rule", fields={path: f"{path} {why}."})
