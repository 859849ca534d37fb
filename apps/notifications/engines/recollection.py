"""What a virtual recipient was told lately and is still to be told, as the live path reads it."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from apps.notifications.types import Told


@dataclass(slots=True, eq=False)
class Entry:
    """`number` counts up: of what was decided at the same moment the last is the newest."""

    at: datetime
    number: int
    told: Told
    thing: str


@dataclass(slots=True)
class Recollection:
    """Says what `selectors.told_since` and `selectors.last_words` say of the same record.

    `most` are the rows that they read of either kind. A batch about which a model was asked is
    decided with an older clock than those before it: nothing is forgotten for good.
    """

    most: int
    _count: int = 0
    _decided: list[Entry] = field(default_factory=list)
    _put_off: list[Entry] = field(default_factory=list)
    _of_thing: dict[str, list[Entry]] = field(default_factory=dict)

    def add(self, at: datetime, told: Told, thing: str) -> Entry:
        entry = Entry(at, self._count, told, thing)
        self._count += 1
        insort(self._decided, entry, key=_age)
        self._wait(entry)
        if thing:
            insort(self._of_thing.setdefault(thing, []), entry, key=_age)
        return entry

    def move(self, entry: Entry, due_at: datetime | None) -> None:
        """It is told then, instead of when it was to be; None is never."""
        if entry in self._put_off:
            self._put_off.remove(entry)
        if due_at is not None:
            entry.told = replace(entry.told, at=due_at)
            self._wait(entry)
            return
        self._decided.remove(entry)
        if entry.thing:
            self._of_thing[entry.thing].remove(entry)

    def told_since(self, since: datetime) -> list[Told]:
        """What was decided since then, and what was put off before and is due after it."""
        first = bisect_left(self._decided, (since, 0), key=_age)
        lately = self._decided[max(first, len(self._decided) - self.most) :]
        return [entry.told for entry in (*lately, *islice(self._waiting(since), self.most))]

    def last_word(self, thing: str, since: datetime) -> int | None:
        """The fingerprint of what they were told of it last, of what `told_since` is about."""
        entries = reversed(self._of_thing.get(thing, ()))
        return next((e.told.fingerprint for e in entries if e.told.at >= since), None)

    def _wait(self, entry: Entry) -> None:
        if entry.told.at > entry.at:
            insort(self._put_off, entry, key=_turn)

    def _waiting(self, since: datetime) -> Iterator[Entry]:
        first = bisect_left(self._put_off, (since, -self._count), key=_turn)
        return (e for e in islice(self._put_off, first, None) if e.at < since)


def _age(entry: Entry) -> tuple[datetime, int]:
    return entry.at, entry.number


def _turn(entry: Entry) -> tuple[datetime, int]:
    """What is due first, and of that the newest."""
    return entry.told.at, -entry.number
