"""Channels that follow one another: the next rings only if the one before did not reach. Pure."""

from collections.abc import Collection, Sequence


def at_once(order: Sequence[str], usable: Sequence[str]) -> tuple[str, ...]:
    """Of `usable`, in its order: all that stand in no `order`, and the first of those that do."""
    first = next((name for name in order if name in usable), None)
    return tuple(name for name in usable if name == first or name not in order)


def following(
    order: Sequence[str], usable: Collection[str], tried: Collection[str], after: str
) -> str | None:
    """Who rings after `after`: the next of `order` that is usable and was not tried."""
    if after not in order:
        return None
    later = order[order.index(after) + 1 :]
    return next((name for name in later if name in usable and name not in tried), None)
