"""Who has a live connection open in this process, and waking them. For the event loop only."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_STREAMS_PER_USER = 10


@dataclass(slots=True, eq=False)
class Client:
    """One open stream. `wake` says that something may be new, `over` that it is to end."""

    user_id: int
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    replaced: bool = False

    def end(self) -> None:
        self.over = True
        self.wake.set()


class Hub:
    """Who has a stream open in this process."""

    def __init__(self) -> None:
        self._clients: dict[int, list[Client]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._clients.values()))

    @property
    def user_ids(self) -> list[int]:
        return list(self._clients)

    def join(self, client: Client) -> None:
        """The oldest one of the same person makes room when there are too many."""
        clients = self._clients.setdefault(client.user_id, [])
        if len(clients) >= MAX_STREAMS_PER_USER:
            clients[0].replaced = True
            clients.pop(0).end()
        clients.append(client)

    def leave(self, client: Client) -> None:
        clients = self._clients.get(client.user_id, [])
        if client in clients:
            clients.remove(client)
        if not clients:
            self._clients.pop(client.user_id, None)

    def heard(self, user_ids: Iterable[int] | None) -> None:
        """Wake the clients of these people, or everybody's."""
        for user_id in list(self._clients) if user_ids is None else user_ids:
            for client in self._clients.get(user_id, ()):
                client.wake.set()

    def end_all(self) -> None:
        for clients in self._clients.values():
            for client in clients:
                client.end()
