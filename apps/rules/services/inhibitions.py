"""Inhibitions, as operators write them: for one person or for everybody in a business."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.crypto import blind_index
from apps.core.errors import InvalidInput
from apps.core.locks import lock_in_order
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.rules.engines.addresses import normalize_address
from apps.rules.models import Inhibition
from apps.rules.services.vip_lists import check_list

# Of one business: every one is looked at for every event of theirs.
MOST = 50

_SIDES = ("source", "target")


def add(inhibition: Inhibition, *, author: User) -> None:
    """Keep a new one. Raises InvalidInput as `check` does."""
    with transaction.atomic():
        check(inhibition)
        inhibition.author = author
        inhibition.save()
        _record([inhibition], author, "Inhibition added")


def update(inhibition: Inhibition, *, by: User, fields: Sequence[str] = ()) -> None:
    """Keep what was changed, in these `fields`. Raises InvalidInput as `check` does."""
    with transaction.atomic():
        check(inhibition)
        inhibition.save()
        _record([inhibition], by, "Inhibition changed", fields)


def remove(inhibitions: Iterable[Inhibition], *, by: User) -> None:
    gone = list(inhibitions)
    with transaction.atomic():
        _record(gone, by, "Inhibition removed")
        Inhibition.objects.filter(pk__in=[one.pk for one in gone]).delete()


def check(inhibition: Inhibition) -> None:
    """Set what both senders are found by, and raise InvalidInput that names all that is wrong.

    A business may have MOST of them; until the transaction ends nobody else adds one.
    """
    problems = dict(_problems(inhibition))
    if not problems and inhibition.source == inhibition.target:
        problems["target_category"] = (
            "The same as the source: what matches both sides inhibits nothing that does so too."
        )
    if not problems and inhibition.pk is None and not _has_room(inhibition):
        problems["business"] = f"At most {MOST} inhibitions of one business."
    if problems:
        raise InvalidInput(fields=problems)


def _problems(inhibition: Inhibition) -> Iterator[tuple[str, str]]:
    try:
        inhibition.clean_fields()
    except ValidationError as error:
        yield from ((name, " ".join(texts)) for name, texts in error.message_dict.items())
        return
    try:
        check_list(inhibition.business, inhibition.user)
    except InvalidInput as error:
        yield from error.fields.items()
    for side in _SIDES:
        yield from _problems_of(side, inhibition)


def _problems_of(side: str, inhibition: Inhibition) -> Iterator[tuple[str, str]]:
    try:
        _write_sender(side, inhibition)
    except InvalidInput as error:
        yield from ((f"{side}_sender", problem) for problem in error.fields.values())
        return
    matchers = getattr(inhibition, side)
    least, most = matchers.min_priority, matchers.max_priority
    client = getattr(inhibition, f"{side}_client")
    if matchers.is_total:
        yield f"{side}_category", "Say what it looks at: without any matcher it would be all."
    if least is not None and most is not None and least > most:
        yield f"{side}_max_priority", "Not below the least priority."
    if client is not None and client.business_id != inhibition.business_id:
        yield f"{side}_client", "This client is watched for another business."


def _write_sender(side: str, inhibition: Inhibition) -> None:
    """Normalize one side's sender and set what it is found by; "" is any."""
    written: str = getattr(inhibition, f"{side}_sender").strip()
    sender = normalize_address(written) if written else ""
    index = blind_index(sender, context=MAILBOX_CONTEXT) if sender else None
    setattr(inhibition, f"{side}_sender", sender)
    setattr(inhibition, f"{side}_sender_index", index)


def _has_room(inhibition: Inhibition) -> bool:
    lock_in_order([f"inhibitions:{inhibition.business_id}"])
    return Inhibition.objects.filter(business=inhibition.business_id).count() < MOST


def _record(
    inhibitions: Iterable[Inhibition], actor: User, message: str, fields: Sequence[str] = ()
) -> None:
    metadata: dict[str, Any] = {"fields": list(fields)} if fields else {}
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message=message,
                business_id=inhibition.business_id,
                actor_id=actor.pk,
                subject=f"inhibition:{inhibition.pk}",
                correlation_id=correlation.current(),
                metadata=metadata,
            )
            for inhibition in inhibitions
        ]
    )
