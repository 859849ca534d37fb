"""Where a browser says it is reached, and whether that is a push service at all."""

from collections.abc import Collection

from apps.core.http.address import check_url
from apps.core.http.errors import BlockedAddress
from apps.core.http.types import ParsedUrl, Policy

_DEFAULT_PORTS = {"https": 443, "http": 80}


def push_endpoint(url: str, *, hosts: Collection[str], policy: Policy) -> ParsedUrl:
    """Its parts. `hosts` are exact names, or "*.name" for every host below one.

    Raises BlockedAddress for anything else.
    """
    if not url.isascii():
        raise BlockedAddress("The address of a push service is written in ASCII")
    parsed = check_url(url, policy=policy)
    if not any(_is_of(parsed.host, entry) for entry in hosts):
        raise BlockedAddress("This is not the address of a push service")
    return parsed


def origin_of(endpoint: ParsedUrl) -> str:
    """`https://host`, with a port only where it is not the usual one (RFC 6454)."""
    usual = endpoint.port == _DEFAULT_PORTS[endpoint.scheme]
    place = endpoint.origin.rpartition(":")[0] if usual else endpoint.origin
    return f"{endpoint.scheme}://{place}"


def _is_of(host: str, entry: str) -> bool:
    wanted = entry.strip().lower()
    return host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted
