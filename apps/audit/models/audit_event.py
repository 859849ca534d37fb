from django.conf import settings
from django.db import models

from apps.accounts.models import Business
from apps.audit.types import AuditType, Severity
from apps.core.models import PublicIdModel


class AuditEvent(PublicIdModel):
    """One thing that happened. Rows are only ever added."""

    type = models.CharField(max_length=40, choices=AuditType)
    severity = models.CharField(max_length=10, choices=Severity)
    occurred_at = models.DateTimeField(db_default=models.functions.Now())
    message = models.CharField(max_length=300)
    subject = models.CharField(max_length=60, blank=True, help_text="What it is about: kind:id.")
    metadata = models.JSONField(default=dict)
    correlation_id = models.UUIDField(null=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, db_index=False)
    business = models.ForeignKey(
        Business, null=True, on_delete=models.SET_NULL, db_index=False, db_constraint=False
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, db_index=False
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-occurred_at"], name="audit_when"),
            models.Index(fields=["type", "-occurred_at"], name="audit_type_when"),
            models.Index(fields=["severity", "-occurred_at"], name="audit_severity_when"),
            models.Index(fields=["correlation_id"], name="audit_correlation"),
            models.Index(fields=["subject"], name="audit_subject"),
            *(
                models.Index(
                    fields=[field],
                    name=f"audit_{field}",
                    condition=models.Q(**{f"{field}__isnull": False}),
                )
                for field in ("parent", "actor")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.message}"
