"""Mail through SendGrid: the vendor's SDK over our one HTTP client.

The SDK writes the request. On its own it would wait for ever, follow redirects with the key, and
read an answer of any size; the guarded client stands where its opener would.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings

from apps.core.engines.circuit import Outcome
from apps.core.errors import VigilError
from apps.core.http import background
from apps.core.http.types import Request, Response
from apps.core.strictjson import loads
from apps.notifications.channels.base import DeliveryError, Receipt
from apps.notifications.channels.email.letters import Letter
from apps.notifications.channels.email.providers.base import MailErrand
from apps.notifications.channels.posting import post, refused
from apps.notifications.types import OffReason

if TYPE_CHECKING:
    import urllib.request

_PASSED_ON = ("Authorization", "Accept", "Content-Type")
_RECIPIENT_FIELD = "personalizations.0.to.0.email"
_CREDENTIALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
# What the background loop may be late by.
_GRACE_SECONDS = 0.4


class SendGridProvider:
    def configured(self) -> bool:
        return bool(settings.SENDGRID_API_KEY)

    def errand(self) -> MailErrand:
        return SendGridErrand()


class SendGridErrand:
    def run(self, letter: Letter, *, deadline_seconds: float) -> Receipt:
        response = _send(_document(letter), deadline_seconds)
        error = _refused(response)
        if error is not None:
            raise error
        return Receipt(provider_message_id=response.headers.get("x-message-id", ""))

    def abort(self) -> bool:
        """The request may be anywhere."""
        return True


def _document(letter: Letter) -> dict[str, Any]:
    from sendgrid.helpers import mail as parts

    mail = parts.Mail(
        from_email=parts.Email(letter.sender.addr_spec, letter.sender.display_name or None),
        to_emails=parts.To(letter.to.addr_spec),
        subject=letter.subject,
        plain_text_content=letter.text,
        html_content=letter.html,
    )
    if letter.reply_to:
        mail.reply_to = parts.ReplyTo(letter.reply_to)
    for name, value in letter.headers.items():
        mail.header = parts.Header(name, value)
    mail.custom_arg = parts.CustomArg("ref", str(letter.ref))
    # Ours is asked of people and off by default; the account's own would be asked of nobody.
    mail.tracking_settings = parts.TrackingSettings(
        click_tracking=parts.ClickTracking(enable=False, enable_text=False),
        open_tracking=parts.OpenTracking(enable=False),
        subscription_tracking=parts.SubscriptionTracking(enable=False),
    )
    return cast("dict[str, Any]", mail.get())


def _send(document: dict[str, Any], deadline_seconds: float) -> Response:
    from python_http_client import Client
    from sendgrid import SendGridAPIClient

    answers: list[Response] = []

    class GuardedClient(Client):  # type: ignore[misc]  # the SDK carries no types
        """The SDK's way out, made here because the vendor's package is imported here."""

        def _build_client(self, name: str | None = None) -> "GuardedClient":
            return _guarded([*self._url_path, name] if name else self._url_path)

        def _make_request(
            self, opener: object, request: "urllib.request.Request", timeout: object = None
        ) -> _Answer:
            answers.append(_through_guarded_client(request, deadline_seconds))
            return _Answer(answers[-1])

    api = SendGridAPIClient(settings.SENDGRID_API_KEY, host=settings.SENDGRID_HOST)

    def _guarded(path: list[str]) -> GuardedClient:
        headers = api.client.request_headers
        return GuardedClient(api.host, request_headers=headers, version=3, url_path=path)

    api.client = _guarded([])
    api.send(document)
    return answers[-1]


class _Answer:
    """What the SDK reads of urllib's. It looks at no status: `_refused` does."""

    def __init__(self, response: Response) -> None:
        self._response = response

    def getcode(self) -> int:
        return self._response.status

    def read(self) -> bytes:
        return self._response.body

    def info(self) -> Mapping[str, str]:
        return self._response.headers


def _through_guarded_client(request: "urllib.request.Request", deadline_seconds: float) -> Response:
    headers = {name.title(): value for name, value in request.header_items()}
    return background.run(
        post(
            Request(
                method=request.get_method(),
                url=request.full_url,
                headers={name: headers[name] for name in _PASSED_ON if name in headers},
                body=cast("bytes", request.data or b""),
            )
        ),
        timeout_seconds=deadline_seconds + _GRACE_SECONDS,
    )


def _refused(response: Response) -> DeliveryError | None:
    error = refused(response)
    if error is None:
        return None
    if response.status in _CREDENTIALS:
        # It says nothing of the mail, and an operator will mend it.
        return DeliveryError(
            error.detail,
            permanent=False,
            fault=Outcome.SERVER_ERROR,
            code="credentials_refused",
        )
    if response.status == HTTPStatus.BAD_REQUEST and _RECIPIENT_FIELD in _fields(response.body):
        return DeliveryError(
            error.detail, permanent=True, off=OffReason.INVALID, code="invalid_address"
        )
    return error


def _fields(body: bytes) -> set[str]:
    """Of `{"errors": [{"message", "field", "help"}]}`."""
    try:
        document = loads(body)
    except VigilError:
        return set()
    errors = document.get("errors") if isinstance(document, dict) else None
    found = errors if isinstance(errors, list) else []
    return {str(error.get("field")) for error in found if isinstance(error, dict)}
