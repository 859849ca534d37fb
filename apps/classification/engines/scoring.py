"""How well verdicts meet what would have been right: pure figures over judged cases."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Ten equal ranges of confidence; 1.0 belongs to the last.
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One case and what is said of it now; an expected "" is no demand.

    `model` is how a model's verdict met the same demands at the time; None where none was asked.
    """

    expected_urgency: str
    expected_category: str
    urgency: str
    category: str
    confidence: float
    model: bool | None = None

    @property
    def right(self) -> bool:
        return meets(self.expected_urgency, self.urgency) and meets(
            self.expected_category, self.category
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Cases whose confidence was at least `floor`; `stated` is their mean confidence."""

    floor: float
    cases: int
    stated: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Shares are 0–1, None without a case. `confusion` is (expected, said) → cases, by urgency."""

    cases: int
    right: int
    accuracy: float | None
    urgency_accuracy: float | None
    category_accuracy: float | None
    confusion: Mapping[tuple[str, str], int] = field(default_factory=dict)
    calibration: tuple[Bin, ...] = ()
    versus_model: Mapping[str, int] = field(default_factory=dict)


def meets(expected: str, said: str) -> bool:
    return expected in ("", said)


def score(cases: Sequence[Scored]) -> Scores:
    urgencies = [case for case in cases if case.expected_urgency]
    categories = [case for case in cases if case.expected_category]
    return Scores(
        cases=len(cases),
        right=sum(case.right for case in cases),
        accuracy=_share([case.right for case in cases]),
        urgency_accuracy=_share([case.urgency == case.expected_urgency for case in urgencies]),
        category_accuracy=_share([case.category == case.expected_category for case in categories]),
        confusion=Counter((case.expected_urgency, case.urgency) for case in urgencies),
        calibration=tuple(_calibration(cases)),
        versus_model=_versus_model(cases),
    )


def _calibration(cases: Sequence[Scored]) -> list[Bin]:
    """The bins that hold a case, least confident first."""
    binned: dict[int, list[Scored]] = {}
    for case in cases:
        binned.setdefault(min(int(case.confidence * BINS), BINS - 1), []).append(case)
    return [
        Bin(
            floor=number / BINS,
            cases=len(found),
            stated=round(sum(case.confidence for case in found) / len(found), 3),
            right=_share([case.right for case in found]) or 0.0,
        )
        for number, found in sorted(binned.items())
    ]


def _versus_model(cases: Sequence[Scored]) -> dict[str, int]:
    """Who was right where a model had judged: "rules", "model", "both" or "neither"."""
    names = {
        (True, True): "both",
        (True, False): "rules",
        (False, True): "model",
        (False, False): "neither",
    }
    return dict(Counter(names[case.right, case.model] for case in cases if case.model is not None))


def _share(answers: Sequence[bool]) -> float | None:
    return round(sum(answers) / len(answers), 3) if answers else None
