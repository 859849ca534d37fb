"""A digest that waited on its way says what is so when it is sent, not when it was built.

A snooze, quiet hours or a failed attempt may keep it for hours. What its reader has read or snoozed
in the inbox meanwhile is left out without a word, what no longer matters is counted in its "while
you were away" line. Nothing joins it: what came since is for the next one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.core.timing import zone
from apps.notifications.engines.digesting import Chunk, in_order, render
from apps.notifications.models import Delivery, Digest, DigestItem
from apps.notifications.selectors import clocks_of
from apps.notifications.selectors.standing import Carried, carried_by
from apps.notifications.services.digest_parts import counts_of
from apps.notifications.types import MootReason

NOTHING_LEFT = "nothing_left"

_WORDS = ("title", "body", "priority", "counts", "left_out")

Place = DigestItem.Place


def retell(deliveries: Iterable[Delivery], *, now: datetime) -> set[int]:
    """Write anew what digests no longer say rightly. Returns deliveries with nothing left to tell.

    In the transaction that begins their attempts and has fenced them; `deliveries` carry the new
    words. What was built before digests kept their slot goes as it is.
    """
    digests = {
        d.digest_id: (d, d.digest) for d in deliveries if d.digest is not None and d.digest.slot
    }
    carried = carried_by([pk for pk in digests if pk], now=now) if digests else {}
    changed = {pk: all_ for pk, all_ in carried.items() if any(c.now != c.was for c in all_)}
    if not changed:
        return set()
    _replace(changed)
    told = {pk for pk, all_ in changed.items() if _of(all_, Place.TOLD)}
    clocks = clocks_of({digests[pk][1].user_id for pk in told})
    rewritten = [digests[pk][1] for pk in sorted(told)]
    for digest in rewritten:
        _reword(digest, changed[digest.pk], clocks.get(digest.user_id, zone("UTC")))
    Digest.objects.bulk_update(rewritten, _WORDS)
    return {digests[pk][0].pk for pk in changed if pk not in told}


def _replace(changed: Mapping[int, Sequence[Carried]]) -> None:
    """Say of each thing where it is by now."""
    places = {(pk, one.item.key): one.now for pk, all_ in changed.items() for one in all_}
    items = list(DigestItem.objects.filter(digest_id__in=changed).order_by("pk"))
    for item in items:
        item.place = places.get((item.digest_id, item.notification_id), item.place)
    DigestItem.objects.bulk_update(items, ["place"])


def _reword(digest: Digest, carried: Sequence[Carried], clock: ZoneInfo) -> None:
    assert digest.slot is not None  # noqa: S101  # `retell` leaves the others out
    items = in_order(one.item for one in _of(carried, Place.TOLD))
    chunk = Chunk(
        items=items,
        number=digest.part,
        of=digest.parts,
        left_out=tuple(one.item for one in _of(carried, Place.LEFT_OUT)),
        moot=(*_counted(digest), *(one.moot for one in _of(carried, Place.MOOT) if one.moot)),
    )
    words = render(chunk, slot=digest.slot, zone=clock)
    digest.title, digest.body = words.title, words.body
    digest.priority = max(item.priority for item in items)
    digest.counts, digest.left_out = counts_of(chunk), len(chunk.left_out)


def _of(carried: Iterable[Carried], place: DigestItem.Place) -> list[Carried]:
    return [one for one in carried if one.now == place]


def _counted(digest: Digest) -> list[MootReason]:
    """What it says no longer matters since it was built."""
    counts: Mapping[str, int] = digest.counts["moot"]
    return [MootReason(name) for name, count in counts.items() for _ in range(count)]
