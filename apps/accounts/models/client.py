from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.models.business import Business
from apps.accounts.models.user import User
from apps.core.models import PublicIdModel, TimestampedModel


class Client(PublicIdModel, TimestampedModel):
    """A company that a business watches for. Mail from its domains is linked to it, and
    news by its name in the headline."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="clients")
    name = models.CharField(max_length=200)
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    assignees = models.ManyToManyField(User, through="ClientAssignment", related_name="clients")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "name"], name="client_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ClientAssignment(TimestampedModel):
    """Who looks after a client."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "user"], name="assignment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} looks after {self.client}"
