"""A whole embedded instance in a temporary folder, and the waiting its tests share."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from config.bootstrap.identity import ServerUser
from config.bootstrap.layout import Layout
from config.bootstrap.servers import start_pair
from config.bootstrap.supervisor import Supervisor

NOTHING_GIVEN: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    layout: Layout
    user: ServerUser
    supervisor: Supervisor

    def start(self, given: Mapping[str, str] = NOTHING_GIVEN) -> dict[str, str]:
        return start_pair(self.supervisor, self.layout, self.user, durable=True, given=given)

    def pid(self, name: str) -> int:
        return self.supervisor.children[name].process.pid


def eventually(
    condition: Callable[[], bool], *, seconds: float = 20.0, meanwhile: Callable[[], None]
) -> bool:
    """Whether the condition comes true in time; `meanwhile` runs between the looks."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        meanwhile()
        time.sleep(0.05)
    return condition()
