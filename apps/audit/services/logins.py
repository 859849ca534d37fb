"""Logins and stolen tokens, written down when accounts says that they happened. No addresses."""

from typing import Any
from uuid import UUID

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.signals import token_reused
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType, Severity
from apps.core import correlation


def connect() -> None:
    """Called once, when the app is ready."""
    user_logged_in.connect(_succeeded, dispatch_uid="audit", weak=False)
    user_login_failed.connect(_failed, dispatch_uid="audit", weak=False)
    token_reused.connect(_reused, dispatch_uid="audit", weak=False)


def _succeeded(user: User, request: HttpRequest | None = None, **_: Any) -> None:
    _record(AuditType.AUTH_SUCCEEDED, Severity.INFO, "Logged in", user, {"by": _way(request)})


def _failed(request: HttpRequest | None = None, **_: Any) -> None:
    _record(AuditType.AUTH_FAILED, Severity.WARNING, "Login refused", None, {"by": _way(request)})


def _reused(user: User, family: UUID, **_: Any) -> None:
    message = "A used refresh token came again: its login was ended"
    _record(AuditType.AUTH_TOKEN_REUSED, Severity.ERROR, message, user, {"family": str(family)})


def _way(request: HttpRequest | None) -> str:
    return "session" if request is not None else "token"


def _record(
    kind: AuditType, severity: Severity, message: str, user: User | None, metadata: dict[str, str]
) -> None:
    record(
        [
            AuditDraft(
                type=kind,
                severity=severity,
                message=message,
                actor_id=user.pk if user else None,
                subject=f"user:{user.pk}" if user else "",
                correlation_id=correlation.current(),
                metadata=metadata,
            )
        ]
    )
