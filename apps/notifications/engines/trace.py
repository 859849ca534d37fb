"""The noise filter's trace as JSON and back, as Decision rows keep it."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.notifications.types import Step, TurnedStep


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
    if isinstance(step, TurnedStep):
        data["turns"] = list(step.turns)
        if step.then:
            data["then"] = trace_to_json(step.then)
    return data


def step_from_json(data: Mapping[str, Any]) -> Step:
    step = Step(
        code=data["code"],
        passed=data["passed"],
        inputs=dict(data.get("inputs") or {}),
        threshold=data.get("threshold"),
        margin=data.get("margin"),
        note=data.get("note", ""),
    )
    if not data.get("turns"):
        return step
    then = (step_from_json(one) for one in data.get("then") or ())
    return turned(step, data["turns"], tuple(one for one in then if isinstance(one, TurnedStep)))


def turned(step: Step, turns: Iterable[str], then: tuple[TurnedStep, ...] = ()) -> TurnedStep:
    """The same step with its ways out."""
    return TurnedStep(
        code=step.code,
        passed=step.passed,
        inputs=step.inputs,
        threshold=step.threshold,
        margin=step.margin,
        note=step.note,
        turns=tuple(turns),
        then=then,
    )
