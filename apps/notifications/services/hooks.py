"""A person's hooks: added, given a new secret, switched on again, taken away. All audited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core.errors import Conflict, InvalidInput
from apps.core.http.types import ParsedUrl
from apps.core.signing import Scheme, generate_secret
from apps.notifications.channels.hook_urls import check_hook_url
from apps.notifications.engines.hook_secrets import first_secret, rotated
from apps.notifications.models import Address
from apps.notifications.models.address import address_index
from apps.notifications.selectors.hooks import hook_of, hooks_of
from apps.notifications.services.addresses import add_address, switch_on
from apps.notifications.types import OffReason
from apps.notifications.types.choices import HOOKS, WEBHOOK

# Of a short URL nothing but its host is shown, of a long one its end besides.
_SHOWN_END, _LONG = 4, 20
_HINT_HOST_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A hook and, of a webhook, the secret it signs with from now on: shown this once."""

    hook: Address
    secret: str


def add(user: User, channel: str, url: str, *, label: str, now: datetime) -> Secret:
    """Raises InvalidInput for what the channel cannot post to, Conflict for one they have."""
    if channel not in HOOKS:
        raise InvalidInput("No such kind of hook", fields={"channel": "webhook, slack or teams."})
    parsed = check_hook_url(channel, url)
    secret = generate_secret(Scheme.STANDARD_WEBHOOKS) if channel == WEBHOOK else ""
    with transaction.atomic():
        # Two requests with one URL must not give it two secrets: the second finds the first's.
        User.objects.select_for_update().get(pk=user.pk)
        if hooks_of(user).filter(channel=channel, value_index=address_index(channel, url)).exists():
            raise Conflict("You have this hook already")
        hook = add_address(
            user,
            channel,
            url,
            hint=_hint(parsed),
            label=label,
            details=first_secret(secret) if secret else None,
            now=now,
        )
        _note(user, hook, "added")
    return Secret(hook=hook, secret=secret)


def rotate(user: User, public_id: UUID, *, now: datetime) -> Secret:
    """A new secret; the former one signs beside it for WEBHOOK_ROTATION_OVERLAP_SECONDS."""
    secret = generate_secret(Scheme.STANDARD_WEBHOOKS)
    with transaction.atomic():
        hook = hook_of(user, public_id, lock=True)
        if hook.channel != WEBHOOK:
            raise Conflict("Only a webhook has a secret")
        overlap = settings.WEBHOOK_ROTATION_OVERLAP_SECONDS
        hook.details = rotated(hook.details or {}, secret, now=now, overlap_seconds=overlap)
        hook.save(update_fields=["details", "updated_at"])
        _note(user, hook, "rotated")
    return Secret(hook=hook, secret=secret)


def enable(user: User, public_id: UUID, *, now: datetime) -> Address:
    """Again, after it was switched off; one that is on stays as it is."""
    with transaction.atomic():
        hook = hook_of(user, public_id, lock=True)
        if hook.state != Address.State.ACTIVE:
            check_hook_url(hook.channel, hook.value)
            switch_on(hook, now=now)
            _note(user, hook, "enabled")
    return hook_of(user, public_id)


def remove(user: User, public_id: UUID, *, now: datetime) -> None:
    """For good: its secret goes at once, and what is on its way there is given up."""
    with transaction.atomic():
        hook = hook_of(user, public_id, lock=True)
        hook.state, hook.off_reason, hook.off_at = Address.State.OFF, OffReason.BY_HAND, now
        hook.details = None
        hook.save(update_fields=["state", "off_reason", "off_at", "details", "updated_at"])
        _note(user, hook, "removed")


def _hint(url: ParsedUrl) -> str:
    """`https://example.com/…a1b2`: a URL is a secret, its host is not."""
    rest = f"{url.path}?{url.query}" if url.query else url.path
    end = rest[-_SHOWN_END:] if len(rest) >= _LONG else ""
    return f"{url.scheme}://{url.host[:_HINT_HOST_MAX]}/…{end}"


def _note(user: User, hook: Address, action: str) -> None:
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message=f"A hook was {action}",
                business_id=business_of(user).pk,
                actor_id=user.pk,
                subject=f"address:{hook.public_id}",
                metadata={"action": action, "channel": hook.channel},
            )
        ]
    )
