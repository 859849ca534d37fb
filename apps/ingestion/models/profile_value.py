from django.db import models

from apps.core.fields import EncryptedTextField
from apps.ingestion.models.source import Source


class ProfileValue(models.Model):
    """What a community member's field said last, and as of when: older updates change nothing."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="profile_values")
    person_id = models.CharField(max_length=200)
    field = models.CharField(max_length=100)
    value = EncryptedTextField()
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "person_id", "field"], name="profile_value_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.person_id}"
