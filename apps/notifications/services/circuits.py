"""Which of a channel's providers is asked now, and what its circuit breaker is told afterwards."""

from collections import Counter
from collections.abc import Iterable, Sequence

from apps.core.engines.circuit import Outcome
from apps.core.resilience.breaker import CircuitOpen, breaker_for
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear
from apps.notifications.services.sending import Done


class Circuits:
    """Of one group of deliveries: a circuit that is open is asked about once."""

    def __init__(self) -> None:
        self._open: dict[str, CircuitOpen] = {}

    def choose(self, names: Sequence[str], *, avoid: str = "") -> str:
        """The first that may be asked, one that just failed last of all. Raises CircuitOpen.

        Not inside a transaction: being the one to probe is committed at once.
        """
        shut = []
        for name in sorted(names, key=lambda one: one == avoid):
            if not name:
                return name
            try:
                self._pass(name)
            except CircuitOpen as error:
                shut.append(error)
            else:
                return name
        raise min(shut, key=lambda error: error.retry_after or 0.0)

    def _pass(self, name: str) -> None:
        if name in self._open:
            raise self._open[name]
        try:
            breaker_for(name).before()
        except CircuitOpen as error:
            self._open[name] = error
            raise


def tell_circuits(done: Iterable[Done]) -> None:
    """Outside of any transaction. What a look-up said counts as well."""
    told = Counter(
        (one.attempt.provider, _outcome(one))
        for one in done
        if one.asked and one.attempt is not None and one.attempt.provider
    )
    for (name, outcome), times in told.items():
        for _ in range(times):
            if outcome is Outcome.SUCCESS:
                breaker_for(name).succeeded()
            else:
                breaker_for(name).failed(outcome.value)


def _outcome(done: Done) -> Outcome:
    error = done.outcome
    return error.fault if isinstance(error, DeliveryError | DeliveryUnclear) else Outcome.SUCCESS
