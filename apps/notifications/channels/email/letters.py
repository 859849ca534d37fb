"""A mail, written: its parts by templates/mail/, its headers safe, the same at every attempt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import groupby
from typing import Final
from uuid import UUID

import idna
from django.conf import settings
from django.template.loader import render_to_string

from apps.classification.types import Urgency
from apps.notifications.channels.base import DeliveryError, Message, Target
from apps.notifications.channels.email.headers import MAIL_POLICY, one_line
from apps.notifications.engines.mail_ids import message_id
from apps.notifications.types import OffReason

DIGEST: Final = "digest"
NO_SUBJECT: Final = "Something new"
_SUBJECT_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`ref` is the attempt's id, `message_id` the mail's own (without brackets), the same for all
    attempts at one address. `headers` are those besides To, From, Subject and Reply-To.
    """

    ref: UUID
    message_id: str
    sender: Address
    to: Address
    reply_to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    date: datetime

    def as_bytes(self) -> bytes:
        """RFC 5322 in ASCII, lines end in CRLF."""
        mail = EmailMessage(policy=MAIL_POLICY)
        mail["From"], mail["To"], mail["Subject"] = self.sender, self.to, self.subject
        if self.reply_to:
            mail["Reply-To"] = self.reply_to
        mail["Date"] = format_datetime(self.date)
        for name, value in self.headers.items():
            mail[name] = value
        mail.set_content(self.text, cte="quoted-printable")
        mail.add_alternative(self.html, subtype="html", cte="quoted-printable")
        return mail.as_bytes()


def letter_of(message: Message, target: Target, *, now: datetime) -> Letter:
    """Raises DeliveryError for an address to which no mail can be sent, and switches it off."""
    to = _mailbox(target.value)
    subject = one_line(message.title, most=_SUBJECT_MAX) or NO_SUBJECT
    name = message_id(message.key, target.address_id, domain=_domain())
    text, html = _parts(message, subject)
    return Letter(
        ref=message.ref,
        message_id=name,
        sender=Address(one_line(settings.SMTP_FROM_NAME), addr_spec=settings.SMTP_FROM_EMAIL),
        to=to,
        reply_to=settings.EMAIL_REPLY_TO,
        subject=subject,
        text=text,
        html=html,
        headers=_headers(message, name),
        date=now,
    )


def _headers(message: Message, name: str) -> dict[str, str]:
    headers = {
        "Message-ID": f"<{name}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Vigil-Ref": str(message.ref),
        "Feedback-ID": f"{'digest' if message.category == DIGEST else 'notification'}:vigil",
    }
    if message.priority >= Urgency.CRITICAL.floor:
        headers["Importance"] = "high"
    ways = [f"<{message.links.unsubscribe}>"] if message.links.unsubscribe else []
    if ways:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if settings.EMAIL_UNSUBSCRIBE_MAILBOX:
        ways.append(f"<mailto:{settings.EMAIL_UNSUBSCRIBE_MAILBOX}?subject=unsubscribe>")
    if ways:
        headers["List-Unsubscribe"] = ", ".join(ways)
    return headers


def _parts(message: Message, subject: str) -> tuple[str, str]:
    kind = DIGEST if message.category == DIGEST else "notification"
    context = {
        "subject": subject,
        "body": message.body.strip(),
        "blocks": _blocks(message.body),
        "urgency": Urgency.of(message.priority),
        "category": message.category.replace("_", " "),
        "links": message.links,
        "postal_address": settings.EMAIL_POSTAL_ADDRESS,
    }
    return (
        render_to_string(f"mail/{kind}.txt", context),
        render_to_string(f"mail/{kind}.html", context),
    )


def _blocks(body: str) -> list[tuple[bool, list[str]]]:
    """(is a list, its lines) of neighboring lines, as a digest's body is written."""
    lines = [line.strip() for line in body.splitlines()]
    blocks = groupby((line for line in lines if line), key=lambda line: line.startswith("- "))
    return [
        (is_list, [line.removeprefix("- ") for line in found] if is_list else list(found))
        for is_list, found in blocks
    ]


def _mailbox(value: str) -> Address:
    """In ASCII: names of hosts are, in their encoded form; letters of people must be."""
    local, _, host = value.strip().rpartition("@")
    try:
        host = host if host.isascii() else idna.encode(host, uts46=True).decode()
        address = Address(addr_spec=f"{local}@{host}")
        address.addr_spec.encode("ascii")
    except (ValueError, IndexError, HeaderParseError) as error:
        raise DeliveryError(
            "No mail can be sent to such an address",
            permanent=True,
            off=OffReason.INVALID,
            code="invalid_address",
        ) from error
    return address


def _domain() -> str:
    return str(settings.SMTP_FROM_EMAIL).rpartition("@")[2]
