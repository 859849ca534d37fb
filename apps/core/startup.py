"""Production fails closed: it does not start on a default that is unsafe there."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.core.crypto import parse_key_ring

# Every development secret of the settings begins like this, once decoded.
DEVELOPMENT_MARK = "development-only"
MIN_SECRET_CHARACTERS = 50
MIN_BLIND_INDEX_CHARACTERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsafeSetting:
    """A setting production refuses, the reason, and the id of its system check."""

    check_id: str
    name: str
    reason: str


def refuse_unsafe_production() -> None:
    """Raise `ImproperlyConfigured` with every reason at once. Outside production, do nothing."""
    unsafe = unsafe_settings()
    if unsafe:
        reasons = "\n".join(f"  {found.name}: {found.reason}" for found in unsafe)
        raise ImproperlyConfigured(f"Production does not start with these settings:\n{reasons}")


def unsafe_settings() -> list[UnsafeSetting]:
    """What production refuses; nothing when `settings.PRODUCTION` is off."""
    if not settings.PRODUCTION:
        return []
    return [*_unsafe_secrets(), *_unsafe_exposure()]


def _unsafe_secrets() -> Iterator[UnsafeSetting]:
    secret_key: str = settings.SECRET_KEY
    if DEVELOPMENT_MARK in secret_key or len(secret_key) < MIN_SECRET_CHARACTERS:
        reason = f"needs {MIN_SECRET_CHARACTERS} characters of its own"
        yield UnsafeSetting(check_id="vigil.E101", name="SECRET_KEY", reason=reason)
    reason = _field_keys_fault(settings.FIELD_KEYS)
    if reason:
        yield UnsafeSetting(check_id="vigil.E102", name="FIELD_KEYS", reason=reason)
    index_key: str = settings.BLIND_INDEX_KEY
    if DEVELOPMENT_MARK in index_key or len(index_key) < MIN_BLIND_INDEX_CHARACTERS:
        reason = f"needs {MIN_BLIND_INDEX_CHARACTERS} characters of its own"
        yield UnsafeSetting(check_id="vigil.E103", name="BLIND_INDEX_KEY", reason=reason)


def _unsafe_exposure() -> Iterator[UnsafeSetting]:
    rules: tuple[tuple[bool, str, str, str], ...] = (
        (settings.DEBUG, "vigil.E104", "DEBUG", "must be off"),
        (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
            "vigil.E105",
            "ALLOWED_HOSTS",
            "must name the hosts",
        ),
        (not settings.SECURE_SSL_REDIRECT, "vigil.E106", "SECURE_SSL_REDIRECT", "must be on"),
        (bool(settings.FAULTPOINTS), "vigil.E107", "FAULTPOINTS", "must be empty"),
        (
            not settings.PUBLIC_URL.startswith("https://"),
            "vigil.E108",
            "PUBLIC_URL",
            "must begin with https://",
        ),
        (
            "web_push" in settings.EXTRA_CHANNELS and not settings.VAPID_PRIVATE_KEY,
            "vigil.E109",
            "VAPID_PRIVATE_KEY",
            "is missing, and EXTRA_CHANNELS names web_push",
        ),
    )
    for unsafe, check_id, name, reason in rules:
        if unsafe:
            yield UnsafeSetting(check_id=check_id, name=name, reason=reason)


def _field_keys_fault(entries: list[str]) -> str:
    try:
        parse_key_ring(entries)
    except ImproperlyConfigured as error:
        return str(error).removeprefix("FIELD_KEYS").lstrip(": ")
    if any(_is_development_key(entry) for entry in entries):
        return "holds a development key"
    return ""


def _is_development_key(entry: str) -> bool:
    return base64.b64decode(entry.partition(":")[2]).startswith(DEVELOPMENT_MARK.encode())
