"""Consents, written down when accounts says that somebody spoke."""

from typing import Any

from apps.accounts.models import Consent
from apps.accounts.selectors import business_id_of
from apps.accounts.signals import consent_recorded
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation


def connect() -> None:
    """Called once, when the app is ready."""
    consent_recorded.connect(_recorded, dispatch_uid="audit", weak=False)


def _recorded(consent: Consent, **_: Any) -> None:
    works_in = business_id_of(consent.user).first()
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message="Consent given" if consent.granted else "Consent withdrawn",
                business_id=works_in["business_id"] if works_in else None,
                actor_id=consent.actor_id,
                subject=f"user:{consent.user_id}",
                correlation_id=correlation.current(),
                metadata={"purpose": consent.purpose, "source": consent.source},
            )
        ]
    )
