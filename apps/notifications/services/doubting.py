"""Accepted changes that have proved wrong: asked about once more, and never taken back unasked."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.locks import lock_in_order
from apps.notifications import selectors
from apps.notifications.engines.doubting import Accepted, spoken_against
from apps.notifications.engines.learning import LOOKBACK
from apps.notifications.models import Proposal
from apps.notifications.selectors import proposals as selecting
from apps.notifications.services.proposals import is_as_left
from apps.notifications.types import ProposalKind
from apps.rules.models import Silence
from apps.rules.selectors import visible_silences

Status = Proposal.Status


def doubt(user: User, *, now: datetime) -> None:
    """Ask about what somebody's opinions speak against by now, and no more where they do not.

    What they have changed by hand since, or what has ended, is theirs and not asked about. Four
    queries for any number, one for who accepted nothing. Twice at once does no harm.
    """
    if not selecting.accepted_proposals(user).exists():
        return
    with transaction.atomic():
        lock_in_order([f"proposals:{user.pk}"])
        rows = list(selecting.accepted_proposals(user).select_for_update(of=("self",)))
        changed = _judge(user, rows, now)
        Proposal.objects.bulk_update(changed, ["status", "since", "updated_at"])


def _judge(user: User, rows: Sequence[Proposal], now: datetime) -> list[Proposal]:
    """Those of `rows` of which something else holds by now."""
    changes = [_accepted(row, now) for row in rows]
    opinions = selecting.opinions_of(user, since=min((one.at for one in changes), default=now))
    own = selectors.preference_of(user)
    silences = _silences(user, rows, now)
    changed = []
    for row, change in zip(rows, changes, strict=True):
        counts = spoken_against(change, opinions)
        if counts and not is_as_left(row, own, silences.get(row.silence_ref)):
            counts = None
        since = asdict(counts) if counts else None
        if since != row.since:
            row.since, row.updated_at = since, now
            row.status = Status.DOUBTED if since else Status.ACCEPTED
            changed.append(row)
    return changed


def _accepted(row: Proposal, now: datetime) -> Accepted:
    """Later opinions count for as long as dismissals did."""
    return Accepted(
        kind=ProposalKind(row.kind),
        category=row.category,
        sender_index=None if row.sender_index is None else bytes(row.sender_index),
        at=max(row.decided_at or now, now - LOOKBACK),
    )


def _silences(user: User, rows: Sequence[Proposal], now: datetime) -> dict[object, Silence]:
    refs = [row.silence_ref for row in rows if row.silence_ref]
    own = visible_silences(user, now=now).filter(user=user, public_id__any_of=refs)
    return {silence.public_id: silence for silence in own} if refs else {}
