from django.db import models

from apps.accounts.models.business import Business
from apps.accounts.models.user import User
from apps.core.models import TimestampedModel


class LinkedAccount(TimestampedModel):
    """What an outside sender calls one of our people: the answer to "whose fact is this?"."""

    class Kind(models.TextChoices):
        COMPOSIO_USER = "composio_user"
        COMPOSIO_CONNECTION = "composio_connection"
        COMMUNITY_USER = "community_user"
        EXTERNAL_USER = "external_user"

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="linked_accounts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="linked_accounts")
    kind = models.CharField(max_length=32, choices=Kind)
    external_id = models.CharField(max_length=200)
    mailbox = models.EmailField(
        blank=True, help_text="The connected address, so that sent mail makes no noise."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "kind", "external_id"], name="linked_account_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.user}"
