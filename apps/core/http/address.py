"""Which URLs and addresses may be asked at all. Pure: no settings, no look-up.

`ipaddress.is_global` alone is no guard: it accepts NAT64, 6to4, Teredo and IPv4-compatible forms
of 127.0.0.1, site-local and multicast addresses, so those networks are listed here.
"""

import ipaddress
import re
from typing import TypeAlias
from urllib.parse import SplitResult, quote, urlsplit

import idna

from apps.core.http.errors import BlockedAddress
from apps.core.http.types import MAX_URL_CHARACTERS, ParsedUrl, Policy

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_FORBIDDEN_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)
_DEFAULT_PORTS = {"https": 443, "http": 80}
_FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")
_SAFE_IN_TARGET = "!$%&'()*+,-./:;=?@_~"


def check_address(ip: str) -> None:
    """Raise BlockedAddress unless `ip` is a public unicast address, whatever the settings say."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError as error:
        raise BlockedAddress("This is not an IP address") from error
    if not _is_public(address):
        raise BlockedAddress("This address is not public")


def check_url(url: str, *, policy: Policy) -> ParsedUrl:
    """The parts of `url`, or BlockedAddress. A name is not resolved here: the client does that."""
    parts = _split(url)
    if parts.scheme not in ("https", *(("http",) if policy.allow_http else ())):
        raise BlockedAddress("The scheme of this URL is not allowed")
    host = _canonical_host(parts)
    parsed = ParsedUrl(
        scheme=parts.scheme,
        host=host,
        port=_port(parts),
        path=quote(parts.path, safe=_SAFE_IN_TARGET) or "/",
        query=quote(parts.query, safe=_SAFE_IN_TARGET),
        literal=_as_literal(host) is not None,
    )
    if parsed.origin not in policy.allow_private:
        _require_public(parsed, policy)
    return parsed


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id is not None:
        return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in _FORBIDDEN_NETWORKS)


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL_CHARACTERS:
        raise BlockedAddress(f"A URL may have {MAX_URL_CHARACTERS} characters")
    if _FORBIDDEN_CHARACTERS.search(url):
        raise BlockedAddress("The URL contains a space, a control character or a backslash")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BlockedAddress("This is not a URL") from error
    if "@" in parts.netloc:
        raise BlockedAddress("A URL may not carry a user name")
    return parts


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise BlockedAddress("The port of this URL is not a number up to 65535") from error
    return _DEFAULT_PORTS[parts.scheme] if port is None else port


def _canonical_host(parts: SplitResult) -> str:
    """Lower-case ASCII; what a resolver might read as an address is an exact literal or refused."""
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        return _canonical_ipv6(host)
    if not host.isascii():
        host = _to_ascii(host)
    labels = host.split(".")
    if _NUMERIC_LABEL.fullmatch(labels[-1]):
        if _as_literal(host) is None:
            raise BlockedAddress("This host is a number, not a name")
        return host
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BlockedAddress("This is not a host name")
    return host


def _canonical_ipv6(host: str) -> str:
    try:
        return str(ipaddress.IPv6Address(host))
    except ValueError as error:
        raise BlockedAddress("This is not an IPv6 address") from error


def _to_ascii(host: str) -> str:
    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise BlockedAddress("This is not a host name") from error


def _as_literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _require_public(parsed: ParsedUrl, policy: Policy) -> None:
    if parsed.port != 443 and parsed.port not in policy.extra_ports:
        raise BlockedAddress("The port of this URL is not allowed")
    if parsed.literal:
        check_address(parsed.host)
    elif "." not in parsed.host or parsed.host.endswith(_LOCAL_SUFFIXES):
        raise BlockedAddress("This name is not a public one")
