"""What phones send us: STOP and START are obeyed, a WhatsApp message opens its window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Value, When

from apps.notifications.engines.phone_words import START, STOP, word_of
from apps.notifications.models import Address, InboundText
from apps.notifications.models.address import address_index
from apps.notifications.types import OffReason
from apps.notifications.types.choices import WHATSAPP

State = Address.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """`number` is E.164. `opt_out_type` is the word that Twilio read and answered, else ""."""

    message_id: str
    channel: str
    number: str
    body: str
    opt_out_type: str = ""


def hear(text: Text, *, now: datetime) -> str:
    """Which word it is ("" is none). What follows is committed; the same message counts once."""
    word = word_of(text.body, text.opt_out_type)
    index = address_index(text.channel, text.number)
    with transaction.atomic():
        _, fresh = InboundText.objects.get_or_create(
            message_id=text.message_id,
            defaults={
                "channel": text.channel,
                "value_index": index,
                "word": word,
                "received_at": now,
            },
        )
        if fresh:
            rows = _locked(text.channel, index)
            if text.channel == WHATSAPP:
                _open_window(rows, now=now)
            _obey(word, rows, now=now)
    return word


def unsubscribe(channel: str, number: str, *, now: datetime) -> None:
    """Everybody's with that number, whatever they were before; one removed by hand stays so."""
    with transaction.atomic():
        _obey(STOP, _locked(channel, address_index(channel, number)), now=now)


def last_heard(channel: str, number: str) -> datetime | None:
    """When somebody wrote from it last."""
    rows = InboundText.objects.filter(channel=channel, value_index=address_index(channel, number))
    return rows.order_by("-received_at").values_list("received_at", flat=True).first()


def _locked(channel: str, index: bytes) -> list[Address]:
    rows = Address.objects.filter(channel=channel, value_index=index).order_by("pk")
    return list(rows.select_for_update())


def _obey(word: str, rows: Sequence[Address], *, now: datetime) -> None:
    those = Address.objects.filter(pk__in=[row.pk for row in rows])
    if word == STOP:
        those.exclude(off_reason=OffReason.BY_HAND).update(
            state=State.OFF, off_reason=OffReason.UNSUBSCRIBED, off_at=now, updated_at=now
        )
    elif word == START:
        proven = When(verified_at__isnull=False, then=Value(State.ACTIVE))
        those.filter(state=State.OFF, off_reason=OffReason.UNSUBSCRIBED).update(
            state=Case(proven, default=Value(State.UNVERIFIED)),
            off_reason="",
            off_at=None,
            failing_since=None,
            updated_at=now,
        )


def _open_window(rows: Sequence[Address], *, now: datetime) -> None:
    for row in rows:
        row.details = {**(row.details or {}), "inbound_at": now.isoformat()}
        row.updated_at = now
    Address.objects.bulk_update(rows, ["details", "updated_at"])
