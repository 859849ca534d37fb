"""Twilio's calls: what became of a message, and what a phone sends us. Signed, as forms.

A call that is genuine and understood is 2xx once it is committed; Twilio repeats any other.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.core import hints
from apps.core.errors import (
    InvalidInput,
    TooLarge,
    Unauthorized,
    UnsupportedMediaType,
)
from apps.notifications.api.callbacks.answering import callback
from apps.notifications.channels.twilio.answers import twiml
from apps.notifications.channels.twilio.failures import OFF, UNSUBSCRIBED
from apps.notifications.channels.twilio.signatures import is_genuine
from apps.notifications.engines.phone_words import HELP
from apps.notifications.engines.twilio_reports import (
    UnknownStatus,
    channel_and_number,
    is_message_id,
    report_of,
)
from apps.notifications.services import callbacks, inbound_texts

Form = Mapping[str, str]
_FORM_TYPE: Final = "application/x-www-form-urlencoded"


@callback
def status(request: HttpRequest, ref: UUID) -> HttpResponse:
    form, now = _genuine(request), timezone.now()
    try:
        told = report_of(form, ref=ref, at=now, gone=OFF, stopped=UNSUBSCRIBED)
    except UnknownStatus as error:
        raise InvalidInput(str(error)) from None
    if told.unsubscribes:
        channel, number = channel_and_number(form.get("To", ""))
        inbound_texts.unsubscribe(channel, number, now=now)
    if callbacks.take("twilio", [told.report], now=now):
        hints.poke("deliver")
    return HttpResponse(status=204)


@callback
def inbound(request: HttpRequest) -> HttpResponse:
    form = _genuine(request)
    message_id, sender = form.get("MessageSid", ""), form.get("From", "")
    if not is_message_id(message_id) or not sender:
        raise InvalidInput("MessageSid and From are needed")
    channel, number = channel_and_number(sender)
    text = inbound_texts.Text(
        message_id=message_id,
        channel=channel,
        number=number,
        body=form.get("Body", ""),
        opt_out_type=form.get("OptOutType", ""),
    )
    word = inbound_texts.hear(text, now=timezone.now())
    # What Twilio read itself it has answered.
    answer = _help() if word == HELP and not text.opt_out_type else ""
    return HttpResponse(twiml(answer), content_type="text/xml; charset=utf-8")


def _help() -> str:
    page = f"{settings.PUBLIC_URL.rstrip('/')}/preferences/"
    return f"Vigil tells you what matters. STOP ends these messages, START resumes them. {page}"


def _genuine(request: HttpRequest) -> Form:
    """The form of a signed POST, one value a name."""
    if request.content_type != _FORM_TYPE:
        raise UnsupportedMediaType("Twilio posts forms")
    try:
        values = dict(request.POST.lists())
    except RequestDataTooBig:
        raise TooLarge from None
    except (BadRequest, UnicodeError, ValueError):
        raise InvalidInput("This is no form", code="bad_request", status=400) from None
    signature = request.headers.get("X-Twilio-Signature", "")
    if not is_genuine(request.get_full_path(), values, signature):
        raise Unauthorized("The signature is not Twilio's", code="invalid_signature")
    return {name: each[-1] for name, each in values.items()}
