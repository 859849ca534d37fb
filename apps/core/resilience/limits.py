"""Rate limits as values, and their judgement in this process when Redis is away.

The algorithm is gcra.lua's, word for word: an allowance of `burst` refills evenly, one request
every 60 / `per_minute` seconds.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

_MICROSECONDS_PER_MINUTE = 60_000_000
_MAX_LOCAL_KEYS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`per_minute` requests on average and `burst` at once (`per_minute` when None), both ≥ 1.

    `key` names whom it counts, such as "source:12" or "login:ana@example.com"; it is stored hashed.
    A key occurs once in a request.
    """

    key: str
    per_minute: int
    burst: int | None = None

    def __post_init__(self) -> None:
        if self.per_minute < 1 or self.allowance < 1:
            raise ValueError("a limit allows at least one request")

    @property
    def allowance(self) -> int:
        return self.per_minute if self.burst is None else self.burst

    @property
    def interval_microseconds(self) -> float:
        return _MICROSECONDS_PER_MINUTE / self.per_minute


# All limits that one request must pass.
LimitSet: TypeAlias = Sequence[Limit]


class LocalLimiter:
    """The same limits, kept by this process alone. Forgets the keys that were quiet longest."""

    def __init__(self, max_keys: int = _MAX_LOCAL_KEYS) -> None:
        self._max_keys = max_keys
        self._arrivals: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._arrivals)

    def check(self, requests: Sequence[LimitSet], *, now_microseconds: float) -> list[float]:
        """Seconds each request has to wait, 0.0 when allowed; a refused one consumes nothing."""
        with self._lock:
            waits = [self._judge(limits, now_microseconds) for limits in requests]
            while len(self._arrivals) > self._max_keys:
                self._arrivals.popitem(last=False)
        return waits

    def _judge(self, limits: LimitSet, now: float) -> float:
        moved: dict[str, float] = {}
        wait = 0.0
        for limit in limits:
            interval = limit.interval_microseconds
            following = max(self._arrivals.get(limit.key, 0.0), now) + interval
            moved[limit.key] = following
            wait = max(wait, following - interval * limit.allowance - now)
        if wait > 0:
            return wait / 1_000_000
        for key, following in moved.items():
            self._arrivals[key] = following
            self._arrivals.move_to_end(key)
        return 0.0
