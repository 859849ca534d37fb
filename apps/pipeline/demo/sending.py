"""Posting the demo's bodies as an outsider would: signed, over HTTP."""

import json
from datetime import datetime
from urllib.parse import urlsplit

from apps.core.errors import NotFound
from apps.core.http.client import fetch
from apps.core.http.types import Policy, Request
from apps.core.identifiers import uuid7
from apps.core.signing import Scheme, sign
from apps.ingestion.models import Source
from apps.ingestion.types import DEMO_BUSINESS
from apps.pipeline.demo.payloads import Shipment

DEADLINE_SECONDS = 5.0


def is_seeded() -> bool:
    """Whether there is a demo here that bodies could come for."""
    return Source.objects.filter(business__slug=DEMO_BUSINESS).exists()


def post(shipment: Shipment, *, base_url: str, now: datetime) -> int:
    """Sign with the source's newest secret and post. Returns the HTTP status.

    Raises NotFound when somebody took the source or its secrets away.
    """
    source = Source.objects.filter(slug=shipment.slug).first()
    secret = source.secrets.order_by("-id").first() if source else None
    if source is None or secret is None:
        raise NotFound
    body = json.dumps(shipment.document).encode()
    message_id = str(shipment.document.get("id", f"msg_{uuid7().hex}"))
    headers = sign(Scheme(source.scheme), secret.value, message_id=message_id, now=now, body=body)
    request = Request(
        method="POST",
        url=f"{base_url.rstrip('/')}/webhooks/{source.slug}",
        headers={**headers, "content-type": "application/json"},
        body=body,
    )
    policy = _only_here(base_url)
    return fetch(request, deadline_seconds=DEADLINE_SECONDS, policy=policy).status


def _only_here(base_url: str) -> Policy:
    parts = urlsplit(base_url)
    return Policy(allow_http=True, allow_private=frozenset({f"{parts.hostname}:{parts.port}"}))
