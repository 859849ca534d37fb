"""From what came over HTTP to a parcel that may enter the inbox. Pure: no database, no clock."""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import NoReturn

from apps.core import signing, strictjson
from apps.core.errors import Forbidden, UnsupportedMediaType
from apps.core.hashing import digest
from apps.core.identifiers import uuid7
from apps.core.signing import Scheme, SignatureError
from apps.ingestion.sources import SOURCES
from apps.ingestion.sources.base import ShapeError
from apps.ingestion.types import Envelope, Parcel, Posting, SourceConfig

# Signatures and credentials are checked and forgotten; only what `normalize` reads is kept.
KEPT_HEADERS = (
    "x-composio-webhook-version",
    "x-composio-delivery-attempt",
    "x-discourse-event",
    "x-discourse-event-type",
    "x-discourse-event-id",
)


def inspect(
    posting: Posting,
    directory: Mapping[str, SourceConfig],
    *,
    now: datetime,
    max_bytes: int,
) -> Parcel:
    """Check media type, signature, the sender's network and shape, in that order.

    Raises UnsupportedMediaType, TooLarge, SignatureError (also for a source nobody knows, after
    as much work as for one that exists), Forbidden or InvalidDocument. A body that is signed well
    but shaped wrong comes back with its `problem`, to be kept in quarantine.
    """
    _check_media_type(posting.headers)
    source = directory.get(posting.slug)
    if source is None:
        _refuse_stranger(posting, now=now)
    message_id = _verify(source, posting, now=now)
    document = strictjson.loads(posting.body, max_bytes=max_bytes)
    try:
        envelope = SOURCES.get(source.kind).open(document, posting.headers)
    except ShapeError as problem:
        return _parcel(source, posting, Envelope(event_type=""), message_id, problem)
    return _parcel(source, posting, envelope, message_id)


def _parcel(
    source: SourceConfig,
    posting: Posting,
    envelope: Envelope,
    message_id: str,
    problem: ShapeError | None = None,
) -> Parcel:
    correlation_id = uuid7()
    return Parcel(
        source=source,
        envelope=envelope,
        # A sender without any id of its own is never a duplicate here: its state decides later.
        dedup_key=digest(source.id, message_id or envelope.dedup_id or correlation_id.bytes),
        body=posting.body,
        body_digest=digest(posting.body),
        headers={name: posting.headers[name] for name in KEPT_HEADERS if name in posting.headers},
        correlation_id=correlation_id,
        peer=posting.peer,
        problem=problem,
    )


def _refuse_stranger(posting: Posting, *, now: datetime) -> NoReturn:
    """Works as for a signature: nobody learns by the clock which sources exist."""
    scheme = Scheme.STANDARD_WEBHOOKS
    signing.verify(scheme, posting.headers, posting.body, [], now=now, tolerance_seconds=0)
    raise SignatureError


def _verify(source: SourceConfig, posting: Posting, *, now: datetime) -> str:
    """The signature comes first: only who knows the secret learns that networks count here."""
    message_id = signing.verify(
        Scheme(source.scheme),
        posting.headers,
        posting.body,
        [secret.value for secret in source.secrets if secret.valid_at(now)],
        now=now,
        tolerance_seconds=source.tolerance_seconds,
    )
    if source.networks and not _within(source, posting.peer):
        raise Forbidden("This address may not post here", code="address_not_allowed")
    return message_id


def _within(source: SourceConfig, peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in source.networks)


def _check_media_type(headers: Mapping[str, str]) -> None:
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json":
        raise UnsupportedMediaType
    charset = parameters.strip().lower().replace('"', "")
    if charset not in ("", "charset=utf-8"):
        raise UnsupportedMediaType
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Compressed bodies are not accepted")
