"""Which URLs a hook may have: asked when it is added, and again at every send.

The names behind them are looked up, and their addresses judged, by the HTTP client alone.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings

from apps.core.errors import InvalidInput
from apps.core.http.address import check_url
from apps.core.http.client import default_policy
from apps.core.http.errors import BlockedAddress
from apps.core.http.types import MAX_URL_CHARACTERS, ParsedUrl
from apps.notifications.channels.base import DeliveryError
from apps.notifications.types.choices import SLACK, TEAMS, WEBHOOK


def check_hook_url(channel: str, url: str) -> ParsedUrl:
    """The parts of `url`. Raises InvalidInput: `url_too_long`, `https_required`, `host_not_allowed`
    or, for what no request may be sent to, `endpoint_not_allowed`.
    """
    policy = default_policy()
    if len(url) > MAX_URL_CHARACTERS:
        raise _bad("url_too_long", f"A URL may have {MAX_URL_CHARACTERS} characters.")
    if not policy.allow_http and _scheme(url) != "https":
        raise _bad("https_required", "Only https:// addresses are allowed.")
    try:
        parsed = check_url(url, policy=policy)
    except BlockedAddress as error:
        raise _bad("endpoint_not_allowed", f"{error.detail}.") from None
    _check_host(channel, parsed)
    return parsed


def allowed(channel: str, url: str) -> ParsedUrl:
    """The same for a send: what is not allowed (any more) will never be delivered."""
    try:
        return check_hook_url(channel, url)
    except InvalidInput as error:
        reason = error.fields["url"]
        raise DeliveryError(reason, permanent=True, code="address_not_allowed") from None


def _scheme(url: str) -> str:
    """What stands before the first colon, in lower case."""
    return url.partition(":")[0].lower()


def _check_host(channel: str, url: ParsedUrl) -> None:
    if channel == WEBHOOK:
        _check_other(url)
    elif channel == SLACK:
        if not _among(url, settings.SLACK_HOOK_HOSTS) or not url.path.startswith("/services/"):
            raise _bad("host_not_allowed", "This is not the URL of an incoming webhook of Slack.")
    elif not _among(url, settings.TEAMS_HOOK_HOSTS):
        raise _bad("host_not_allowed", "This is not the URL of a workflow of Teams.")


def _check_other(url: ParsedUrl) -> None:
    """Not us, which would be a loop, and nobody whose messages have a form of their own."""
    own = urlsplit(settings.PUBLIC_URL)
    if (url.host, url.port) == (own.hostname, own.port or (443 if own.scheme == "https" else 80)):
        raise _bad("host_not_allowed", "This is Vigil's own address.")
    for channel, hosts in ((SLACK, settings.SLACK_HOOK_HOSTS), (TEAMS, settings.TEAMS_HOOK_HOSTS)):
        if _among(url, hosts):
            raise _bad("host_not_allowed", f"Add this address as {channel}, not as webhook.")


def _among(url: ParsedUrl, hosts: Sequence[str]) -> bool:
    """Exact hosts, "host:port" of tests and private networks, or ".example" for names below it."""
    return any(
        url.host.endswith(host) if host.startswith(".") else host in (url.host, url.origin)
        for host in hosts
    )


def _bad(code: str, reason: str) -> InvalidInput:
    return InvalidInput("This URL cannot be used", code=code, fields={"url": reason})
