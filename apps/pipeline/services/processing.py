"""What both ways of judging share: from readings to somebody's inbox, in one transaction.

fence · own · lock · judge · link · decide · write · close
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from apps.classification.engines.settling import Asked
from apps.classification.services import storing as verdicts
from apps.classification.services.asking import worth_asking
from apps.classification.services.classifying import Judged, classify
from apps.classification.types import QuestionKey
from apps.core.bulk import reserve_ids
from apps.core.claims import fence
from apps.core.faultpoints import faultpoint
from apps.core.locks import lock_in_order
from apps.ingestion.models import Event
from apps.ingestion.services.linking import drafts_of, find_owners, link
from apps.ingestion.services.profiles import apply_changes
from apps.ingestion.services.storing import store_events
from apps.ingestion.types import Draft
from apps.notifications.services import live
from apps.notifications.services.deciding import decide_all
from apps.notifications.services.storing import store_decisions
from apps.pipeline.services.closing import close
from apps.pipeline.services.rounds import Round


def process(
    round_: Round, *, now: datetime, asked: Mapping[QuestionKey, Asked] | None = None
) -> frozenset[str]:
    """Finish what is still ours of the round; the queues that now have work.

    Without `asked`, what the rules are not sure of is postponed until a model has been asked; with
    it, the models' answers count and nothing is postponed.
    """
    token = round_.claim.token
    ours = fence(round_.queue, token, [reading.raw.id for reading in round_.readings])
    faultpoint("P4")
    readings = [reading for reading in round_.readings if reading.raw.id in ours]
    drafts = drafts_of(readings)
    find_owners(drafts, round_.members_sources)
    wanted = [draft for draft in drafts if draft.audience and not draft.skipped]
    lock_in_order(_locks(wanted))
    apply_changes(wanted)
    hints = _tell([draft for draft in wanted if not draft.skipped], now=now, asked=asked)
    close(readings, drafts, token=token, now=now)
    return hints


def _tell(
    drafts: list[Draft], *, now: datetime, asked: Mapping[QuestionKey, Asked] | None
) -> frozenset[str]:
    """Judge, link, decide and write."""
    judged = classify(drafts, now=now, asked=asked)
    if asked is None:
        judged = _postpone(judged)
    hints = {"llm"} if len(judged) < len(drafts) else set()
    if judged:
        hints |= _write(judged, now=now)
    return frozenset(hints)


def _postpone(judged: Sequence[Judged]) -> list[Judged]:
    """Leave out every body of which a model shall be asked, whole."""
    bodies = worth_asking(judged)
    for item in judged:
        item.draft.postponed = item.draft.raw.id in bodies
    return [item for item in judged if not item.draft.postponed]


def _write(judged: Sequence[Judged], *, now: datetime) -> set[str]:
    """The queues that have work once this is committed."""
    drafts = [item.draft for item in judged]
    [event_ids] = reserve_ids([(Event, len(drafts))])
    for draft, event_id in zip(drafts, event_ids, strict=True):
        draft.event_id = event_id
    link(drafts)
    judged = [item for item in judged if item.draft.duplicate_of_id is None]
    decided = decide_all(judged, now=now)
    store_events(drafts)
    verdicts.store_verdicts(judged)
    verdicts.store_seniority(judged, now=now)
    verdicts.store_shadows(judged)
    to_explain = verdicts.store_insights(judged)
    unsent = store_decisions(decided, now=now)
    live.signal(item.user_id for item in decided if item.told)
    return {name for name, work in (("deliver", unsent), ("insights", to_explain)) if work}


def _locks(drafts: Sequence[Draft]) -> set[str]:
    people = {f"user:{user_id}" for draft in drafts for user_id in draft.audience}
    profiles = {
        f"profile:{draft.raw.source_id}:{draft.fact.change.person_id}"
        for draft in drafts
        if draft.fact.change
    }
    return people | profiles
