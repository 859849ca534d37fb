"""The inbox drain: a fact's whole way from a stored body to somebody's inbox, on one screen.

    claim ─commit─► read ─► ┌ fence · own · lock · judge · link · decide · write ┐ ─commit─► hint
                            └─────────── one transaction (processing.py) ────────┘

A kill anywhere before the second commit leaves rows whose lease runs out: they are claimed again
and nothing of the first try is visible. A kill after it leaves them done. The audience's locks
make "did we just tell them this?" true for two drains that meet on the same person.
"""

from datetime import datetime

from django.db import transaction

from apps.core.faultpoints import faultpoint
from apps.pipeline.services.closing import bury_poison
from apps.pipeline.services.processing import process
from apps.pipeline.services.rounds import INBOX, open_round, take
from apps.pipeline.types import Drained


def drain_inbox(*, now: datetime, limit: int) -> Drained:
    """One round: claim, process, commit. `now` is what quiet hours and windows are judged by."""
    faultpoint("P1")
    claimed = take(INBOX, limit=limit)
    if not claimed.rows:
        return Drained()
    faultpoint("P2")
    round_ = open_round(INBOX, claimed)
    faultpoint("P3")
    with transaction.atomic():
        hints = process(round_, now=now)
        bury_poison(round_)
        faultpoint("P5")
    faultpoint("P6")
    return Drained(claimed=len(claimed.rows), hints=hints)
