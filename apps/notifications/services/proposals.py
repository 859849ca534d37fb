"""What somebody answers to a proposal: accepted, rejected, kept, undone."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.errors import Conflict, NotFound
from apps.core.locks import lock_in_order
from apps.notifications import selectors
from apps.notifications.engines import learning
from apps.notifications.models import Preference, Proposal
from apps.notifications.selectors import proposals as selecting
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.preference_rows import write_own, writing
from apps.notifications.types import ProposalKind
from apps.rules.models import Silence
from apps.rules.selectors import visible_silences
from apps.rules.services import silences
from apps.rules.services.silences import Matchers

Status = Proposal.Status

_COMMENT = "Proposed from what you dismissed"


def accept(user: User, public_id: UUID, *, now: datetime) -> Proposal:
    """Make the change. Raises NotFound for anybody else's, and Conflict unless it is open and still
    fits: nothing changed by hand since, no VIP.
    """
    with _deciding(user, public_id, Status.OPEN) as row:
        if row.kind == ProposalKind.SILENCE_SENDER:
            row.silence_ref = _silence(user, row, now).public_id
        else:
            row.former, row.change = _write_fields(user, row)
        return _decided(row, Status.ACCEPTED, now)


def reject(user: User, public_id: UUID, *, now: datetime) -> Proposal:
    """It is not proposed again for `learning.REST`. Raises as `accept` does."""
    with _deciding(user, public_id, Status.OPEN) as row:
        return _decided(row, Status.REJECTED, now)


def undo(user: User, public_id: UUID, *, now: datetime) -> Proposal:
    """Put back exactly what was before. Raises NotFound for anybody else's, and Conflict unless it
    was accepted and what it changed is as it was left.
    """
    with _deciding(user, public_id, *Proposal.IN_FORCE) as row:
        if row.kind == ProposalKind.SILENCE_SENDER:
            _lift(user, row, now)
        else:
            if not is_as_left(row, selectors.preference_of(user), None):
                raise Conflict("You have changed this since, so it is not put back")
            write_own(user, row.former, actor=user)
        return _decided(row, Status.UNDONE, now)


def keep(user: User, public_id: UUID, *, now: datetime) -> Proposal:
    """What was doubted stays, and is not asked about again; it holds since it was accepted. Raises
    as `undo` does, and Conflict unless it is doubted.
    """
    with _deciding(user, public_id, Status.DOUBTED) as row:
        return _decided(row, Status.KEPT, row.decided_at or now)


def is_as_left(row: Proposal, own: Preference, silence: Silence | None) -> bool:
    """Whether what `row` changed is as acceptance left it, in the person's `own` preferences or in
    its `silence`, None for one that has ended.
    """
    if row.kind != ProposalKind.SILENCE_SENDER:
        return all(getattr(own, name) == value for name, value in row.change.items())
    return (
        silence is not None
        and row.decided_at is not None
        and _is_untouched(silence, row, row.decided_at)
    )


@contextmanager
def _deciding(user: User, public_id: UUID, *expected: Proposal.Status) -> Iterator[Proposal]:
    """One decision at a time, in a transaction in which no other door writes the preferences."""
    with writing(user, None):
        lock_in_order([f"proposals:{user.pk}"])
        mine = selecting.visible_proposals(user).select_for_update(of=("self",))
        row = mine.filter(public_id=public_id).first()
        if row is None:
            raise NotFound
        if row.status not in expected:
            raise Conflict(f"This proposal is {row.status}")
        yield row


def _write_fields(user: User, row: Proposal) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the fields said before, and what they say now: what was chosen since counts."""
    business = business_of(user)
    preference = selectors.effective_of(
        selectors.preference_of(user), business, needs=needs_in_use()
    )
    changes = learning.changes_of(ProposalKind(row.kind), row.category, preference)
    if not changes:
        raise Conflict("You have changed this since, so there is nothing to do")
    former = _fields(selectors.preference_of(user), changes)
    write_own(user, changes, actor=user)
    return former, changes


def _fields(own: Preference, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(own, name) for name in names}


def _silence(user: User, row: Proposal, now: datetime) -> Silence:
    business = business_of(user)
    if selecting.vip_senders(user, business, {bytes(row.sender_index or b""): row.sender}):
        raise Conflict("This sender is a VIP by now, and VIPs are not silenced")
    matchers = Matchers(
        category=row.category, sender=row.sender, max_priority=row.change["max_priority"]
    )
    expires_at = _ends(row, now)
    return silences.add(business, user, matchers, expires_at=expires_at, now=now, comment=_COMMENT)


def _lift(user: User, row: Proposal, now: datetime) -> None:
    own = visible_silences(user, now=now).filter(user=user)
    silence = own.filter(public_id=row.silence_ref).first() if row.silence_ref else None
    if silence is None:
        raise Conflict("This silence has ended already")
    if not is_as_left(row, selectors.preference_of(user), silence):
        raise Conflict("This silence was changed since, so it is not lifted")
    silences.lift(user, silence.public_id, now=now)


def _is_untouched(silence: Silence, row: Proposal, accepted_at: datetime) -> bool:
    written = (silence.category, silence.sender, silence.max_priority, silence.expires_at)
    wanted = (row.category, row.sender, row.change["max_priority"], _ends(row, accepted_at))
    rest = (silence.event_type, silence.client_id, silence.min_priority)
    return written == wanted and rest == ("", None, None)


def _ends(row: Proposal, accepted_at: datetime) -> datetime:
    return accepted_at + timedelta(days=row.change["days"])


def _decided(row: Proposal, status: Proposal.Status, now: datetime) -> Proposal:
    row.status, row.decided_at = status, now
    row.save()
    record(
        [
            AuditDraft(
                type=AuditType.PROPOSAL_DECIDED,
                message=f"Proposal {status}",
                business_id=row.business_id,
                actor_id=row.user_id,
                subject=f"proposal:{row.pk}",
                correlation_id=correlation.current(),
                metadata={"kind": row.kind, "decision": status.value},
            )
        ]
    )
    return row
