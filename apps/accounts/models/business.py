from django.db import models

from apps.accounts.models.user import User
from apps.accounts.tiers import Limits, Tier, limits_of
from apps.core.models import PublicIdModel, TimestampedModel


class Business(PublicIdModel, TimestampedModel):
    """A tenant. Everything a person may see belongs to exactly one."""

    name = models.CharField(max_length=150)
    slug = models.SlugField(unique=True)
    tier = models.CharField(max_length=16, choices=Tier, default=Tier.FREE)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name.")
    members = models.ManyToManyField(User, through="Membership", related_name="businesses")

    class Meta:
        verbose_name_plural = "businesses"

    def __str__(self) -> str:
        return self.name

    @property
    def limits(self) -> Limits:
        return limits_of(self.tier)


class Role(models.TextChoices):
    MEMBER = "member"
    VIEWER = "viewer"
    OPERATOR = "operator"
    RULE_EDITOR = "rule_editor"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"


class Membership(TimestampedModel):
    """A person's place in a business. Each person works in one business at a time: the first."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "business"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.business}"
