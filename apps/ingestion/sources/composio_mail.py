"""Gmail messages by Composio. Every key is nullable and none is required.

Source: the schema of GMAIL_NEW_GMAIL_MESSAGE (keys), and recorded bodies, which add id,
label_ids and preview {subject, body}. The trigger fires for mail that was sent, too.
"""

import binascii
from base64 import b64decode
from collections.abc import Iterator

from apps.core.json_types import Json
from apps.ingestion.engines.authentication import ATTRIBUTE, HEADER, authentication
from apps.ingestion.engines.circulars import is_automatic, is_bulk
from apps.ingestion.engines.mailbox import parse_mailbox, parse_mailboxes
from apps.ingestion.engines.stubs import STUB_MAX, is_stub
from apps.ingestion.engines.text import Excerpt, cut, excerpt, one_line
from apps.ingestion.sources.composio_envelope import Trigger
from apps.ingestion.sources.reading import TITLE_MAX, Fields, bounded_key, present, spared
from apps.ingestion.types import EventKind, Fact, Skipped, SkipReason

MIME_DEPTH_MAX = 8
OWN_LABELS = frozenset(("SENT", "DRAFT"))


def received(trigger: Trigger, content_limit: int) -> Fact | Skipped:
    data = trigger.data
    labels = _labels(data)
    if OWN_LABELS.intersection(labels):
        return Skipped(reason=SkipReason.SENT_MAIL)
    sender = parse_mailbox(data.text("sender"))
    preview = data.child("preview")
    subject = one_line(data.text("subject") or preview.text("subject"))
    content = _content(data, preview, content_limit)
    if not (sender or subject or content.text):
        return Skipped(reason=SkipReason.NO_CONTENT)
    return Fact(
        kind=EventKind.EMAIL,
        event_type=trigger.slug,
        external_id=bounded_key(data.text("message_id", "id")),
        title=cut(subject, TITLE_MAX)[0],
        content=content.text,
        truncated=content.truncated,
        hidden=content.hidden,
        occurred_at=data.likely_time("message_timestamp") or trigger.occurred_at,
        sender=sender,
        recipients=parse_mailboxes(", ".join(data.several("to"))),
        thread_key=bounded_key(spared(data.text, "thread_id") or ""),
        attributes=_attributes(data, labels),
    )


def _labels(data: Fields) -> list[str]:
    """One text may name several: whether it is somebody's own mail hangs on them."""
    parts = (part.strip() for text in data.several("label_ids") for part in text.split(","))
    return [label for label in parts if label]


def _content(data: Fields, preview: Fields, content_limit: int) -> Excerpt:
    """The first that says anything: message_text, a text/plain part, a text/html part, preview.

    One that only asks to look at the HTML gives way to the text/html part beside it.
    """
    content = Excerpt("")
    for text in _bodies(data, preview):
        content = excerpt(text, content_limit)
        if content.text:
            break
    if 0 < len(content.text) <= STUB_MAX:
        shown = excerpt(_html_beside(data.child("payload")), content_limit)
        return shown if is_stub(content.text, shown.text) else content
    return content


def _html_beside(part: Fields, depth: int = 0) -> str:
    """The HTML of the first parts that say the same in several ways; "" where there is none."""
    children = part.children("parts") if depth < MIME_DEPTH_MAX else []
    if part.text("mimeType").lower() == "multipart/alternative":
        for leaf in _leaves(part, depth):
            if leaf.text("mimeType").lower() == "text/html":
                return _decoded(leaf.child("body"))
        return ""
    return next(filter(None, (_html_beside(child, depth + 1) for child in children)), "")


def _bodies(data: Fields, preview: Fields) -> Iterator[str]:
    yield data.text("message_text")
    parts = _leaves(data.child("payload"))
    for mime_type in ("text/plain", "text/html"):
        for part in parts:
            if part.text("mimeType").lower() == mime_type:
                yield _decoded(part.child("body"))
    yield preview.text("body")


def _leaves(part: Fields, depth: int = 0) -> list[Fields]:
    """The parts of a MIME tree that hold no others, in order; attachments are left out."""
    children = part.children("parts")
    if not children:
        return [] if part.text("filename") else [part]
    if depth == MIME_DEPTH_MAX:
        return []
    return [leaf for child in children for leaf in _leaves(child, depth + 1)]


def _decoded(body: Fields) -> str:
    encoded = body.text("data").rstrip("=")
    try:
        content = b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        body.fail("data", "must be base64url")
    return content.decode(errors="replace")


def _attributes(data: Fields, labels: list[str]) -> dict[str, Json]:
    pairs = list(_headers(data.child("payload")))
    headers = dict(pairs)
    return present(
        label_ids=list(labels),
        attachments=len(spared(data.items, "attachment_list") or ()) or None,
        bulk=is_bulk(headers),
        automatic=is_automatic(headers),
        **{ATTRIBUTE: authentication(value for name, value in pairs if name == HEADER)},
    )


def _headers(payload: Fields) -> Iterator[tuple[str, str]]:
    """By lower-case name. Dozens come with each mail and are only hints: odd ones are ignored."""
    for header in payload.items("headers"):
        if isinstance(header, dict):
            name, value = header.get("name"), header.get("value")
            if isinstance(name, str) and isinstance(value, str):
                yield name.lower(), value
