"""The model drain: bodies that the rules were not sure of, judged with a model's help.

    claim ─commit─► read ─► judge by rules ─► ask (no transaction) ─► the inbox drain's transaction

A kill before the last commit asks again, which costs money and shows nothing: answers are kept for
a while, so that mostly it does not even cost money.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from apps.classification.engines.settling import Asked
from apps.classification.services.asking import ask
from apps.classification.services.classifying import classify
from apps.classification.types import QuestionKey
from apps.core.faultpoints import faultpoint
from apps.ingestion.services.linking import drafts_of, find_owners
from apps.pipeline.services.closing import bury_poison
from apps.pipeline.services.processing import process
from apps.pipeline.services.rounds import QUESTIONS, Round, open_round, take
from apps.pipeline.types import Drained


def drain_questions(*, now: datetime, limit: int) -> Drained:
    """One round of at most LLM_BATCH_ROWS bodies, all asked about at the same time."""
    claimed = take(QUESTIONS, limit=min(limit, settings.LLM_BATCH_ROWS))
    if not claimed.rows:
        return Drained()
    round_ = open_round(QUESTIONS, claimed)
    asked = _ask(round_, now=now)
    faultpoint("Q3")
    with transaction.atomic():
        hints = process(round_, now=now, asked=asked)
        bury_poison(round_)
        faultpoint("Q5")
    return Drained(claimed=len(claimed.rows), hints=hints)


def _ask(round_: Round, *, now: datetime) -> dict[QuestionKey, Asked]:
    drafts = drafts_of(round_.readings)
    find_owners(drafts, round_.members_sources)
    wanted = [draft for draft in drafts if draft.audience and not draft.skipped]
    return ask(classify(wanted, now=now), now=now)
