"""Conditions to and from JSON, as people write and databases keep them."""

import math
from collections.abc import Iterator
from itertools import count

from apps.core.conditions.patterns import compile_pattern
from apps.core.conditions.types import AllOf, AnyOf, Condition, Leaf, Not, Operator
from apps.core.errors import InvalidInput
from apps.core.json_types import Json

MAX_DEPTH = 8
MAX_LEAVES = 100
MAX_FIELD_CHARACTERS = 200
MAX_VALUE_CHARACTERS = 1_000

_LEAF_KEYS = {"field", "op", "value"}
_ORDERED = {Operator.GT, Operator.GTE, Operator.LT, Operator.LTE}
_ROOT = "condition"


def parse(document: Json) -> Condition:
    """The condition in a document of at most 8 levels and 100 leaves.

    Raises InvalidInput with code invalid_rule, or invalid_regex for a pattern; `fields` maps the
    place of the fault, such as "condition.all[1].op", to what is wrong there.
    """
    return _condition(document, _ROOT, 1, count(1))


def to_document(condition: Condition) -> dict[str, Json]:
    """The document that `parse` turns into an equal condition."""
    if isinstance(condition, Leaf):
        return {"field": condition.field, "op": str(condition.op), "value": condition.value}
    if isinstance(condition, Not):
        return {"not": to_document(condition.condition)}
    word = "all" if isinstance(condition, AllOf) else "any"
    return {word: [to_document(child) for child in condition.conditions]}


def fault(place: str, problem: str, code: str = "invalid_rule") -> InvalidInput:
    return InvalidInput(f"{place}: {problem}", code=code, fields={place: problem})


def _condition(document: Json, place: str, depth: int, leaves: Iterator[int]) -> Condition:
    if depth > MAX_DEPTH:
        raise fault(place, f"more than {MAX_DEPTH} levels")
    if not isinstance(document, dict):
        raise fault(place, "not an object")
    if document.keys() == _LEAF_KEYS:
        if next(leaves) > MAX_LEAVES:
            raise fault(place, f"more than {MAX_LEAVES} comparisons")
        return _leaf(document, place)
    if len(document) != 1 or not document.keys() <= {"all", "any", "not"}:
        raise fault(place, "neither field, op and value nor one of all, any, not")
    ((word, content),) = document.items()
    if word == "not":
        return Not(condition=_condition(content, f"{place}.not", depth + 1, leaves))
    children = _children(content, f"{place}.{word}", depth, leaves)
    return AllOf(conditions=children) if word == "all" else AnyOf(conditions=children)


def _children(
    content: Json, place: str, depth: int, leaves: Iterator[int]
) -> tuple[Condition, ...]:
    # An empty "all" would hold for everything, which nobody means who writes one.
    if not isinstance(content, list) or not content:
        raise fault(place, "not a list of at least one condition")
    return tuple(
        _condition(child, f"{place}[{index}]", depth + 1, leaves)
        for index, child in enumerate(content)
    )


def _leaf(document: dict[str, Json], place: str) -> Leaf:
    field = _field(document["field"], f"{place}.field")
    op = _operator(document["op"], f"{place}.op")
    value = _value(document["value"], op, f"{place}.value")
    pattern = None
    if op == Operator.MATCHES:
        pattern = compile_pattern(str(value), place=f"{place}.value")
    return Leaf(field=field, op=op, value=value, path=tuple(field.split(".")), pattern=pattern)


def _field(value: Json, place: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_FIELD_CHARACTERS:
        raise fault(place, f"not a name of 1 to {MAX_FIELD_CHARACTERS} characters")
    if not value.isprintable() or not all(value.split(".")):
        raise fault(place, "an empty or unprintable part of a name")
    return value


def _operator(value: Json, place: str) -> Operator:
    if not isinstance(value, str) or value not in set(Operator):
        raise fault(place, f"not one of {', '.join(Operator)}")
    return Operator(value)


def _value(value: Json, op: Operator, place: str) -> str | int | float | bool | None:
    if isinstance(value, dict | list):
        raise fault(place, "not a text, a number, true, false or null")
    if isinstance(value, str) and len(value) > MAX_VALUE_CHARACTERS:
        raise fault(place, f"more than {MAX_VALUE_CHARACTERS} characters")
    if isinstance(value, float) and not math.isfinite(value):
        raise fault(place, "not a finite number")
    if op in _ORDERED and (value is None or isinstance(value, bool)):
        raise fault(place, f"{op} needs a number or a text")
    if op == Operator.MATCHES and not isinstance(value, str):
        raise fault(place, "matches needs a pattern")
    if op in {Operator.CONTAINS, Operator.MATCHES} and value in {"", None}:
        raise fault(place, f"{op} needs something to look for")
    return value
