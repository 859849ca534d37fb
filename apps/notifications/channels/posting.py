"""One POST through the guarded client, with its answer read as an outcome of a delivery.

2xx taken · 408, 425, 429, 5xx later · 3xx later, never followed · other 4xx never
no byte left: later · bytes left, no answer: nobody knows
"""

from http import HTTPStatus

from django.conf import settings
from django.utils import timezone

from apps.core.engines.circuit import Outcome
from apps.core.http.client import Policy, Request, Response, default_policy, shared_client
from apps.core.http.errors import (
    BlockedAddress,
    DeadlineExceeded,
    HttpError,
    RequestRefused,
    ResponseTooLarge,
)
from apps.core.resilience.backoff import parse_retry_after
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear

_LATER = frozenset((HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS))


async def post(request: Request, *, policy: Policy | None = None) -> Response:
    """The answer, whatever its status. Raises DeliveryError or DeliveryUnclear without one."""
    client = shared_client(policy or default_policy())
    try:
        return await client.send(request, deadline_seconds=settings.SEND_DEADLINE_SECONDS)
    except HttpError as error:
        raise unsent(error) from error


def unsent(error: HttpError) -> DeliveryError | DeliveryUnclear:
    """What a request that got no answer means."""
    if isinstance(error, BlockedAddress | RequestRefused):
        return DeliveryError(error.detail, permanent=True, code="address_not_allowed")
    if isinstance(error, ResponseTooLarge) and _is_taken(error.response_status):
        return DeliveryUnclear(error.detail, fault=Outcome.SUCCESS)
    late = isinstance(error, DeadlineExceeded)
    fault = Outcome.TIMEOUT if late else Outcome.CONNECT
    if error.sent:
        return DeliveryUnclear(error.detail, fault=fault)
    return DeliveryError(error.detail, permanent=False, fault=fault, code=error.kind.value)


def refused(response: Response) -> DeliveryError | None:
    """What an answer outside of 2xx means; None for one inside."""
    status = response.status
    if _is_taken(status):
        return None
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        fault = Outcome.SERVER_ERROR
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        fault = Outcome.THROTTLED
    else:
        fault = Outcome.CLIENT_ERROR
    client_error = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return DeliveryError(
        f"It answered with {status}",
        permanent=client_error and status not in _LATER,
        retry_after=parse_retry_after(response.headers.get("retry-after"), timezone.now()),
        fault=fault,
        code=f"http_{status}",
    )


def _is_taken(status: int | None) -> bool:
    return status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
