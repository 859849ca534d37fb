"""A mail server on a local port, well or ill.

    with mail_server({"RCPT": b"550 5.1.1 No such user"}) as mails:
        …                                # mails.port; mails.taken are the mails it took

`replies` are said instead of the usual answers, by verb; "." is the end of a mail, "" the greeting.
A reply may be a function, which does with the connection what it likes.
"""

import socket
import ssl
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import BinaryIO, cast

from pytest_django import Settings

from tests.core.http.servers import Server, serving

Reply = bytes | Callable[["Talk"], None]

_USUAL: Mapping[str, bytes] = {
    "": b"220 mx.test ready",
    "MAIL": b"250 2.1.0 OK",
    "RCPT": b"250 2.1.5 OK",
    "DATA": b"354 Go on",
    ".": b"250 2.0.0 Queued",
    "STARTTLS": b"220 Go on",
    "AUTH": b"235 2.7.0 Welcome",
    "RSET": b"250 OK",
    "QUIT": b"221 Bye",
}


@dataclass
class Talk:
    """One connection: what was said, and the means to misbehave."""

    connection: socket.socket
    server: Server

    def wait(self, seconds: float = 30.0) -> None:
        self.server.stopping.wait(seconds)

    def drip(self, start: bytes) -> None:
        """A reply that never ends, 20 ms a byte."""
        self.connection.sendall(start)
        while not self.server.stopping.wait(0.02):
            self.connection.sendall(b"x")

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def close(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)


def hanging(talk: Talk) -> None:
    talk.wait()


def dripping(talk: Talk) -> None:
    talk.drip(b"250-")


def resetting(talk: Talk) -> None:
    talk.reset()


def closing(talk: Talk) -> None:
    talk.close()


class Mails:
    """`raw` are mails as they came (dots undone), `said` every command line."""

    def __init__(self, replies: Mapping[str, Reply], extensions: tuple[str, ...]) -> None:
        self.replies = replies
        self.extensions = extensions
        self.raw: list[bytes] = []
        self.said: list[str] = []
        self.port = 0
        self.tls: ssl.SSLContext | None = None

    @property
    def taken(self) -> list[EmailMessage]:
        return [cast("EmailMessage", message_from_bytes(raw, policy=default)) for raw in self.raw]

    def use_for(self, settings: Settings) -> None:
        settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", self.port
        settings.SMTP_SECURITY = "none"
        settings.SMTP_FROM_EMAIL = "news@vigil.example"

    def serve(self, connection: socket.socket, server: Server) -> None:
        talk, lines = Talk(connection, server), connection.makefile("rb")
        if not self._answer(talk, ""):
            return
        while line := lines.readline():
            verb = line.split()[0].decode().upper() if line.split() else "?"
            self.said.append(line.decode().strip())
            if verb == "EHLO":
                more = [f"250-{name}" for name in self.extensions]
                connection.sendall("\r\n".join(["250-mx.test", *more, "250 HELP", ""]).encode())
            elif not self._answer(talk, verb) or verb == "QUIT":
                return
            elif verb == "STARTTLS" and self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
                talk, lines = Talk(connection, server), connection.makefile("rb")
            elif verb == "DATA" and "DATA" not in self.replies:
                self.raw.append(_mail(lines))
                if not self._answer(talk, "."):
                    return

    def _answer(self, talk: Talk, verb: str) -> bool:
        reply = self.replies.get(verb, _USUAL.get(verb, b"500 What?"))
        if isinstance(reply, bytes):
            talk.connection.sendall(reply + b"\r\n")
            return True
        reply(talk)
        return False


@contextmanager
def mail_server(
    replies: Mapping[str, Reply] | None = None, *, extensions: tuple[str, ...] = ()
) -> Iterator[Mails]:
    mails = Mails(replies or {}, extensions)
    with serving(mails.serve) as server:
        mails.port = server.port
        yield mails


def _mail(lines: BinaryIO) -> bytes:
    raw = b""
    while (line := lines.readline()) not in (b".\r\n", b""):
        raw += line[1:] if line.startswith(b"..") else line
    return raw
