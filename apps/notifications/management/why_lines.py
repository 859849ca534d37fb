"""The whole way of one event as lines of text."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from apps.classification.engines.meanings import detail_of, meaning
from apps.classification.models import Classification
from apps.classification.types import Category
from apps.ingestion.models import RawEvent
from apps.notifications.engines.explaining import (
    asked_with,
    explain_step,
    otherwise,
    reasons,
    step_alone,
)
from apps.notifications.engines.masking import HIDDEN_CODE
from apps.notifications.engines.redundancy import REPEATS
from apps.notifications.engines.standing import in_words
from apps.notifications.engines.trace import trace_from_json
from apps.notifications.models import Decision, Delivery, Notification
from apps.notifications.selectors.recorded import recorded
from apps.notifications.selectors.ways import Way, notification_of, repeated_in
from apps.notifications.types import Step


def lines_of(way: Way) -> Iterator[str]:
    """One block for each stage; a one-time code is shown nowhere."""
    yield from _fact(way)
    yield ""
    yield from _verdict(way.verdict)
    if not way.decisions:
        yield from ("", "Nobody: there is no decision for anybody asked about.")
    repeated = repeated_in(way.decisions)
    for decision in way.decisions:
        yield ""
        yield from _decision(decision, repeated)


def lines_of_body(raw: RawEvent) -> Iterator[str]:
    """What was accepted and became no event."""
    yield f"It came {_at(raw.received_at)} through {raw.source.name} and is no event."
    yield f"  State: {raw.state}{f', {raw.reason}' if raw.reason else ''}"
    if raw.last_error:
        yield f"  Last error: {raw.last_error}"


def _fact(way: Way) -> Iterator[str]:
    event, raw = way.event, way.event.raw_event
    hidden = way.verdict is not None and way.verdict.category == Category.SECURITY_CODE
    title = HIDDEN_CODE if hidden else event.title
    yield f"It came {_at(event.received_at)} through {event.source.name}, and is {event.kind}."
    yield f"  Title: {title or '(none)'}"
    if event.sender_name or event.sender_address:
        yield f"  From: {event.sender_name} <{event.sender_address}>"
    yield f"  For: {event.user or 'everybody in the business'}"
    yield f"  Body: {raw.state}{f', {raw.reason}' if raw.reason else ''}; {event.event_type}"
    yield f"  Event {event.public_id}, correlation {event.correlation_id}"
    if event.duplicate_of is not None:
        yield f"  It says the same as {event.duplicate_of.public_id}: nobody is told again."


def _verdict(verdict: Classification | None) -> Iterator[str]:
    if verdict is None:
        yield "It was not judged."
        return
    yield (
        f"We think: {verdict.urgency} (priority {verdict.priority} of 10), "
        f"{verdict.get_category_display().lower()}, relevance {verdict.relevance:g}"
    )
    yield f"  Why: {verdict.reason}"
    yield f"  How: {reasons.method(verdict.method)}, confidence {verdict.confidence:g}"
    for signal in verdict.signals:
        code, detail = signal["code"], detail_of(signal["code"], signal.get("detail", ""))
        yield f"  Signal {code}: {meaning(code)}{_bracketed(detail)}"
    if verdict.expires_at:
        yield f"  Worth telling until {_at(verdict.expires_at)}"


def _decision(decision: Decision, repeated: Mapping[str, Notification]) -> Iterator[str]:
    due = f", due {_at(decision.due_at)}" if decision.due_at else ""
    yield f"{decision.user} <{decision.user.email}>: {decision.outcome}, {decision.reason}{due}"
    yield f"  {reasons.sentence(decision.reason)}"
    steps = trace_from_json(decision.trace)
    for number, step in enumerate(steps, start=1):
        yield from _step(number, step)
        earlier = repeated.get(str(step.inputs.get(REPEATS)))
        if earlier is not None:
            yield f"        It repeats “{_title(earlier)}” ({earlier.public_id}), {_when(earlier)}."
    value = recorded(decision)
    for words in otherwise(value):
        yield f"  It would have been otherwise {words}."
    for words in step_alone(value):
        yield f"  The step that settled it would have passed {words}; no more is known."
    notification = notification_of(decision)
    if notification is not None:
        yield from _told(notification)


def _step(number: int, step: Step) -> Iterator[str]:
    yield f"  {number:>2}. {'✓' if step.passed else '✗'} {explain_step(step)} [{step.code}]"
    if small_print := asked_with(step):
        yield f"        {small_print}"


def _told(row: Notification) -> Iterator[str]:
    moment = row.read_at or row.delivered_at
    yield f"  Told as “{_title(row)}”: {row.status}{f' {_at(moment)}' if moment else ''}"
    if row.moot_reason:
        yield f"    Not told in the end: {in_words(row.moot_reason)}."
    for delivery in row.deliveries.all():
        yield from _delivery(delivery)


def _title(row: Notification) -> str:
    return HIDDEN_CODE if row.category == Category.SECURITY_CODE else row.title


def _when(row: Notification) -> str:
    return f"told {_at(row.delivered_at)}" if row.delivered_at else f"to be told {_at(row.due_at)}"


def _delivery(row: Delivery) -> Iterator[str]:
    yield f"    {row.channel}: {row.state}{_bracketed(row.reason)}, due {_at(row.due_at)}"
    for attempt in row.attempts.all():
        error = f", {attempt.error_code}: {attempt.error}" if attempt.error_code else ""
        yield f"      attempt {attempt.number}: {attempt.outcome} {_at(attempt.started_at)}{error}"


def _bracketed(text: str) -> str:
    return f" ({text})" if text else ""


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
