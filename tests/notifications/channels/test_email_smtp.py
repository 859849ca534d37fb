"""Mail over SMTP, against a real local server."""

import time
from dataclasses import replace

import pytest
from pytest_django import Settings

from apps.core.engines.circuit import Outcome
from apps.core.http import background
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear, OnUnknown, Sent
from apps.notifications.types import OffReason
from tests.core.http.conftest import Tls, tls
from tests.factories.values import NOON
from tests.notifications.channels.letters import BORIS, KEY, REF, a_message, send
from tests.notifications.channels.smtp_server import (
    Reply,
    closing,
    dripping,
    hanging,
    mail_server,
    resetting,
)

__all__ = ["tls"]

ID = f"{KEY.hex}.12@vigil.example"


def refused(settings: Settings, replies: dict[str, Reply]) -> DeliveryError:
    with mail_server(replies) as mails:
        mails.use_for(settings)
        with pytest.raises(DeliveryError) as caught:
            send("smtp")
    return caught.value


@pytest.mark.parametrize(
    ("reply", "off"),
    [
        (b"550 5.1.1 <boris@example.com> no such user", OffReason.BOUNCED),
        (b"550-5.1.1 The account\r\n550 5.1.1 does not exist", OffReason.BOUNCED),
        (b"550 5.1.10 Null MX", OffReason.BOUNCED),
        (b"550 5.2.1 Disabled", OffReason.BOUNCED),
        (b"550 5.7.1 Blocked by policy", None),
        (b"550 5.1.8 Bad sender", None),
        (b"552 5.2.2 Over quota", None),
        (b"550 Blocked", None),
    ],
)
def test_5xx_is_permanent_and_ends_the_address_only_where_the_mailbox_is_gone(
    settings: Settings, reply: bytes, off: OffReason | None
) -> None:
    error = refused(settings, {"RCPT": reply})
    assert (error.permanent, error.off) == (True, off)
    assert not error.fault.is_failure
    assert "boris" not in error.detail


def test_greylisting_is_later_and_says_nothing_of_the_server(settings: Settings) -> None:
    error = refused(settings, {"RCPT": b"451 4.7.1 Greylisted, come back later"})
    assert (error.permanent, error.off, error.code) == (False, None, "smtp_451")
    assert error.fault is Outcome.CLIENT_ERROR


def test_a_closing_server_counts_for_its_breaker(settings: Settings) -> None:
    error = refused(settings, {"": b"421 Too busy"})
    assert (error.permanent, error.fault) == (False, Outcome.SERVER_ERROR)


def test_refused_content_ends_the_mail_and_not_the_address(settings: Settings) -> None:
    error = refused(settings, {".": b"554 5.7.1 Looks like spam"})
    assert (error.permanent, error.off, error.code) == (True, None, "smtp_554")


def test_a_word_on_the_sender_never_ends_the_recipient(settings: Settings) -> None:
    assert refused(settings, {"MAIL": b"550 5.1.1 Who are you"}).off is None


def test_refused_credentials_are_no_word_on_the_mail(settings: Settings) -> None:
    settings.SMTP_USERNAME, settings.SMTP_PASSWORD = "vigil", "wrong"
    with mail_server({"AUTH": b"535 5.7.8 No"}, extensions=("AUTH PLAIN",)) as mails:
        mails.use_for(settings)
        with pytest.raises(DeliveryError) as caught:
            send("smtp")
    assert (caught.value.permanent, caught.value.code) == (False, "credentials_refused")
    assert caught.value.fault is Outcome.SERVER_ERROR


