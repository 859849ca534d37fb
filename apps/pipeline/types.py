"""What a drain says of one round."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """`claimed` rows were taken in this round; `more` queues now have work."""

    claimed: int = 0
    hints: frozenset[str] = frozenset()
