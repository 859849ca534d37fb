"""What providers report of messages they took (reliability.md R24).

A report is written down once and moves its attempt's status forward, never back. What it means for
the delivery the queue finds out: the delivery is due again, and its next claim reads the report
(services/preparing.py). So a report is never ahead of the worker that is still sending.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from apps.core.locks import lock_in_order
from apps.notifications.models import Delivery, DeliveryAttempt, ProviderReport
from apps.notifications.services.addresses import switch_off
from apps.notifications.types import OffReason, Report, ReportKind

State = Delivery.State

# How long a code of ours or a provider's is kept; theirs may be any text.
_ID_MAX, _CODE_MAX, _MESSAGE_ID_MAX = 200, 60, 120
_OFF = {
    ReportKind.COMPLAINED: OffReason.COMPLAINED,
    ReportKind.UNSUBSCRIBED: OffReason.UNSUBSCRIBED,
}
_BAD = (ReportKind.FAILED.value, ReportKind.BOUNCED.value)


def take(provider: str, reports: Sequence[Report], *, now: datetime) -> int:
    """Write down what a provider says; committed when it returns. How many were new.

    Repeated, late and reordered reports do no harm, and neither do those on unknown messages.
    """
    by_id = {report.callback_id[:_ID_MAX]: report for report in reports}
    with transaction.atomic():
        attempts = _attempts(list(by_id.values()))
        fresh = _insert(provider, by_id, attempts)
        _apply(fresh, now=now)
    return len(fresh)


def place_waiting(attempts: Collection[DeliveryAttempt], *, now: datetime) -> None:
    """Reports that came before the commit of these attempts' provider ids. In a transaction."""
    by_id = {row.provider_message_id: row for row in attempts if row.provider_message_id}
    if not by_id:
        return
    waiting = ProviderReport.objects.filter(attempt=None, provider_message_id__in=by_id)
    rows = list(waiting.select_for_update(skip_locked=True))
    for row in rows:
        row.attempt = by_id[row.provider_message_id]
    ProviderReport.objects.bulk_update(rows, ["attempt"])
    _apply(rows, now=now)


def _attempts(reports: Sequence[Report]) -> dict[str, DeliveryAttempt]:
    """By our ref and by the provider's id, locked in one order."""
    refs = {report.ref for report in reports if report.ref is not None}
    ids = {report.provider_message_id for report in reports if report.provider_message_id}
    named = Q(public_id__in=refs) | Q(provider_message_id__in=ids)
    rows = DeliveryAttempt.objects.filter(named).order_by("pk").select_for_update()
    found: dict[str, DeliveryAttempt] = {}
    for row in rows:
        found[str(row.public_id)] = row
        if row.provider_message_id:
            found[row.provider_message_id] = row
    return found


def _insert(
    provider: str, by_id: dict[str, Report], attempts: dict[str, DeliveryAttempt]
) -> list[ProviderReport]:
    rows = [
        ProviderReport(
            provider=provider,
            callback_id=callback_id,
            kind=report.kind,
            lasting=report.lasting,
            code=report.code[:_CODE_MAX],
            provider_message_id=report.provider_message_id[:_MESSAGE_ID_MAX],
            attempt=attempts.get(str(report.ref)) or attempts.get(report.provider_message_id),
            at=report.at,
        )
        for callback_id, report in by_id.items()
    ]
    known = ProviderReport.objects.filter(provider=provider)
    # Two requests with the same reports come one after the other, so neither counts twice.
    lock_in_order([f"reports:{provider}"])
    seen = set(known.filter(callback_id__in=by_id).values_list("callback_id", flat=True))
    fresh = [row for row in rows if row.callback_id not in seen]
    ProviderReport.objects.bulk_create(fresh)
    return fresh


def _apply(rows: Sequence[ProviderReport], *, now: datetime) -> None:
    """Each attempt's latest word, the addresses it switches off, and what is due again."""
    latest: dict[int, ProviderReport] = {}
    for row in rows:
        if row.attempt is None or not _is_later(row, row.attempt):
            continue
        before = latest.get(row.attempt.pk)
        if before is None or ReportKind(row.kind).rank > ReportKind(before.kind).rank:
            latest[row.attempt.pk] = row
    if not latest:
        return
    attempts = [row.attempt for row in latest.values() if row.attempt is not None]
    for attempt in attempts:
        word = latest[attempt.pk]
        attempt.report, attempt.reported_at = word.kind, word.at
        attempt.error_code = attempt.error_code or word.code[:40]
    DeliveryAttempt.objects.bulk_update(attempts, ["report", "reported_at", "error_code"])
    _switch_off(list(latest.values()), now=now)
    _make_due(attempts, now=now)


def _is_later(row: ProviderReport, attempt: DeliveryAttempt) -> bool:
    return not attempt.report or ReportKind(row.kind).rank > ReportKind(attempt.report).rank


def _switch_off(words: Sequence[ProviderReport], *, now: datetime) -> None:
    reasons: dict[OffReason, set[int]] = {}
    for word in words:
        reason = _OFF.get(ReportKind(word.kind)) or (OffReason.BOUNCED if word.lasting else None)
        if reason is not None and word.attempt is not None:
            reasons.setdefault(reason, set()).add(word.attempt.delivery_id)
    for reason, deliveries in reasons.items():
        rows = Delivery.objects.filter(pk__in=deliveries, address__isnull=False)
        switch_off({reason: list(rows.values_list("address_id", flat=True))}, now=now)


def _make_due(attempts: Sequence[DeliveryAttempt], *, now: datetime) -> None:
    """What was taken for told and was not, and what nobody knew of until now."""
    bad = {row.delivery_id for row in attempts if row.report in _BAD}
    known = {row.delivery_id for row in attempts}
    told = Q(pk__in=bad, state=State.DELIVERED)
    unclear = Q(pk__in=known, state__in=(State.UNKNOWN, State.HELD))
    Delivery.objects.filter(told | unclear).update(
        state=State.RETRY, due_at=now, token=None, finished_at=None
    )
