"""Who may still spend. Pure.

A message is paid out of several counters. It is granted only if every one of them has room for it,
and then it takes the room from all of them.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)
CounterT = TypeVar("CounterT", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Generic[KeyT, CounterT]):
    key: KeyT
    micros: int
    counters: Sequence[CounterT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment(Generic[KeyT, CounterT]):
    """`taken` is what each counter is charged; counters that are charged nothing are left out."""

    refused: frozenset[KeyT]
    taken: Mapping[CounterT, int]


def allot(
    claims: Sequence[Claim[KeyT, CounterT]],
    *,
    spent: Mapping[CounterT, int],
    caps: Mapping[CounterT, int],
) -> Allotment[KeyT, CounterT]:
    """Earlier ones first; a cheaper one behind a refused one may still find room."""
    taken: dict[CounterT, int] = {}
    refused = set()
    for claim in claims:
        if any(
            spent[counter] + taken.get(counter, 0) + claim.micros > caps[counter]
            for counter in claim.counters
        ):
            refused.add(claim.key)
            continue
        for counter in claim.counters:
            taken[counter] = taken.get(counter, 0) + claim.micros
    return Allotment(
        refused=frozenset(refused),
        taken={counter: micros for counter, micros in taken.items() if micros},
    )
