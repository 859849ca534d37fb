"""Whether a condition holds, and why.

Meaning, the same for `evaluate` and `explain`:

- A missing field makes every comparison false, `neq` too; `{"not": …}` around it is true.
- Nothing is coerced. Values of two kinds (number, text, true or false, list, object) compare as
  false, `neq` too; true and false are no numbers. Only null may be asked of any kind, by eq and
  neq: `neq null` means that the field has a value.
- Texts compare by code point; `contains` looks for a part of a text without regard to case, or
  for an element of a list; `matches` finds an RE2 pattern anywhere in a text.
"""

import json
import operator
from collections.abc import Callable, Mapping
from typing import Any

from apps.core.conditions.types import AllOf, AnyOf, Condition, Explanation, Leaf, Not, Operator
from apps.core.json_types import Json

_MISSING: Any = object()

_KINDS: Mapping[type, str] = {
    int: "a number",
    float: "a number",
    str: "a text",
    bool: "true or false",
    type(None): "null",
    list: "a list",
    dict: "an object",
}
_PHRASES: Mapping[Operator, str] = {
    Operator.GT: "be more than",
    Operator.GTE: "be at least",
    Operator.LT: "be less than",
    Operator.LTE: "be at most",
    Operator.EQ: "be",
    Operator.NEQ: "not be",
    Operator.CONTAINS: "contain",
    Operator.MATCHES: "match",
}
_SHOWN_CHARACTERS = 80


def evaluate(condition: Condition, values: Mapping[str, Json]) -> bool:
    """Whether the condition holds for the values. Never raises."""
    if isinstance(condition, Leaf):
        actual = _find(condition.path, values)
        return actual is not _MISSING and _TESTS[condition.op](actual, condition)
    if isinstance(condition, AllOf):
        return all(evaluate(child, values) for child in condition.conditions)
    if isinstance(condition, AnyOf):
        return any(evaluate(child, values) for child in condition.conditions)
    return not evaluate(condition.condition, values)


def explain(condition: Condition, values: Mapping[str, Json]) -> Explanation:
    """`evaluate` with its reasons; every branch is looked at, also after the answer is known."""
    if isinstance(condition, Leaf):
        return _explain_leaf(condition, values)
    if isinstance(condition, Not):
        child = explain(condition.condition, values)
        return Explanation(text="this must not hold", passed=not child.passed, children=(child,))
    children = tuple(explain(child, values) for child in condition.conditions)
    held = sum(child.passed for child in children)
    if isinstance(condition, AllOf):
        text, passed = "all must hold", held == len(children)
    else:
        text, passed = "at least one must hold", held > 0
    return Explanation(
        text=f"{text}: {held} of {len(children)} did", passed=passed, children=children
    )


def _explain_leaf(leaf: Leaf, values: Mapping[str, Json]) -> Explanation:
    wanted = f"{leaf.field} must {_PHRASES[leaf.op]} {_show(leaf.value)}"
    actual = _find(leaf.path, values)
    if actual is _MISSING:
        return Explanation(text=f"{wanted}; there is no such field", passed=False)
    found = f"{wanted}; it is {_show(actual)}"
    if not _comparable(leaf, actual):
        found += f", {_kind(actual)}, which is not compared with {_kind(leaf.value)}"
    return Explanation(text=found, passed=_TESTS[leaf.op](actual, leaf), actual=actual)


def _find(path: tuple[str, ...], values: Mapping[str, Json]) -> Any:
    found: Any = values
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            return _MISSING
        found = found[name]
    return found


def _kind(value: Any) -> str:
    return _KINDS.get(type(value)) or _kind_of_a_subclass(value)


def _kind_of_a_subclass(value: Any) -> str:
    if isinstance(value, str):
        return "a text"
    return "a number" if isinstance(value, int | float) else "something else"


def _comparable(leaf: Leaf, actual: Json) -> bool:
    if leaf.op == Operator.CONTAINS and isinstance(actual, list):
        return True
    if leaf.op in {Operator.EQ, Operator.NEQ} and (actual is None or leaf.value is None):
        return True
    if leaf.op == Operator.CONTAINS:
        return isinstance(actual, str) and isinstance(leaf.value, str)
    return _kind(actual) == _kind(leaf.value)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Leaf], bool]:
    def test(actual: Any, leaf: Leaf) -> bool:
        return _kind(actual) == _kind(leaf.value) and compare(actual, leaf.value)

    return test


def _equal(actual: Any, leaf: Leaf) -> bool:
    return _kind(actual) == _kind(leaf.value) and bool(actual == leaf.value)


def _not_equal(actual: Any, leaf: Leaf) -> bool:
    if actual is None or leaf.value is None:
        return actual is not leaf.value
    return _kind(actual) == _kind(leaf.value) and bool(actual != leaf.value)


def _contains(actual: Any, leaf: Leaf) -> bool:
    if isinstance(actual, list):
        return any(_equal(element, leaf) for element in actual)
    if not isinstance(actual, str) or not isinstance(leaf.value, str):
        return False
    return leaf.value.casefold() in actual.casefold()


def _matches(actual: Any, leaf: Leaf) -> bool:
    if not isinstance(actual, str) or leaf.pattern is None:
        return False
    try:
        return leaf.pattern.search(actual) is not None
    except UnicodeEncodeError:  # half a surrogate pair, which RE2 cannot be given
        return False


def _show(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False, skipkeys=True, default=str)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


_TESTS: Mapping[Operator, Callable[[Any, Leaf], bool]] = {
    Operator.GT: _ordered(operator.gt),
    Operator.GTE: _ordered(operator.ge),
    Operator.LT: _ordered(operator.lt),
    Operator.LTE: _ordered(operator.le),
    Operator.EQ: _equal,
    Operator.NEQ: _not_equal,
    Operator.CONTAINS: _contains,
    Operator.MATCHES: _matches,
}
