"""A condition as a frozen tree, and the reasons why it held or not."""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from apps.core.json_types import Json


class Operator(StrEnum):
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    EQ = "eq"
    NEQ = "neq"
    CONTAINS = "contains"
    MATCHES = "matches"


class Pattern(Protocol):
    """A compiled RE2 expression."""

    def search(self, text: str, /) -> object | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """`field op value`. `path` is the field split at its dots; `pattern` is there for matches."""

    field: str
    op: Operator
    value: str | int | float | bool | None
    path: tuple[str, ...]
    pattern: Pattern | None = dataclasses.field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    condition: "Condition"


Condition: TypeAlias = Leaf | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One node of the answer to "why?", in the shape of the condition.

    `text` is a sentence for a person; `actual` is the value that was found, None for a group and
    for a missing field.
    """

    text: str
    passed: bool
    actual: Json = None
    children: tuple["Explanation", ...] = ()
