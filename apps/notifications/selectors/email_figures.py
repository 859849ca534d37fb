"""What became of mails, counted over a span."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from apps.notifications.models import Delivery
from apps.notifications.selectors.email_logs import EmailStatus, EmailType, of_type, reported
from apps.notifications.types import ReportKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailFigures:
    """Rates are in percent: delivered of all, opened and clicked of those sent."""

    total_emails: int
    sent: int
    failed: int
    pending: int
    bounced: int
    opened: int
    clicked: int
    open_rate: float
    click_rate: float
    delivery_rate: float
    by_type: dict[str, int]


def email_figures(mails: QuerySet[Delivery]) -> EmailFigures:
    """Of `visible_mails(…)`, narrowed to whatever is asked for. One query."""
    counted = mails.order_by().annotate(
        was_opened=reported(ReportKind.OPENED, ReportKind.CLICKED),
        was_clicked=reported(ReportKind.CLICKED),
    )
    found: dict[str, int] = counted.aggregate(
        total=Count("pk"),
        opened=Count("pk", filter=Q(was_opened=True)),
        clicked=Count("pk", filter=Q(was_clicked=True)),
        **{status: Count("pk", filter=Q(log_status=status)) for status in EmailStatus.values},
        **{f"of_{kind}": Count("pk", filter=of_type(kind)) for kind in _TYPES},
    )
    return EmailFigures(
        total_emails=found["total"],
        sent=found["sent"],
        failed=found["failed"],
        pending=found["pending"],
        bounced=found["bounced"],
        opened=found["opened"],
        clicked=found["clicked"],
        open_rate=_percent(found["opened"], found["sent"]),
        click_rate=_percent(found["clicked"], found["sent"]),
        delivery_rate=_percent(found["sent"], found["total"]),
        by_type={kind: found[f"of_{kind}"] for kind in _TYPES},
    )


_TYPES = (EmailType.EVENT_NOTIFICATION.value, EmailType.DIGEST.value)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
