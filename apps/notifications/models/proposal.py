from django.conf import settings
from django.db import models

from apps.accounts.models import Business
from apps.classification.types import Category
from apps.core.fields import EncryptedTextField
from apps.core.models import PublicIdModel, TimestampedModel
from apps.notifications.engines import offering
from apps.notifications.engines.opinions import Counts
from apps.notifications.engines.wording import one_line
from apps.notifications.types import ProposalKind


class Proposal(PublicIdModel, TimestampedModel):
    """A change that somebody's dismissals speak for; nothing changes before they accept it.

    `sender` is shown to them, `sender_index` finds it. `change` is what acceptance writes: fields
    of Preference, or the matchers of a silence. `evidence` counts what speaks for it and `preview`
    what it would have done. For undoing, `former` holds what the fields said before, and
    `silence_ref` is the public id of the silence. What was accepted and proved wrong is `doubted`:
    `since` counts what was said of what came through after all, None while it speaks for nothing.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        UNDONE = "undone"
        WITHDRAWN = "withdrawn"
        DOUBTED = "doubted"
        KEPT = "kept"

    # What waits for an answer, and what is changed until somebody undoes it.
    ASKED = (Status.OPEN, Status.DOUBTED)
    IN_FORCE = (Status.ACCEPTED, Status.DOUBTED, Status.KEPT)

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=ProposalKind)
    category = models.CharField(max_length=16, choices=Category, blank=True)
    sender = EncryptedTextField(blank=True, default="")
    sender_index = models.BinaryField(max_length=16, null=True, editable=False)
    change = models.JSONField()
    evidence = models.JSONField()
    preview = models.JSONField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    decided_at = models.DateTimeField(null=True)
    former = models.JSONField(default=dict)
    silence_ref = models.UUIDField(null=True)
    since = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "category", "sender_index"],
                name="proposal_open_once",
                condition=models.Q(status="open"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "withdrawn"])
                ^ models.Q(decided_at__isnull=False),
                name="proposal_decided_when_decided",
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="proposal_page")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"

    @property
    def noticed(self) -> str:
        return offering.noticed(*self._words, Counts(**self.evidence))

    @property
    def will_change(self) -> str:
        return offering.will_change(*self._words)

    @property
    def has_changed(self) -> str:
        return offering.has_changed(*self._words)

    @property
    def doubt(self) -> str:
        """ "" unless it is doubted."""
        if self.status != self.Status.DOUBTED or self.since is None:
            return ""
        return offering.turned(*self._words, Counts(**self.since))

    @property
    def effect(self) -> str:
        interruptions = self.preview["interruptions"]
        return offering.would_have(
            interruptions["now"], interruptions["then"], urgent_later=self.preview["later_count"]
        )

    @property
    def _words(self) -> tuple[ProposalKind, str, str]:
        category = self.get_category_display().capitalize()
        return ProposalKind(self.kind), category, one_line(self.sender)
