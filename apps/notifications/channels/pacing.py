"""No more messages a second than a receiver takes, by waiting a little in this process.

Other processes keep a pace of their own: where they exceed it together, the receiver's 429 decides.
"""

import asyncio
from collections import OrderedDict

from apps.core.engines.circuit import Outcome
from apps.notifications.channels.base import DeliveryError

_MOST_KEYS = 10_000


class Pacer:
    """Used in the background loop only, so nothing here needs a lock."""

    def __init__(self, *, per_second: float, longest_seconds: float) -> None:
        self._interval = 1 / per_second
        self._longest = longest_seconds
        self._next: OrderedDict[int, float] = OrderedDict()

    async def wait(self, key: int) -> None:
        """Until it is this one's turn. Raises DeliveryError where that is too far away."""
        now = asyncio.get_running_loop().time()
        turn = max(self._next.get(key, 0.0), now)
        if turn - now > self._longest:
            raise DeliveryError(
                "Too many messages for it at once",
                permanent=False,
                retry_after=turn - now,
                fault=Outcome.THROTTLED,
                code="paced",
            )
        self._next[key] = turn + self._interval
        self._next.move_to_end(key)
        while len(self._next) > _MOST_KEYS:
            self._next.popitem(last=False)
        await asyncio.sleep(turn - now)
