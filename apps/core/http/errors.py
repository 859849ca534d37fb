"""What can go wrong on the way out.

HttpError                5003
├── BlockedAddress       blocked     the URL or an address behind its name is not allowed
├── RequestRefused       protocol    our own request is malformed (header injection, method)
├── DeadlineExceeded     timeout     the total deadline passed, wherever that was
├── ConnectionFailed     connect     no connection, no trust, or it broke off
├── ProtocolViolated     protocol    what came back is not HTTP
└── ResponseTooLarge     too_large   the body is longer than the policy reads
"""

from typing import ClassVar

from django.db.models import TextChoices

from apps.core.errors import VigilError


class FailureKind(TextChoices):
    BLOCKED = "blocked"
    TIMEOUT = "timeout"
    CONNECT = "connect"
    PROTOCOL = "protocol"
    TOO_LARGE = "too_large"


class HttpError(VigilError):
    """`sent` is False only when surely no byte of the request left this machine.

    `response_status` is the status line that had arrived before the failure, None when none had:
    a 200 whose body was too large was nevertheless accepted.
    """

    status = 502
    default_code = "external_service_error"
    title = "An external service could not be used"
    kind: ClassVar[FailureKind]

    def __init__(
        self, detail: str = "", *, sent: bool = False, response_status: int | None = None
    ) -> None:
        super().__init__(detail)
        self.sent = sent
        self.response_status = response_status


class BlockedAddress(HttpError):
    kind = FailureKind.BLOCKED
    title = "This address is not allowed"


class RequestRefused(HttpError):
    kind = FailureKind.PROTOCOL
    title = "This request may not be sent"


class DeadlineExceeded(HttpError):
    kind = FailureKind.TIMEOUT
    title = "The external service took too long"


class ConnectionFailed(HttpError):
    kind = FailureKind.CONNECT
    title = "The external service could not be reached"


class ProtocolViolated(HttpError):
    kind = FailureKind.PROTOCOL
    title = "The external service did not answer in HTTP"


class ResponseTooLarge(HttpError):
    kind = FailureKind.TOO_LARGE
    title = "The external service answered with too large a body"
