"""Every error a caller can meet, with its code, its number and whether trying again helps.

    VigilError
    ├── InvalidInput             400/422   the request itself is wrong
    │   └── InvalidDocument      400/422   the JSON is wrong (see apps.core.strictjson)
    ├── Unauthorized             401       who are you
    ├── Forbidden                403       4031, 4032, 4033: you may not
    ├── NotFound                 404
    ├── MethodNotAllowed         405
    ├── NotAcceptable            406
    ├── RequestTimeout           408
    ├── Conflict                 409
    ├── LengthRequired           411
    ├── PreconditionFailed       412       somebody was faster: read again
    ├── TooLarge                 413
    ├── UnsupportedMediaType     415
    ├── RateLimited              429       try again after `retry_after` seconds
    └── Unavailable              503       5031, 5032, 5033: try again after `retry_after` seconds

Codes are the seeds' own: the numbers 4001 … 5033 of the notification specification, the words of
the task specification (`unauthorized`, `rate_limit_exceeded`, …). Nothing here names a person.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

# Code word → the number a seed gave it. A word without a number has none in the seeds.
NUMBERS: Mapping[str, int] = {
    "invalid_rule": 4001,
    "invalid_sensor_data": 4002,
    "missing_preferences": 4003,
    "tier_limit_exceeded": 4031,
    "channel_not_allowed": 4032,
    "quiet_hours_active": 4033,
    "delivery_failed": 5001,
    "channel_unavailable": 5002,
    "external_service_error": 5003,
    "worker_overloaded": 5031,
    "queue_full": 5032,
    "database_error": 5033,
}


class VigilError(Exception):
    """An anticipated failure: rendered as problem+json, never as a stack trace.

    `fields` maps an input's name to what is wrong with it; `retry_after` is in seconds.
    """

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        status: int | None = None,
        fields: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.code = code or self.default_code
        self.status_code = status or self.status
        self.fields = dict(fields or {})
        self.retry_after = retry_after

    @property
    def number(self) -> int | None:
        return NUMBERS.get(self.code)

    def problem(self, request_id: str = "") -> dict[str, Any]:
        """The RFC 9457 body of this error."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status_code,
            "detail": self.detail,
            "code": self.code,
        }
        if self.number is not None:
            body["number"] = self.number
        if self.fields:
            body["fields"] = self.fields
        if request_id:
            body["request_id"] = request_id
        return body


class InvalidInput(VigilError):
    status = 422
    default_code = "invalid_input"
    title = "The request is not valid"


class InvalidDocument(InvalidInput):
    status = 400
    default_code = "invalid_json"
    title = "The body is not valid JSON"


class Unauthorized(VigilError):
    status = 401
    default_code = "unauthorized"
    title = "Authentication is required"


class Forbidden(VigilError):
    status = 403
    default_code = "forbidden"
    title = "This is not allowed"


class NotFound(VigilError):
    status = 404
    default_code = "not_found"
    title = "There is no such thing here"


class MethodNotAllowed(VigilError):
    status = 405
    default_code = "method_not_allowed"
    title = "This method is not allowed here"


class NotAcceptable(VigilError):
    status = 406
    default_code = "not_acceptable"
    title = "Only JSON can be answered here"


class RequestTimeout(VigilError):
    status = 408
    default_code = "request_timeout"
    title = "The request took too long to arrive"


class Conflict(VigilError):
    status = 409
    default_code = "conflict"
    title = "This contradicts what is already known"


class LengthRequired(VigilError):
    status = 411
    default_code = "length_required"
    title = "The length of the body must be said"


class PreconditionFailed(VigilError):
    status = 412
    default_code = "precondition_failed"
    title = "This has changed since it was read"


class TooLarge(VigilError):
    status = 413
    default_code = "payload_too_large"
    title = "The body is too large"


class UnsupportedMediaType(VigilError):
    status = 415
    default_code = "unsupported_media_type"
    title = "Only application/json in UTF-8 is accepted"


class RateLimited(VigilError):
    status = 429
    default_code = "rate_limit_exceeded"
    title = "Too many requests"


class Unavailable(VigilError):
    status = 503
    default_code = "service_unavailable"
    title = "Not now, try again later"
