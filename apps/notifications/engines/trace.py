"""The noise filter's trace as JSON and back, as Decision rows keep it."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.notifications.types import Step


def trace_to_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [step_to_json(step) for step in steps]


def trace_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The inverse of `trace_to_json`; KeyError for a step without `code` or `passed`.

    Members added by a later version are ignored, members missing in an earlier one are empty.
    """
    return tuple(step_from_json(step) for step in data)


def step_to_json(step: Step) -> dict[str, Any]:
    """Empty members are left out: most steps of most decisions simply passed."""
    data: dict[str, Any] = {"code": step.code, "passed": step.passed}
    if step.inputs:
        data["inputs"] = dict(step.inputs)
    if step.threshold is not None:
        data["threshold"] = step.threshold
    if step.margin is not None:
        data["margin"] = step.margin
    if step.note:
        data["note"] = step.note
    if step.turns:
        data["turns"] = list(step.turns)
    if step.then:
        data["then"] = trace_to_json(step.then)
    return data


def step_from_json(data: Mapping[str, Any]) -> Step:
    return Step(
        code=data["code"],
        passed=data["passed"],
        inputs=dict(data.get("inputs") or {}),
        threshold=data.get("threshold"),
        margin=data.get("margin"),
        note=data.get("note", ""),
        turns=tuple(data.get("turns") or ()),
        then=trace_from_json(data.get("then") or ()),
    )
