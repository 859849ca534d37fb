import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.models import (
    ApiKey,
    Aura,
    Business,
    Client,
    ClientAssignment,
    Consent,
    LinkedAccount,
    Membership,
    RefreshToken,
    Role,
    User,
)
from apps.accounts.models.consent import NOTIFICATIONS
from apps.accounts.tiers import Tier
from tests.factories.values import NOON, number


def make_business(*, name: str = "Northwind", slug: str = "", **values: Any) -> Business:
    """Of the business tier, so that no daily limit is in the way."""
    values.setdefault("tier", Tier.BUSINESS)
    return Business.objects.create(name=name, slug=slug or f"{name.lower()}-{number()}", **values)


def make_user(
    *,
    name: str = "Ana",
    business: Business | None = None,
    role: Role = Role.MEMBER,
    email: str = "",
    password: str | None = None,
    **values: Any,
) -> User:
    """A member of `business`, or of none. Without a password nobody can log in by it."""
    address = email or f"{name.lower()}-{number()}@example.com"
    user = User.objects.create_user(address, password, name=name, **values)
    if business is not None:
        make_membership(user=user, business=business, role=role)
    return user


def make_membership(*, user: User, business: Business, role: Role = Role.MEMBER) -> Membership:
    return Membership.objects.create(user=user, business=business, role=role)


def make_client(
    *,
    business: Business,
    name: str = "",
    domains: tuple[str, ...] = ("acme.example",),
    is_active: bool = True,
) -> Client:
    return Client.objects.create(
        business=business,
        name=name or f"Acme {number()}",
        domains=list(domains),
        is_active=is_active,
    )


def make_assignment(*, client: Client, user: User) -> ClientAssignment:
    return ClientAssignment.objects.create(client=client, user=user)


def make_consent(
    *,
    user: User,
    purpose: str = NOTIFICATIONS,
    granted: bool = True,
    recorded_at: datetime = NOON,
    source: Consent.Source = Consent.Source.IMPORT,
) -> Consent:
    return Consent.objects.create(
        user=user,
        purpose=purpose,
        granted=granted,
        recorded_at=recorded_at,
        source=source,
        actor=user,
    )


def make_aura(*, business: Business, user: User, name: str = "Aura", **values: Any) -> Aura:
    return Aura.objects.create(business=business, user=user, name=name, **values)


def make_linked_account(
    *,
    business: Business,
    user: User,
    kind: str = LinkedAccount.Kind.COMPOSIO_CONNECTION,
    external_id: str = "",
    mailbox: str = "",
) -> LinkedAccount:
    return LinkedAccount.objects.create(
        business=business,
        user=user,
        kind=kind,
        external_id=external_id or f"account-{number()}",
        mailbox=mailbox,
    )


def make_api_key(
    *, business: Business, user: User, scopes: tuple[str, ...] = ("read",), **values: Any
) -> tuple[ApiKey, str]:
    """The row, and the key as its owner types it."""
    prefix, secret = f"vgl_{number():08d}", secrets.token_urlsafe(32)
    values.setdefault("name", "Import")
    key = ApiKey.objects.create(
        business=business,
        user=user,
        prefix=prefix,
        digest=hashlib.sha256(secret.encode()).digest(),
        scopes=list(scopes),
        **values,
    )
    return key, f"{prefix}_{secret}"


def make_refresh_token(
    *, user: User, text: str = "", now: datetime = NOON, **values: Any
) -> RefreshToken:
    values.setdefault("family", uuid.uuid4())
    values.setdefault("expires_at", now + timedelta(days=14))
    digest = hashlib.sha256((text or secrets.token_urlsafe(32)).encode()).digest()
    return RefreshToken.objects.create(user=user, digest=digest, **values)
