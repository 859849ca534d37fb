"""From which address a request came."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The peer's; X-Forwarded-For counts only as far as TRUSTED_PROXY_COUNT proxies of ours go."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    hops = [hop.strip() for hop in forwarded if hop.strip()]
    return hops[-proxies] if proxies and len(hops) >= proxies else peer
