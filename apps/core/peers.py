"""From which address a request came: X-Forwarded-For counts only as far as our own proxies go."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    peer = str(request.META.get("REMOTE_ADDR", ""))
    return behind_proxies(peer, request.headers.get("X-Forwarded-For", ""))


def behind_proxies(peer: str, forwarded: str) -> str:
    """The hop that the outermost of TRUSTED_PROXY_COUNT proxies saw; `peer` without any."""
    proxies: int = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return hops[-proxies] if proxies and len(hops) >= proxies else peer
