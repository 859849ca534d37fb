"""What becomes of questions to models, for `/metrics`: read from the table when somebody looks.

Workers count in PostgreSQL and the web answers, so every process tells the same.
"""

from collections.abc import Iterable
from typing import Final

from django.db import DatabaseError
from prometheus_client.core import REGISTRY, CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from apps.classification import selectors

_FIGURES: Final = {
    "questions": "Events of which a model was to be asked",
    "kept": "Of those, answered by what a model had said before: the cache's hits",
    "fallbacks": "Of those, judged by rules because no model could be heard",
    "calls": "Calls of models, those for insights too",
    "tokens": "Tokens of those calls, both ways",
    "cost_micros": "Cost of those calls in millionths of a dollar",
}


class ModelFigures(Collector):
    """Nothing while the database is away: `/health` says so, and other figures still count."""

    def describe(self) -> Iterable[Metric]:
        """Names are not checked at the start: that would ask a database that need not be there."""
        return []

    def collect(self) -> Iterable[Metric]:
        try:
            totals = selectors.model_totals()
        except DatabaseError:
            return
        for name, meaning in _FIGURES.items():
            yield CounterMetricFamily(f"vigil_model_{name}", meaning, value=totals[name])


def register() -> None:
    REGISTRY.register(ModelFigures())
