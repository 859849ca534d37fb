"""Hooks that keep failing: their owners are warned in stages, then the hook is switched off.

Asked with addresses whose sends have just failed, so a hook nobody sends to is left in peace.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef

from apps.accounts.selectors import business_id_of
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType, Severity
from apps.notifications.engines.hook_health import OFF, warning_due
from apps.notifications.models import Address
from apps.notifications.services.addresses import switch_off
from apps.notifications.types import OffReason
from apps.notifications.types.choices import HOOKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What its owner is to be told of a hook: `stage` is 50, 70 or 90, or 100 once it is off."""

    address_id: int
    user_id: int
    business_id: int | None
    stage: int
    off_at: datetime


def disable_after() -> timedelta:
    """How long a hook may fail without a success in between."""
    return timedelta(hours=settings.WEBHOOK_DISABLE_AFTER_HOURS)


def watch(rows: Sequence[Address], *, now: datetime) -> list[Notice]:
    """Of `rows`, which have just failed: those that are warned of or switched off now.

    Nothing is asked of the database while none is due; else five queries, however many there are.
    Each stage is told once, whoever else is watching.
    """
    due = [row.pk for row in rows if row.channel in HOOKS and _stage(row, now)]
    if not due:
        return []
    with transaction.atomic():
        locked = _locked(due)
        notices = [_notice(row, stage) for row in locked if (stage := _stage(row, now))]
        warned = [one.address_id for one in notices if one.stage != OFF]
        off = [one.address_id for one in notices if one.stage == OFF]
        if warned:
            Address.objects.filter(pk__in=warned).update(warned_at=now)
        if off:
            switch_off({OffReason.FAILING: off}, now=now)
        record([_draft(one, row) for one, row in zip(notices, _of(notices, locked), strict=True)])
    return notices


def _stage(row: Address, now: datetime) -> int | None:
    if row.state != Address.State.ACTIVE:
        return None
    return warning_due(row.failing_since, row.warned_at, now, disable_after=disable_after())


def _locked(ids: Collection[int]) -> list[Address]:
    rows = Address.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    return list(rows.annotate(business=business_id_of(OuterRef("user_id"))))


def _of(notices: Sequence[Notice], rows: Sequence[Address]) -> list[Address]:
    by_id = {row.pk: row for row in rows}
    return [by_id[one.address_id] for one in notices]


def _notice(row: Address, stage: int) -> Notice:
    assert row.failing_since is not None  # noqa: S101  # or there were no stage
    return Notice(
        address_id=row.pk,
        user_id=row.user_id,
        business_id=getattr(row, "business", None),
        stage=stage,
        off_at=row.failing_since + disable_after(),
    )


def _draft(notice: Notice, row: Address) -> AuditDraft:
    off = notice.stage == OFF
    return AuditDraft(
        type=AuditType.HOOK_DISABLED if off else AuditType.HOOK_WARNED,
        severity=Severity.ERROR if off else Severity.WARNING,
        message="A hook failed for too long and is off" if off else "A hook keeps failing",
        business_id=notice.business_id,
        subject=f"address:{row.public_id}",
        metadata={
            "channel": row.channel,
            "stage": notice.stage,
            "user": notice.user_id,
            "failing_since": row.failing_since.isoformat() if row.failing_since else None,
        },
    )
