"""What was measured, as medians, ratios and goals: a table for people and JSON for machines."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`value` must be at least (or, with `at_most`, at most) `limit`; None is only shown."""

    name: str
    value: float
    limit: float | None
    at_most: bool = False

    @property
    def met(self) -> bool:
        if self.limit is None:
            return True
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    @property
    def wanted(self) -> str:
        return "" if self.limit is None else f"{'≤' if self.at_most else '≥'} {self.limit:g}"

    @property
    def mark(self) -> str:
        return "" if self.limit is None else "met" if self.met else "MISSED"


@dataclass(slots=True)
class Scoreboard:
    rates: dict[str, list[float]] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    def add_rate(self, name: str, per_second: float) -> None:
        self.rates.setdefault(name, []).append(per_second)

    def add_ratio(self, name: str, above: str, below: str, *, limit: float | None) -> None:
        """The median of the ratios of each round, so that a noisy minute hits both sides."""
        if above in self.rates and below in self.rates:
            pairs = zip(self.rates[above], self.rates[below], strict=True)
            value = statistics.median(a / b for a, b in pairs)
            self.goals.append(Goal(name=name, value=round(value, 2), limit=limit))

    def add_limit(self, name: str, value: float, *, limit: float) -> None:
        self.goals.append(Goal(name=name, value=value, limit=limit, at_most=True))

    @property
    def met(self) -> bool:
        return all(goal.met for goal in self.goals)

    def document(self) -> dict[str, Any]:
        return {
            "rates_per_second": {name: [round(v, 1) for v in r] for name, r in self.rates.items()},
            "medians_per_second": {
                name: round(statistics.median(r), 1) for name, r in self.rates.items()
            },
            "goals": [
                {"name": g.name, "value": g.value, "limit": g.limit, "met": g.met}
                for g in self.goals
            ],
            **self.details,
        }

    def text(self) -> str:
        rows = [("measured", "median /s", "min … max")]
        rows += [
            (name, f"{statistics.median(r):,.0f}", f"{min(r):,.0f} … {max(r):,.0f}")
            for name, r in self.rates.items()
        ]
        goals = [("goal", "value", "limit", "")]
        goals += [(goal.name, f"{goal.value:g}", goal.wanted, goal.mark) for goal in self.goals]
        return "\n".join([*_aligned(rows), "", *_aligned(goals)])


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
