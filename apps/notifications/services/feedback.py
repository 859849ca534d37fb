"""What people say of what they were told, and operators of a verdict."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.classification.models import GoldenCase
from apps.classification.services import golden
from apps.core.errors import InvalidInput, NotFound
from apps.ingestion.models import Event
from apps.notifications.models import Feedback, Notification
from apps.notifications.selectors import visible_notifications

Kind = Feedback.Kind
# What an opinion takes back: the last word counts.
_CONTRARY = {
    Kind.HELPFUL: (Kind.DISMISSED, Kind.LESS_LIKE_THIS),
    Kind.DISMISSED: (Kind.HELPFUL,),
    Kind.LESS_LIKE_THIS: (Kind.HELPFUL,),
}
Origin = GoldenCase.Origin


def give(
    user: User, public_id: UUID, *, kind: Feedback.Kind, urgency: str = "", category: str = ""
) -> tuple[Feedback, bool]:
    """The row, and whether it is new. The same again changes nothing; another "right" replaces it,
    and helpful takes back what was dismissed, as dismissing does what was helpful.

    Raises NotFound for anybody else's notification, and InvalidInput unless exactly the kind
    wrong says what would have been right (not_wrong: what is said to be right was said already).
    """
    _check(kind, urgency, category)
    with transaction.atomic():
        row = (
            visible_notifications(user)
            .select_related("event__classification")
            .select_for_update(of=("self",))
            .filter(public_id=public_id)
            .first()
        )
        if row is None:
            raise NotFound
        _check_differs(row.event, urgency, category)
        return _keep(row.event, row, user, kind, urgency, category)


def correct(event: Event, *, actor: User, urgency: str = "", category: str = "") -> Feedback:
    """An operator's word that the verdict on `event` is wrong. Raises InvalidInput like `give`."""
    _check(Kind.WRONG, urgency, category)
    _check_differs(event, urgency, category)
    with transaction.atomic():
        return _keep(event, None, actor, Kind.WRONG, urgency, category)[0]


def _check(kind: Feedback.Kind, urgency: str, category: str) -> None:
    if kind == Kind.WRONG and not (urgency or category):
        raise InvalidInput(fields={"urgency": "Say which urgency or category is right."})
    if kind != Kind.WRONG:
        given = {"urgency": urgency, "category": category}
        odd = {name: "Only something wrong has a right one." for name in given if given[name]}
        if odd:
            raise InvalidInput(fields=odd)


def _check_differs(event: Event, urgency: str, category: str) -> None:
    """Who names the very verdict corrects nothing, and must not undo what they said was right."""
    verdict = getattr(event, "classification", None)
    if verdict is None:
        return
    said = {"urgency": urgency, "category": category}
    given = {name: word for name, word in said.items() if word}
    if given and all(getattr(verdict, name) == word for name, word in given.items()):
        reason = "The verdict says so already: name what would have been right instead."
        raise InvalidInput(reason, code="not_wrong", fields=dict.fromkeys(given, reason))


def _keep(
    event: Event,
    notification: Notification | None,
    user: User,
    kind: Feedback.Kind,
    urgency: str,
    category: str,
) -> tuple[Feedback, bool]:
    Feedback.objects.filter(user=user, event=event, kind__in=_CONTRARY.get(kind, ())).delete()
    row, created = Feedback.objects.select_for_update(of=("self",)).get_or_create(
        user=user,
        event=event,
        kind=kind,
        defaults={
            "business_id": event.business_id,
            "notification": notification,
            "urgency": urgency,
            "category": category,
        },
    )
    if not created and (row.urgency, row.category) == (urgency, category):
        return row, False
    before = {} if created else {"urgency": row.urgency, "category": row.category}
    if not created:
        row.urgency, row.category = urgency, category
        row.save(update_fields=["urgency", "category", "updated_at"])
    if kind == Kind.WRONG:
        origin = Origin.USER if notification else Origin.OPERATOR
        golden.keep(event, author=user, origin=origin, urgency=urgency, category=category)
    record([_given(row, event, before)])
    return row, created


def _given(row: Feedback, event: Event, before: Mapping[str, str]) -> AuditDraft:
    """`before` is the opinion of what would have been right that this one replaces."""
    right = {"urgency": row.urgency, "category": row.category}
    right |= {f"instead_of_{name}": word for name, word in before.items()}
    return AuditDraft(
        type=AuditType.FEEDBACK_GIVEN,
        message="Feedback given",
        business_id=event.business_id,
        actor_id=row.user_id,
        subject=f"event:{event.pk}",
        correlation_id=event.correlation_id,
        metadata={"kind": row.kind, **{name: word for name, word in right.items() if word}},
    )
