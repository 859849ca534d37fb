"""Any other signed sender: one small schema of our own.

{"type": "deploy.failed", "timestamp"?: ISO 8601 with offset, "user"?: text,
 "data": {"title"?, "body"?, "sender"?, "url"?, "priority"?: 1–10, …}}
What else `data` holds is kept when it is a plain value: at most EXTRAS_MAX of them.
"""

import re
from collections.abc import Mapping

from apps.core.json_types import Json
from apps.ingestion.engines.mailbox import parse_mailbox
from apps.ingestion.engines.text import cut, excerpt, one_line
from apps.ingestion.sources.reading import TITLE_MAX, Fields, fields_of, present
from apps.ingestion.types import (
    AccountKind,
    AccountRef,
    Envelope,
    EventKind,
    Fact,
    Skipped,
    SkipReason,
)

EXTRAS_MAX = 50
EXTRA_NAME_MAX = 60
EXTRA_TEXT_MAX = 500
URL_MAX = 2_000

_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,119}")
_OWN = frozenset(("title", "body", "sender", "url", "priority"))


class GenericSource:
    """See `apps.ingestion.sources.base.Source`."""

    def open(self, document: Json, headers: Mapping[str, str]) -> Envelope:
        body = fields_of(document)
        body.required_child("data")
        user = body.identifier("user")
        return Envelope(
            event_type=_type(body),
            accounts=(
                (AccountRef(kind=AccountKind.EXTERNAL_USER, external_id=user),) if user else ()
            ),
            occurred_at=body.time("timestamp"),
        )

    def normalize(
        self, document: Json, headers: Mapping[str, str], *, content_limit: int
    ) -> tuple[Fact, ...] | Skipped:
        body = fields_of(document)
        event_type = _type(body)
        data = body.required_child("data")
        title = cut(one_line(data.text("title")), TITLE_MAX)[0]
        content = excerpt(data.text("body"), content_limit)
        if not (title or content.text):
            return Skipped(reason=SkipReason.NO_CONTENT)
        fact = Fact(
            kind=EventKind.NEWS,
            event_type=event_type,
            title=title,
            content=content.text,
            truncated=content.truncated,
            hidden=content.hidden,
            occurred_at=body.time("timestamp"),
            sender=parse_mailbox(data.text("sender")),
            attributes=_extras(data)
            | present(
                sender=one_line(data.text("sender"))[:EXTRA_TEXT_MAX],
                url=_url(data),
                priority=_priority(data),
            ),
        )
        return (fact,)


def _type(body: Fields) -> str:
    event_type = body.required("type")
    if not _TYPE.fullmatch(event_type):
        body.fail("type", "must be letters, digits and . _ : - only")
    return event_type


def _url(data: Fields) -> str:
    url = data.text("url")
    if url and (len(url) > URL_MAX or not url.startswith(("https://", "http://"))):
        data.fail("url", f"must be an http(s) address of up to {URL_MAX} characters")
    return url


def _priority(data: Fields) -> int | None:
    priority = data.number("priority")
    if priority is not None and not 1 <= priority <= 10:
        data.fail("priority", "must be from 1 to 10")
    return priority


def _extras(data: Fields) -> dict[str, Json]:
    """The first EXTRAS_MAX plain values beyond the schema; long texts are cut."""
    plain = (
        (name, value[:EXTRA_TEXT_MAX] if isinstance(value, str) else value)
        for name, value in data.values.items()
        if name not in _OWN
        and len(name) <= EXTRA_NAME_MAX
        and isinstance(value, str | int | float | bool)
    )
    return dict(list(plain)[:EXTRAS_MAX])
