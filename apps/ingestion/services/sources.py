"""Sources and their secrets: write-only, several valid at once."""

from datetime import datetime

from apps.core.signing import Scheme, check_secret, generate_secret
from apps.ingestion.models import Source, SourceSecret


def add_secret(
    source: Source, value: str = "", *, not_after: datetime | None = None
) -> tuple[SourceSecret, str]:
    """Store `value`, or a new one made for the source's scheme. Returns it this once.

    Raises InvalidInput for a secret its scheme would not accept.
    """
    scheme = Scheme(source.scheme)
    value = value.strip() or generate_secret(scheme)
    check_secret(scheme, value)
    secret = SourceSecret.objects.create(
        source=source, value=value, last_four=value[-4:], not_after=not_after
    )
    return secret, value


def rotate_secret(source: Source, *, now: datetime, old_until: datetime) -> str:
    """A new secret beside the old ones, which stay valid until `old_until`. Returns the new one."""
    source.secrets.filter(not_after=None).update(not_after=max(now, old_until))
    _, value = add_secret(source)
    return value
