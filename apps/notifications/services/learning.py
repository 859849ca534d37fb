"""Proposals from dismissals: noticed, tried out, stored. Only acceptance changes anything."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from apps.accounts.models import Business, User
from apps.accounts.selectors import business_of
from apps.core.errors import InvalidInput
from apps.core.identifiers import uuid7
from apps.core.locks import lock_in_order
from apps.notifications import selectors
from apps.notifications.engines import learning
from apps.notifications.engines.learning import Candidate
from apps.notifications.models import Feedback, Proposal
from apps.notifications.selectors import proposals as selecting
from apps.notifications.services import doubting, feedback
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.previewing import Preview, preview
from apps.notifications.types import PreferenceValues, ProposalKind
from apps.rules.types import ActiveSilence

# People whose dismissals are looked at between two reads of who they are.
PEOPLE = 200
# Candidates that are tried out for one person at a time: each costs a preview.
MOST_TRIED = 6

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An opinion that was kept, whether it is new, and what is asked by now."""

    feedback: Feedback
    is_new: bool
    proposals: tuple[Proposal, ...]


def say(
    user: User,
    public_id: UUID,
    *,
    kind: Feedback.Kind,
    now: datetime,
    urgency: str = "",
    category: str = "",
) -> Said:
    """Keep an opinion as `feedback.give` does, and look at once at what follows from it."""
    row, is_new = feedback.give(user, public_id, kind=kind, urgency=urgency, category=category)
    found = propose(user, now=now) if kind in selecting.OPINIONS else []
    return Said(feedback=row, is_new=is_new, proposals=tuple(found))


def propose_all(*, now: datetime) -> int:
    """Look at everybody who dismissed something lately, or accepted something once. Returns how
    many people that were."""
    count, last = 0, 0
    since = now - learning.LOOKBACK
    while people := selecting.people_to_learn_from(since=since, after=last, limit=PEOPLE):
        for user in people:
            try:
                propose(user, now=now)
            except Exception:  # the others are not to wait for one
                log.exception("proposing_failed", user_id=user.pk)
        count, last = count + len(people), people[-1].pk
    return count


def propose(user: User, *, now: datetime) -> list[Proposal]:
    """What is asked of `user` by now, the newest first: changes, and whether to take some back.

    What their dismissals no longer speak for is withdrawn. Twice at once does no harm. Raises
    Forbidden for somebody without a business.
    """
    business = business_of(user)
    doubting.doubt(user, now=now)
    _look(user, business, now)
    return list(selecting.asked_proposals(user))


def _look(user: User, business: Business, now: datetime) -> None:
    """Keep open what the dismissals speak for by now."""
    heard = selecting.heard_by(user, business, since=now - learning.LOOKBACK, now=now)
    known = {selecting.key_of(row): row for row in selecting.open_proposals(user)}
    if not heard and not known:
        return
    preference = selectors.effective_of(
        selectors.preference_of(user), business, needs=needs_in_use()
    )
    wanted = learning.proposals(
        heard,
        preference,
        resting=selecting.resting_keys(user, since=now - learning.REST),
        known=frozenset(known),
    )
    offers = _Offers(user, business, preference, wanted[:MOST_TRIED], now)
    _store(user, list(islice(offers.worthwhile(known), learning.MOST_OPEN)), now)


class _Offers:
    """Candidates as rows, each tried out on the last weeks before it is offered."""

    def __init__(
        self,
        user: User,
        business: Business,
        preference: PreferenceValues,
        wanted: Sequence[Candidate],
        now: datetime,
    ) -> None:
        self._user = user
        self._business = business
        self._preference = preference
        self._wanted = wanted
        self._now = now
        self._addresses = selecting.addresses_of(
            user,
            {one.sender_index for one in wanted if one.sender_index is not None},
            since=now - learning.LOOKBACK,
        )

    def worthwhile(self, known: dict[learning.Key, Proposal]) -> Iterator[Proposal]:
        """What is known and has the same reasons still is not tried out again."""
        for one in self._wanted:
            row = known.get(one.key)
            same = row is not None and row.evidence == asdict(one.evidence)
            offer = row if same else self._offer(one)
            if offer is not None:
                yield offer

    def _offer(self, one: Candidate) -> Proposal | None:
        """None for what would change nothing, or make anything urgent late."""
        changes = learning.changes_of(one.kind, one.category or "", self._preference)
        if changes is None:
            return None
        silence = _tried_silence(one, self._now)
        try:
            found = preview(self._user, changes, now=self._now, silence=silence)
        except InvalidInput:  # a zone that nobody knows: what cannot be tried is not proposed
            return None
        if found.later_count or not _saves(found):
            return None
        return Proposal(
            business=self._business,
            user=self._user,
            kind=one.kind,
            category=one.category or "",
            sender=self._addresses[one.sender_index] if one.sender_index else "",
            sender_index=one.sender_index,
            change=changes or _matchers(one),
            evidence=asdict(one.evidence),
            preview=_figures(found),
        )


def _tried_silence(one: Candidate, now: datetime) -> ActiveSilence | None:
    if one.kind is not ProposalKind.SILENCE_SENDER or one.category is None:
        return None
    return ActiveSilence(
        silence_id=uuid7(),
        expires_at=now + learning.SILENCE_LASTS,
        category=one.category.value,
        sender_index=one.sender_index,
        max_priority=learning.MAX_SILENCED_PRIORITY,
    )


def _matchers(one: Candidate) -> dict[str, Any]:
    """Those of its silence, beside the sender."""
    return {
        "category": one.category.value if one.category else "",
        "max_priority": learning.MAX_SILENCED_PRIORITY,
        "days": learning.SILENCE_LASTS.days,
    }


def _saves(found: Preview) -> bool:
    now, then = found.now, found.then
    return then.interruptions < now.interruptions or then.dropped > now.dropped


def _figures(found: Preview) -> dict[str, Any]:
    counts = {
        name: {"now": getattr(found.now, name), "then": getattr(found.then, name)}
        for name in ("interruptions", "digested", "deferred", "dropped")
    }
    return {
        "days": found.days,
        "events": found.events,
        **counts,
        "later_count": found.later_count,
        "cut": found.cut,
    }


def _store(user: User, offers: Sequence[Proposal], now: datetime) -> None:
    """Exactly `offers` are open afterwards, but for what was decided meanwhile."""
    with transaction.atomic():
        lock_in_order([f"proposals:{user.pk}"])
        present = {selecting.key_of(row): row for row in selecting.open_proposals(user)}
        resting = selecting.resting_keys(user, since=now - learning.REST)
        kept = {selecting.key_of(offer): offer for offer in offers}
        stale = [row.pk for key, row in present.items() if key not in kept]
        Proposal.objects.filter(pk__in=stale).update(status=Proposal.Status.WITHDRAWN)
        renewed = []
        for key, row in present.items():
            offer = kept.get(key)
            if offer is not None and offer.evidence != row.evidence:
                row.change, row.evidence, row.preview = offer.change, offer.evidence, offer.preview
                row.updated_at = now
                renewed.append(row)
        Proposal.objects.bulk_update(renewed, ["change", "evidence", "preview", "updated_at"])
        gone = present.keys() | resting
        Proposal.objects.bulk_create(
            offer for key, offer in kept.items() if not offer.pk and key not in gone
        )
