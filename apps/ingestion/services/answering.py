"""What a sender is answered, the same through the door and through the ordinary view."""

import json
import math

import structlog

from apps.core.errors import MethodNotAllowed, VigilError
from apps.core.identifiers import uuid7
from apps.ingestion.types import Receipt

log = structlog.get_logger(__name__)

Answer = tuple[int, dict[str, str], bytes]


def slug_of(path: str) -> str:
    """`/webhooks/composio/events` and `/webhooks/composio` are the source "composio"."""
    parts = path.removeprefix("/webhooks").removeprefix("/").rstrip("/").split("/")
    if len(parts) == 1 or (len(parts) == 2 and parts[1] == "events"):
        return parts[0]
    return ""


def answer_receipt(receipt: Receipt) -> Answer:
    """202 for what is new, 200 for what had come before."""
    body = {
        "status": "duplicate" if receipt.duplicate else "accepted",
        "duplicate": receipt.duplicate,
        "event_id": str(receipt.event_id),
    }
    status = 200 if receipt.duplicate else 202
    return status, {"content-type": "application/json"}, json.dumps(body).encode()


def answer_error(error: VigilError) -> Answer:
    """The problem, under a request id that the log knows too."""
    request_id = str(uuid7())
    log.info("webhook_refused", code=error.code, status=error.status_code, request_id=request_id)
    headers = {"content-type": "application/problem+json"}
    if error.retry_after is not None:
        headers["retry-after"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, MethodNotAllowed):
        headers["allow"] = "POST"
    return error.status_code, headers, json.dumps(error.problem(request_id)).encode()
