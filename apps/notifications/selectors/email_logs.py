"""The seeds' EmailLog, read from what there is: deliveries by mail, their attempts and reports.

A log's id is that of its first attempt: what was never tried is in no log
(docs/adr/0012-email-logs-are-read-not-written.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)

from apps.accounts.models import User
from apps.accounts.selectors import business_id_of, is_admin
from apps.notifications.engines.masking import HIDDEN_CODE
from apps.notifications.models import Delivery, DeliveryAttempt, DigestItem, ProviderReport
from apps.notifications.selectors.addresses import MAIL
from apps.notifications.types import ReportKind
from apps.rules.types import Category

PREVIEW_CHARACTERS = 200


class EmailType(TextChoices):
    """The seeds' words. `alert` and `system` are mails that nothing sends as yet."""

    EVENT_NOTIFICATION = "event_notification"
    DIGEST = "digest"
    ALERT = "alert"
    SYSTEM = "system"


class EmailStatus(TextChoices):
    SENT = "sent"
    FAILED = "failed"
    PENDING = "pending"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailLog:
    """One mail to one person. What somebody else was told is not shown, a code to nobody.

    `recipient_email` is enough to recognize it by; `job_run_id` is None for whatever no job made.
    """

    id: UUID
    business_id: UUID
    user_id: UUID
    event_id: UUID | None
    job_run_id: UUID | None
    email_type: EmailType
    recipient_email: str
    subject: str
    body_preview: str
    sent_at: datetime | None
    status: str
    error_message: str
    retry_count: int
    provider: str
    provider_message_id: str
    opened_at: datetime | None
    clicked_at: datetime | None


_S = Delivery.State
_FIRST = DeliveryAttempt.objects.filter(delivery=OuterRef("pk"), number=1)
_LATEST = DeliveryAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-number")
_STATUS = Case(
    When(last_report=ReportKind.BOUNCED, then=Value(EmailStatus.BOUNCED.value)),
    When(state=_S.DELIVERED, then=Value(EmailStatus.SENT.value)),
    When(
        state__in=[_S.FAILED, _S.DEAD, _S.EXPIRED, _S.SUPPRESSED],
        then=Value(EmailStatus.FAILED.value),
    ),
    default=Value(EmailStatus.PENDING.value),
    output_field=CharField(),
)


def visible_mails(user: User) -> QuerySet[Delivery]:
    """Mails that were tried, newest first: of oneself; for an admin of the whole business.

    Adds `log_id`, `tried_at`, `log_status` and `event_ref`.
    """
    here = business_id_of(user)
    seen = Q(notification__business_id=here) | Q(digest__business_id=here)
    if not is_admin(user):
        seen &= of_person(user)
    return (
        Delivery.objects.filter(seen, channel=MAIL, attempt_count__gt=0)
        .annotate(
            log_id=Subquery(_FIRST.values("public_id")[:1]),
            tried_at=Subquery(_FIRST.values("started_at")[:1]),
            last_report=Subquery(_LATEST.values("report")[:1]),
            event_ref=F("notification__event__public_id"),
            log_status=_STATUS,
        )
        .order_by("-id")
    )


def of_person(user: User) -> Q:
    return Q(notification__user=user) | Q(digest__user=user)


def about_event(public_id: UUID) -> Q:
    """Its own mails, and digests that told it."""
    told = DigestItem.objects.filter(
        digest=OuterRef("digest"),
        notification__event__public_id=public_id,
        place=DigestItem.Place.TOLD,
    )
    return Q(notification__event__public_id=public_id) | Q(Exists(told))


def of_type(email_type: str) -> Q:
    match email_type:
        case EmailType.EVENT_NOTIFICATION:
            return Q(notification__isnull=False)
        case EmailType.DIGEST:
            return Q(digest__isnull=False)
    return Q(pk__in=[])


def reported(*kinds: ReportKind) -> Exists:
    """Whether anything of these kinds was told of a mail."""
    return Exists(
        ProviderReport.objects.filter(attempt__delivery=OuterRef("pk"), kind__in=list(kinds))
    )


def with_contents(mails: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """What `email_log` reads. Eight queries, however many there are."""
    reports = ProviderReport.objects.filter(kind__in=[ReportKind.OPENED, ReportKind.CLICKED])
    attempts = DeliveryAttempt.objects.order_by("number").prefetch_related(
        Prefetch("reports", queryset=reports.order_by("at"))
    )
    return mails.select_related("address").prefetch_related(
        "notification__user",
        "notification__business",
        "digest__user",
        "digest__business",
        Prefetch("attempts", queryset=attempts),
    )


def email_log(mail: Delivery, *, viewer: User) -> EmailLog:
    """`mail` is of `with_contents(visible_mails(…))`."""
    subject, attempts = mail.subject, list(mail.attempts.all())
    last = attempts[-1]
    sent = mail.state == Delivery.State.DELIVERED
    secret = subject.category == Category.SECURITY_CODE
    own = subject.user_id == viewer.pk
    return EmailLog(
        id=attempts[0].public_id,
        business_id=subject.business.public_id,
        user_id=subject.user.public_id,
        event_id=getattr(mail, "event_ref", None),
        job_run_id=None,
        email_type=EmailType.DIGEST if mail.digest_id else EmailType.EVENT_NOTIFICATION,
        recipient_email=mail.address.hint if mail.address else "",
        subject=HIDDEN_CODE if secret else subject.title,
        body_preview=subject.body[:PREVIEW_CHARACTERS] if own and not secret else "",
        sent_at=last.finished_at if sent else None,
        status=getattr(mail, "log_status", ""),
        error_message=last.error or last.error_code,
        retry_count=len(attempts) - 1,
        provider=last.provider,
        provider_message_id=last.provider_message_id,
        opened_at=_first(attempts, ReportKind.OPENED),
        clicked_at=_first(attempts, ReportKind.CLICKED),
    )


def _first(attempts: Iterable[DeliveryAttempt], kind: ReportKind) -> datetime | None:
    times = (one.at for attempt in attempts for one in attempt.reports.all() if one.kind == kind)
    return min(times, default=None)
