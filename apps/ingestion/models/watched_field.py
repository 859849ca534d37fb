from django.db import models

from apps.core.models import TimestampedModel
from apps.ingestion.models.source import Source


class WatchedField(TimestampedModel):
    """A profile field whose changes count; changes of any other field are skipped."""

    class Meaning(models.TextChoices):
        JOB_TITLE = "job_title", "Job title (judged by the title rules)"
        PLAIN = "plain", "Any other field"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="watched_fields")
    name = models.CharField(max_length=100, help_text="As the platform names it; case is ignored.")
    meaning = models.CharField(max_length=16, choices=Meaning, default=Meaning.PLAIN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "source", models.functions.Lower("name"), name="watched_field_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