@pytest.mark.parametrize("verb", ["", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", [resetting, closing, b"garbage"])
def test_what_fails_before_the_mail_is_taken_is_surely_not_delivered(
    settings: Settings, verb: str, fault: Reply
) -> None:
    assert not refused(settings, {verb: fault}).permanent


@pytest.mark.parametrize("fault", [hanging, dripping])
def test_a_slow_server_is_cut_off_by_one_total_deadline(settings: Settings, fault: Reply) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.5
    began = time.monotonic()
    error = refused(settings, {"RCPT": fault})
    assert (error.permanent, error.fault) == (False, Outcome.TIMEOUT)
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize("fault", [hanging, dripping, resetting, closing, b"garbage"])
def test_without_an_answer_to_the_mail_nobody_knows(settings: Settings, fault: Reply) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.5
    with mail_server({".": fault}) as mails:
        mails.use_for(settings)
        with pytest.raises(DeliveryUnclear):
            send("smtp")
    assert len(mails.raw) == 1


def test_nobody_listening_is_later(settings: Settings) -> None:
    with mail_server() as mails:
        mails.use_for(settings)
    with pytest.raises(DeliveryError) as caught:
        send("smtp")
    assert (caught.value.permanent, caught.value.fault) == (False, Outcome.CONNECT)


def test_starttls_is_insisted_on(settings: Settings) -> None:
    with mail_server() as mails:
        mails.use_for(settings)
        settings.SMTP_SECURITY = "starttls"
        with pytest.raises(DeliveryError) as caught:
            send("smtp")
    assert caught.value.code == "tls_not_offered"
    assert mails.said[-1:] == ["QUIT"]


def test_a_server_nobody_vouches_for_gets_nothing(settings: Settings, tls: Tls) -> None:
    with mail_server(extensions=("STARTTLS",)) as mails:
        mails.use_for(settings)
        mails.tls = tls.server
        settings.SMTP_SECURITY = "starttls"
        with pytest.raises(DeliveryError) as caught:
            send("smtp")
    assert (caught.value.permanent, caught.value.code) == (False, "tls_failed")
    assert mails.raw == []


def test_the_bounce_brings_the_attempt_back(settings: Settings) -> None:
    settings.SMTP_BOUNCE_EMAIL = "bounces@vigil.example"
    with mail_server(extensions=("DSN",)) as mails:
        mails.use_for(settings)
        send("smtp")
    mail, rcpt = mails.said[1:3]
    assert mail.startswith("mail FROM:<bounces@vigil.example>")
    assert f"ENVID={REF}" in mail
    assert rcpt.endswith("NOTIFY=FAILURE,DELAY ORCPT=rfc822;boris@example.com")


def test_a_repeated_mail_has_the_same_message_id(settings: Settings) -> None:
    with mail_server() as mails:
        mails.use_for(settings)
        receipt = send("smtp")
        send("smtp", ref=KEY)
        send("smtp", to=replace(BORIS, address_id=13))
    first, second, elsewhere = (mail["Message-ID"] for mail in mails.taken)
    assert first == second == f"<{ID}>"
    assert elsewhere != first
    assert receipt.provider_message_id == ID


def test_a_line_of_a_dot_does_not_end_the_mail(settings: Settings) -> None:
    with mail_server() as mails:
        mails.use_for(settings)
        send("smtp", body="one\n.\n..two\nthree")
    body = mails.taken[0].get_body(("plain",))
    assert body is not None
    assert "one\r\n.\r\n..two\r\nthree" in body.get_content()


def test_only_what_is_configured_is_asked_in_the_order_that_is_set(settings: Settings) -> None:
    email = CHANNELS.get("email")
    assert email.providers(BORIS) == ()
    settings.SMTP_FROM_EMAIL, settings.SMTP_HOST = "news@vigil.example", "mx.test"
    assert email.providers(BORIS) == ("smtp",)
    settings.SENDGRID_API_KEY = "SG.x"
    assert email.providers(BORIS) == ("smtp", "sendgrid:main")
    settings.EMAIL_PROVIDERS = ["sendgrid:main", "smtp", "pigeon"]
    assert email.providers(BORIS) == ("sendgrid:main", "smtp")
    settings.SMTP_FROM_EMAIL = ""
    assert email.providers(BORIS) == ()


def test_what_is_not_configured_any_more_sends_nothing(settings: Settings) -> None:
    with pytest.raises(DeliveryError) as caught:
        send("smtp")
    assert (caught.value.permanent, caught.value.code) == (False, "channel_unavailable")


def test_an_unclear_mail_is_sent_again_over_smtp_and_asked_for_at_sendgrid() -> None:
    email, sent = CHANNELS.get("email"), Sent(ref=REF, started_at=NOON, message=a_message())
    assert (email.on_unknown, email.grace_seconds) == (OnUnknown.RECONCILE, 120)
    looking = email.look_up(sent, BORIS, "smtp")
    assert background.run(looking, timeout_seconds=5) is None
    with pytest.raises(DeliveryUnclear):
        background.run(email.look_up(sent, BORIS, "sendgrid:main"), timeout_seconds=5)
