from django.db import models

from apps.classification.types import Level
from apps.ingestion.models import Event
from apps.rules.models import SeniorityRuleSet


class ShadowTitle(models.Model):
    """What title rules in shadow would have made of a job title, beside what was made of it.

    Whose title it is, and how it reads, stands encrypted in the event alone. The changes are
    values of `engines.seniority.SeniorityChange`.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="shadow_title")
    rule_set = models.ForeignKey(
        SeniorityRuleSet, on_delete=models.CASCADE, related_name="shadow_titles", db_index=False
    )
    live_level = models.CharField(max_length=8, choices=Level, blank=True)
    level = models.CharField(max_length=8, choices=Level, blank=True)
    live_change = models.CharField(max_length=12)
    change = models.CharField(max_length=12)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        verbose_name = "title in shadow"
        verbose_name_plural = "titles in shadow"
        ordering = ["-id"]
        indexes = [models.Index(fields=["rule_set", "-id"], name="shadow_title_page")]

    def __str__(self) -> str:
        return f"{self.live_change} → {self.change}"
