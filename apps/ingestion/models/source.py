from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from apps.accounts.models import Business
from apps.core.fields import EncryptedTextField
from apps.core.models import PublicIdModel, TimestampedModel
from apps.core.signing import Scheme


class Source(PublicIdModel, TimestampedModel):
    """One sender of webhooks: how it signs, what shape it sends, how much it may send."""

    class Audience(models.TextChoices):
        LINKED = "linked", "The person whose account it is"
        MEMBERS = "members", "Everybody in the business"

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(max_length=100)
    slug = models.SlugField(
        max_length=60,
        unique=True,
        help_text="The last part of the address it posts to, after /webhooks/.",
    )
    kind = models.CharField(max_length=32, help_text="The shape of its bodies.")
    scheme = models.CharField(max_length=32, choices=Scheme, help_text="How it proves itself.")
    audience = models.CharField(max_length=16, choices=Audience, default=Audience.LINKED)
    enabled = models.BooleanField(default=True)
    tolerance_seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="How old a signature may be; empty means the default."
    )
    per_minute = models.PositiveIntegerField(
        null=True, blank=True, help_text="Bodies a minute; empty means the default."
    )
    allowed_networks = ArrayField(
        models.CharField(max_length=43),
        default=list,
        blank=True,
        help_text="Networks it may post from, e.g. 203.0.113.0/24; empty means any.",
    )

    def __str__(self) -> str:
        return self.name


class SourceSecret(TimestampedModel):
    """A key a source may sign with. Several may be valid at once: rotation loses nothing."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="secrets")
    value = EncryptedTextField()
    last_four = models.CharField(max_length=4, editable=False)
    not_before = models.DateTimeField(default=timezone.now)
    not_after = models.DateTimeField(null=True, blank=True, help_text="Empty means no end.")

    def __str__(self) -> str:
        return f"…{self.last_four}"
