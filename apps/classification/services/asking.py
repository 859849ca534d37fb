"""Asking a model what the rules are not sure of: answers kept, money counted, failures survived.

    kept answers ─► budget ─► all questions at once, those of a shadow too ─► written down

Never inside a transaction. Whatever goes wrong, there is an Asked for every question, and the
rules' verdict stands where it holds no opinion.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from apps.classification import selectors
from apps.classification.engines.prompting import PromptText
from apps.classification.engines.settling import Asked, settled
from apps.classification.engines.verdicts import needs_model
from apps.classification.models import PromptVersion, ShadowVerdict
from apps.classification.providers.base import Answer, Provider, Question
from apps.classification.services import answers, spending
from apps.classification.services.calling import Call, Inquiry, Manner, model_name, put
from apps.classification.services.classifying import Judged
from apps.classification.services.prompts import text_of
from apps.classification.types import QuestionKey, Verdict

_Call = Call[Judged, Answer]


def worth_asking(judged: Sequence[Judged]) -> frozenset[int]:
    """The raw events of which a model should be asked. A change of a profile never waits."""
    if not settings.CLASSIFIER_PROVIDER:
        return frozenset()
    changes = {item.draft.raw.id for item in judged if item.draft.fact.change}
    unsure = {item.draft.raw.id for item in judged if needs_model(item.verdict)}
    return frozenset(unsure - changes)


def ask(judged: Sequence[Judged], *, now: datetime) -> dict[QuestionKey, Asked]:
    """What a model says of each verdict that needs one, or why it says nothing."""
    unsure = [item for item in judged if needs_model(item.verdict)]
    if not settings.CLASSIFIER_PROVIDER or not unsure:
        return {}
    active, shadow = selectors.prompts_in_use()
    prompt = text_of(active)
    versions = f"{settings.CLASSIFIER_PROVIDER}:{model_name()}:{prompt.version}"
    kept = answers.kept(unsure, versions, now=now)
    groups = _same_questions([i for i in unsure if i.draft.key not in kept], versions)
    calls, shadows = _put([group[0] for group in groups], prompt, shadow, now=now)
    answers.keep(((c.about, c.answer.opinion) for c in calls if c.answer), versions)
    if shadow is not None:
        _store_shadows(shadow, calls, shadows)
    fresh = {
        item.draft.key: _asked(call, first=item is group[0])
        for group, call in zip(groups, calls, strict=True)
        for item in group
    }
    found = kept | fresh
    spending.book_questions(
        [(item.draft.raw.business_id, found[item.draft.key]) for item in unsure], now=now
    )
    return found


def _same_questions(judged: Sequence[Judged], versions: str) -> list[list[Judged]]:
    groups: dict[bytes, list[Judged]] = {}
    for item in judged:
        groups.setdefault(answers.key_of(item, versions), []).append(item)
    return list(groups.values())


def _put(
    judged: Sequence[Judged], prompt: PromptText, shadow: PromptVersion | None, *, now: datetime
) -> tuple[list[_Call], list[_Call]]:
    """A Call for each, in order, and those of the shadow."""
    inquiries = [_inquiry(item, prompt, now=now) for item in judged]
    if shadow is not None:
        beside = text_of(shadow)
        inquiries += [replace(_inquiry(item, beside, now=now), shadow=True) for item in judged]
    calls = put(inquiries, _MANNER, now=now)
    return calls[: len(judged)], calls[len(judged) :]


def put_questions(
    judged: Sequence[Judged], prompt: PromptText, *, now: datetime
) -> Iterator[_Call]:
    """A Call for each, LLM_BATCH_ROWS at a time, answered anew: no answer is kept or looked up."""
    for start in range(0, len(judged), settings.LLM_BATCH_ROWS):
        batch = judged[start : start + settings.LLM_BATCH_ROWS]
        yield from put([_inquiry(item, prompt, now=now) for item in batch], _MANNER, now=now)


async def _classify(provider: Provider, question: Question) -> Answer:
    return await provider.classify(question, deadline_seconds=settings.LLM_TIMEOUT_SECONDS)


_MANNER = Manner(ask=_classify, circuit="model")


def _inquiry(judged: Judged, prompt: PromptText, *, now: datetime) -> Inquiry[Judged]:
    fact, raw = judged.draft.fact, judged.draft.raw
    return Inquiry(
        about=judged,
        business_id=raw.business_id,
        correlation_id=raw.correlation_id,
        question=Question(
            title=fact.title,
            content=fact.content,
            kind=fact.kind,
            sender_name=fact.sender.name if fact.sender else "",
            now=now,
            prompt=prompt,
        ),
    )


def _asked(call: _Call, *, first: bool) -> Asked:
    """The others of a group were answered by the answer to the first."""
    if call.answer is None:
        return Asked(failure=call.outcome)
    return Asked(opinion=call.answer.opinion, cached=not first)


def _store_shadows(shadow: PromptVersion, calls: Sequence[_Call], shadows: Sequence[_Call]) -> None:
    """What would have been said beside what was; a silent shadow leaves no row."""
    live = {call.about.draft.key: call for call in calls}
    rows = []
    for call in shadows:
        if call.answer is None:
            continue
        said = _verdict(live[call.about.draft.key])
        would = _verdict(call)
        rows.append(
            ShadowVerdict(
                correlation_id=call.about.draft.raw.correlation_id,
                prompt=shadow,
                live_priority=said.priority,
                priority=would.priority,
                live_category=said.category.value,
                category=would.category.value,
            )
        )
    ShadowVerdict.objects.bulk_create(rows)


def _verdict(call: _Call) -> Verdict:
    return settled(call.about.verdict, _asked(call, first=True), call.about.draft.fact)
