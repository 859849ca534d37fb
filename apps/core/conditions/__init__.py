"""The language of behavior rules, keyword rules and alert rules.

    {"all": [{"field": "weather.temperature", "op": "gt", "value": 30},
             {"not": {"field": "calendar.titles", "op": "contains", "value": "Holiday"}}]}

Read once with `parse`, asked with `evaluate`, shown to people with `explain`.
"""

from apps.core.conditions.documents import parse, to_document
from apps.core.conditions.evaluation import evaluate, explain
from apps.core.conditions.patterns import compile_pattern
from apps.core.conditions.types import (
    AllOf,
    AnyOf,
    Condition,
    Explanation,
    Leaf,
    Not,
    Operator,
)

__all__ = [
    "AllOf",
    "AnyOf",
    "Condition",
    "Explanation",
    "Leaf",
    "Not",
    "Operator",
    "compile_pattern",
    "evaluate",
    "explain",
    "parse",
    "to_document",
]
