"""The values of an outgoing request. Frozen; no settings, no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_URL_CHARACTERS = 2_000
MAX_BODY_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may be reached beyond public https on port 443.

    `allow_private` holds exact "host:port" entries ("[::1]:8000" for IPv6): such a host needs no
    public address, no dotted name and no listed port. `allow_http` permits the scheme, not a port:
    plain http to the public needs 80 in `extra_ports` as well. `connections_per_host` are as many
    requests as one host gets at the same time; further ones wait, within their deadlines.
    """

    allow_private: frozenset[str] = frozenset()
    allow_http: bool = False
    extra_ports: frozenset[int] = frozenset()
    max_body_bytes: int = MAX_BODY_BYTES
    connections_per_host: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedUrl:
    """A URL that passed `check_url`. `host` is lower case and ASCII, an IPv6 literal unbracketed.

    `path` and `query` are percent-encoded; `literal` tells that the host is itself an address.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""
    literal: bool = False

    @property
    def origin(self) -> str:
        """ "host:port" as `Policy.allow_private` writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Host, Content-Length and the connection's own headers are the client's to write."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Any status, redirects included. Header names are lower case, repeated ones joined by ", ".

    `body` is as it came over the wire: a Content-Encoding is not undone.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_seconds: float
