"""A mail as it lies in a file (RFC 5322 and MIME), made the same Fact a webhook would bring."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from apps.core.errors import InvalidDocument
from apps.core.json_types import Json
from apps.ingestion.engines.authentication import ATTRIBUTE, HEADER, authentication
from apps.ingestion.engines.circulars import is_automatic, is_bulk
from apps.ingestion.engines.mailbox import HEADER_MAX, decoded_words, parse_mailbox, parse_mailboxes
from apps.ingestion.engines.stubs import STUB_MAX, is_stub
from apps.ingestion.engines.text import Excerpt, cut, excerpt, one_line
from apps.ingestion.types import EventKind, Fact

EVENT_TYPE = "MAIL_FILE"
MAIL_MAX_BYTES = 30 * 1024 * 1024
TITLE_MAX = 500
# A file with none of these is something else, for Python's parser refuses nothing.
_MARKS = frozenset(("from", "to", "subject", "date", "message-id", "received", "return-path"))


def read_mail(data: bytes, *, content_limit: int) -> Fact:
    """The visible text of its text/plain part, else of its text/html part, without attachments.

    A plain part that only asks to look at the HTML part gives way to it (`engines.stubs`).

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
    """The first plain part that says anything, unless its HTML says it instead; else any HTML."""
    for part in _texts(parts, "text/plain"):
        plain = excerpt(_decoded(part), content_limit)
        if plain.text:
            return _instead(part, plain, parts, content_limit)
    return _first(_texts(parts, "text/html"), content_limit)


def _instead(
    part: "Message[str, str]", plain: Excerpt, parts: "list[Message[str, str]]", content_limit: int
) -> Excerpt:
    """What a reader sees of a part that is plain: its HTML, where it only asks to look there."""
    if len(plain.text) > STUB_MAX:
        return plain
    found = _first(_texts(_beside(part, parts), "text/html"), content_limit)
    return found if is_stub(plain.text, found.text) else plain


def _beside(
    part: "Message[str, str]", parts: "list[Message[str, str]]"
) -> "Iterator[Message[str, str]]":
    """All that says the same as `part` in another way: not a mail that is forwarded with it."""
    for container in parts:
        if container.get_content_type() == "multipart/alternative" and container.is_multipart():
            others = container.get_payload()
            if isinstance(others, list) and any(other is part for other in others):
                for other in others:
                    yield from other.walk() if isinstance(other, Message) else ()


def _first(parts: "Iterator[Message[str, str]]", content_limit: int) -> Excerpt:
    texts = (excerpt(_decoded(part), content_limit) for part in parts)
    return next((found for found in texts if found.text), Excerpt(""))


def _texts(
    parts: "Iterable[Message[str, str]]", content_type: str
) -> "Iterator[Message[str, str]]":
    for part in parts:
        if part.get_content_type() == content_type and not part.get_filename():
            yield part


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
