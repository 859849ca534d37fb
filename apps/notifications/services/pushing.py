"""Browsers that let themselves be told by push, and what their buttons do."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.core.errors import Conflict, Forbidden, InvalidInput, Unauthorized, Unavailable
from apps.core.http.client import default_policy
from apps.core.http.errors import BlockedAddress
from apps.core.http.types import ParsedUrl
from apps.core.locks import lock_in_order
from apps.notifications.channels.push_tokens import PushToken, read_token
from apps.notifications.channels.vapid import vapid_key
from apps.notifications.channels.web_push import NAME
from apps.notifications.engines.browsers import browser_name
from apps.notifications.engines.push.encryption import browser_keys
from apps.notifications.engines.push.endpoints import push_endpoint
from apps.notifications.models import Address, Feedback
from apps.notifications.selectors import clock_of
from apps.notifications.selectors.addresses import active_address, is_in_use
from apps.notifications.selectors.preferences import allowed_channels
from apps.notifications.services import learning, postponing, reading
from apps.notifications.services.addresses import add_address, forget_unused, remove_address
from apps.rules.services.silences import Snooze

ACTIONS = ("read", "snooze", "less")


def public_key() -> str:
    """What browsers subscribe with. Raises Unavailable (channel_unavailable) without one."""
    key = vapid_key()
    if key is None:
        raise Unavailable("Push is not set up here", code="channel_unavailable")
    return key.public


def is_offered(user: User) -> bool:
    """Whether this installation and the tier of the person's business have push."""
    return vapid_key() is not None and NAME in allowed_channels(business_of(user).limits)


def subscribe(
    user: User, endpoint: str, keys: Mapping[str, str], *, user_agent: str, now: datetime
) -> Address:
    """A browser of the person, new, renewed, or switched on again.

    `keys` are the browser's p256dh and auth in base64url. Raises Forbidden (channel_not_allowed),
    Unavailable (channel_unavailable), InvalidInput (endpoint_not_allowed, invalid_keys), and
    Conflict: endpoint_in_use for a browser in which somebody else is told, or too many browsers.
    """
    own = public_key()
    if not is_offered(user):
        raise Forbidden("Your tier does not have this channel.", code="channel_not_allowed")
    place = _checked_endpoint(endpoint)
    _check_keys(keys)
    with transaction.atomic():
        lock_in_order([f"push:{endpoint}"])
        if is_in_use(NAME, endpoint, besides=user):
            raise Conflict("Somebody else is told in this browser", code="endpoint_in_use")
        row = add_address(
            user,
            NAME,
            endpoint,
            hint=place.host,
            label=browser_name(user_agent),
            details={"p256dh": keys["p256dh"], "auth": keys["auth"], "vapid": own},
            now=now,
        )
        # Browsers come with a new address every time.
        forget_unused(user, NAME)
    return row


def unsubscribe(user: User, endpoint: str, *, now: datetime) -> None:
    """Raises NotFound for what is not this person's."""
    remove_address(user, NAME, endpoint, now=now)


def act(text: str, action: str, *, now: datetime) -> None:
    """What one of ACTIONS does, pressed on a push message that carried the token `text`.

    Raises Unauthorized (invalid_token), also once its browser is not told any more, and whatever
    the same deed raises on the page.
    """
    token = read_token(text, now=now)
    row = active_address(token.user_id, token.address_id)
    if row is None or row.channel != NAME:
        raise Unauthorized("This is not a token, or it has ended", code="invalid_token")
    _do(row.user, token, action, now=now)


def _do(user: User, token: PushToken, action: str, *, now: datetime) -> None:
    if action == "read":
        reading.mark_read(user, token.key, now=now)
    elif action == "snooze":
        clock = clock_of(user)
        postponing.postpone(user, token.key, Snooze.HOUR, clock=clock, now=now)
    else:
        _say_less(user, token.key, now=now)


def _say_less(user: User, public_id: UUID, *, now: datetime) -> None:
    learning.say(user, public_id, kind=Feedback.Kind.LESS_LIKE_THIS, now=now)


def _checked_endpoint(endpoint: str) -> ParsedUrl:
    try:
        return push_endpoint(endpoint, hosts=settings.PUSH_HOSTS, policy=default_policy())
    except BlockedAddress as error:
        raise InvalidInput(
            "This is not the address of a push service",
            code="endpoint_not_allowed",
            fields={"subscription.endpoint": f"{error.detail}."},
        ) from None


def _check_keys(keys: Mapping[str, str]) -> None:
    try:
        browser_keys(p256dh=keys["p256dh"], auth=keys["auth"])
    except ValueError:
        raise InvalidInput(
            "These are not the keys of a browser",
            code="invalid_keys",
            fields={"subscription.keys": "A point of P-256 (65 bytes) and 16 bytes, in base64url."},
        ) from None
