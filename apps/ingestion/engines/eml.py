"""A mail as it lies in a file (RFC 5322 and MIME), made the same Fact a webhook would bring."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from apps.core.errors import InvalidDocument
from apps.core.json_types import Json
from apps.ingestion.engines.authentication import ATTRIBUTE, HEADER, authentication
from apps.ingestion.engines.circulars import is_automatic, is_bulk
from apps.ingestion.engines.mailbox import HEADER_MAX, decoded_words, parse_mailbox, parse_mailboxes
from apps.ingestion.engines.text import Excerpt, cut, excerpt, one_line
from apps.ingestion.types import EventKind, Fact

EVENT_TYPE = "MAIL_FILE"
MAIL_MAX_BYTES = 30 * 1024 * 1024
TITLE_MAX = 500
# A file with none of these is something else, for Python's parser refuses nothing.
_MARKS = frozenset(("from", "to", "subject", "date", "message-id", "received", "return-path"))
_PREFERRED = ("text/plain", "text/html")


def read_mail(data: bytes, *, content_limit: int) -> Fact:
    """The visible text of its text/plain part, else of its text/html part, without attachments.

    Raises InvalidDocument for what is no mail, is larger than MAIL_MAX_BYTES or nests too deep.
    """
    if len(data) > MAIL_MAX_BYTES:
        raise InvalidDocument("This file is too large for a mail")
    try:
        mail = message_from_bytes(data)
        parts = list(mail.walk())
    except RecursionError:
        raise InvalidDocument("This mail nests its parts too deep") from None
    headers = _headers(mail)
    if _MARKS.isdisjoint(headers):
        raise InvalidDocument("This file is no mail: it begins with no header of one")
    content = _content(parts, content_limit)
    return Fact(
        kind=EventKind.EMAIL,
        event_type=EVENT_TYPE,
        external_id=one_line(headers.get("message-id", ""))[:300],
        title=cut(decoded_words(one_line(headers.get("subject", ""))), TITLE_MAX)[0],
        content=content.text,
        truncated=content.truncated,
        hidden=content.hidden,
        occurred_at=_moment(headers.get("date", "")),
        sender=parse_mailbox(headers.get("from", "")),
        recipients=parse_mailboxes(headers.get("to", "")),
        attributes=_attributes(mail, headers),
    )


def _attributes(mail: "Message[str, str]", headers: Mapping[str, str]) -> dict[str, Json]:
    told: dict[str, Json] = {"bulk": is_bulk(headers), "automatic": is_automatic(headers)}
    proof = authentication(map(str, mail.get_all(HEADER, ())))
    return {**told, ATTRIBUTE: proof} if proof else told


def _headers(mail: "Message[str, str]") -> dict[str, str]:
    """By lower-case name, the first of each; bytes that are no ASCII are read as UTF-8."""
    found: dict[str, str] = {}
    for name, value in mail.raw_items():
        raw = str(value)[:HEADER_MAX].encode("ascii", "surrogateescape")
        found.setdefault(name.lower(), raw.decode("utf-8", "replace"))
    return found


def _content(parts: "list[Message[str, str]]", content_limit: int) -> Excerpt:
    """The first part that says anything."""
    content = Excerpt("")
    for text in _texts(parts):
        content = excerpt(text, content_limit)
        if content.text:
            break
    return content


def _texts(parts: "list[Message[str, str]]") -> Iterator[str]:
    for wanted in _PREFERRED:
        for part in parts:
            if part.get_content_type() == wanted and not part.get_filename():
                yield _decoded(part)


def _decoded(part: "Message[str, str]") -> str:
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes):
        return ""
    try:
        return body.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def _moment(text: str) -> datetime | None:
    """None for a date nobody can read; one without a zone is in UTC."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
