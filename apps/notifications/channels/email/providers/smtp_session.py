"""One connection, one mail, step by step, so that it is always known how far it came.

connect ─► EHLO ─► STARTTLS ─► AUTH ─► MAIL ─► RCPT ─► DATA ─► the mail ─► "." ─► 250
└────────────── fails here: surely not delivered ─────────────────┘  └─ nobody knows ─┘
"""

import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from typing import NoReturn
from urllib.parse import urlsplit

from django.conf import settings

from apps.core.engines.circuit import Outcome
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear, Receipt
from apps.notifications.channels.email.letters import Letter
from apps.notifications.channels.email.providers.smtp_answers import Stage, refusal
from apps.notifications.engines.mail_ids import kept_id

_READY, _OK, _GO_ON = 220, range(200, 300), 354
_LEADING_DOT = re.compile(rb"(?m)^\.")


class _Plain(smtplib.SMTP):
    """Connects when told to, so that it can be aborted meanwhile; TLS checks this name then."""

    _host = property(lambda self: settings.SMTP_HOST, lambda self, value: None)


class _Tls(smtplib.SMTP_SSL):
    _host = property(lambda self: settings.SMTP_HOST, lambda self, value: None)


class SmtpSession:
    """For one mail and one thread; `abort` alone may be called from another."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._aborted = False
        self._committed = False
        self._ends_at = 0.0

    def run(self, letter: Letter, *, deadline_seconds: float) -> Receipt:
        self._ends_at = time.monotonic() + deadline_seconds
        try:
            return self._deliver(letter)
        except (DeliveryError, DeliveryUnclear):
            raise
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._broken_off(error)
        finally:
            self._close()

    def abort(self) -> bool:
        self._aborted = True
        sock = getattr(self._smtp, "sock", None)
        if sock is not None:
            # Not TLS's own shutdown, which would wait for the other side.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        return self._committed

    def _deliver(self, letter: Letter) -> Receipt:
        self._connect()
        self._introduce()
        self._address(letter)
        self._expect((_GO_ON,), Stage.DATA, self._now().docmd("DATA"))
        self._now().send(_LEADING_DOT.sub(b"..", letter.as_bytes()))
        smtp = self._now()
        self._committed = True
        if self._aborted:
            raise TimeoutError
        smtp.send(b".\r\n")
        code, text = smtp.getreply()
        if not 200 <= code < 600:
            raise DeliveryUnclear("Its answer to the mail is not SMTP", fault=Outcome.SERVER_ERROR)
        self._expect(_OK, Stage.CONTENT, (code, text))
        return Receipt(provider_message_id=kept_id(letter.message_id))

    def _connect(self) -> None:
        name = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        if settings.SMTP_SECURITY == "tls":
            self._smtp = _Tls(local_hostname=name, timeout=self._left(), context=_trust())
        else:
            self._smtp = _Plain(local_hostname=name, timeout=self._left())
        answer = self._smtp.connect(settings.SMTP_HOST, settings.SMTP_PORT)
        self._expect((_READY,), Stage.GREETING, answer)

    def _introduce(self) -> None:
        self._now().ehlo_or_helo_if_needed()
        if settings.SMTP_SECURITY == "starttls":
            if not self._now().has_extn("starttls"):
                raise DeliveryError(
                    "The mail server offers no STARTTLS",
                    permanent=False,
                    fault=Outcome.SERVER_ERROR,
                    code="tls_not_offered",
                )
            self._now().starttls(context=_trust())
            self._now().ehlo_or_helo_if_needed()
        if settings.SMTP_USERNAME:
            self._now().login(settings.SMTP_USERNAME, settings.SMTP_PASSWORD)

    def _address(self, letter: Letter) -> None:
        """With the attempt's id as the envelope's (RFC 3461), which a bounce brings back."""
        notify = self._now().has_extn("dsn")
        to = letter.to.addr_spec
        mail = [f"ENVID={letter.ref}", "RET=HDRS"] if notify else []
        rcpt = ["NOTIFY=FAILURE,DELAY", f"ORCPT=rfc822;{_xtext(to)}"] if notify else []
        sender = settings.SMTP_BOUNCE_EMAIL or letter.sender.addr_spec
        self._expect(_OK, Stage.MAIL, self._now().mail(sender, mail))
        self._expect(_OK, Stage.RCPT, self._now().rcpt(to, rcpt))

    def _expect(
        self, codes: range | tuple[int, ...], stage: Stage, answer: tuple[int, bytes]
    ) -> None:
        code, text = answer
        if code not in codes:
            raise refusal(code, text, stage)

    def _now(self) -> smtplib.SMTP:
        """The connection for one more step, which has what is left of the time."""
        if self._aborted or self._smtp is None:
            raise TimeoutError
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(self._left())
        return self._smtp

    def _left(self) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _broken_off(self, error: Exception) -> NoReturn:
        # smtplib calls a time-out a lost connection.
        late = isinstance(error, TimeoutError) or time.monotonic() >= self._ends_at
        fault = Outcome.TIMEOUT if late else Outcome.CONNECT
        if self._committed:
            raise DeliveryUnclear("No answer to the mail", fault=fault) from error
        if isinstance(error, smtplib.SMTPResponseException):
            text = error.smtp_error
            told = text.encode() if isinstance(text, str) else text
            raise refusal(error.smtp_code, told, _stage_of(error)) from error
        code = "tls_failed" if isinstance(error, ssl.SSLError) else fault.value
        raise DeliveryError(
            f"The mail server could not be spoken to ({type(error).__name__})",
            permanent=False,
            fault=fault,
            code=code,
        ) from error

    def _close(self) -> None:
        """Without waiting for an answer to QUIT: it is of no use any more."""
        if self._smtp is not None and self._smtp.sock is not None:
            with suppress(OSError, smtplib.SMTPException):
                if not self._aborted:
                    self._smtp.putcmd("QUIT")
            self._smtp.close()


def _stage_of(error: smtplib.SMTPResponseException) -> Stage:
    refused = isinstance(error, smtplib.SMTPAuthenticationError)
    return Stage.AUTH if refused else Stage.GREETING


def _trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.SMTP_CA_FILE or None)


def _xtext(address: str) -> str:
    """RFC 3461 §4."""
    return "".join(
        char if "!" <= char <= "~" and char not in "+=" else f"+{ord(char):02X}" for char in address
    )
