from datetime import time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from apps.accounts.models import Aura
from apps.classification.types import Urgency
from apps.core.fields import EncryptedJSONField
from apps.core.models import PublicIdModel, TimestampedModel
from apps.notifications.engines.budget import MOST_A_DAY
from apps.notifications.types import Frequency, QuietHoursPolicy

# A day.
MOST_MINUTES_UNREAD = 1_440
# Channels that are switched on and off, for all auras, by a field of the person's own.
OWN_SWITCHES = {"in_app": "enabled", "email": "email_enabled"}

# What a person sets, by name: what is written and what is judged by are the same list.
FIELDS = (
    "enabled",
    "email_enabled",
    "min_urgency",
    "relevance_threshold",
    "categories",
    "frequency",
    "digest_time",
    "digest_weekday",
    "quiet_hours_enabled",
    "quiet_start",
    "quiet_end",
    "quiet_policy",
    "quiet_ranges",
    "time_zone",
    "assigned_clients_only",
    "interruption_budget",
    "channel_order",
    "escalation_minutes",
)


class Preference(PublicIdModel, TimestampedModel):
    """What one person wants to be told, and when. A person without a row has these defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    enabled = models.BooleanField(default=True)
    email_enabled = models.BooleanField(default=True)
    min_urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.LOW)
    relevance_threshold = models.FloatField(
        default=0.0, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    categories = ArrayField(
        models.CharField(max_length=20), null=True, blank=True, help_text="Empty means all."
    )
    frequency = models.CharField(max_length=8, choices=Frequency, default=Frequency.INSTANT)
    digest_time = models.TimeField(default=time(9, 0))
    digest_weekday = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(6)], help_text="0 is Monday."
    )
    quiet_hours_enabled = models.BooleanField(default=False)
    quiet_start = models.TimeField(null=True, blank=True)
    quiet_end = models.TimeField(null=True, blank=True)
    quiet_policy = models.CharField(
        max_length=8, choices=QuietHoursPolicy, default=QuietHoursPolicy.DEFER
    )
    quiet_ranges = models.JSONField(
        default=list,
        blank=True,
        help_text='Further quiet hours: [{"days": [5, 6], "start": "13:00", "end": "14:00"}].',
    )
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name.")
    assigned_clients_only = models.BooleanField(
        default=False,
        help_text="Of events about clients, only those of clients this person looks after.",
    )
    interruption_budget = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_A_DAY)],
        help_text="At most so many interruptions a day, kept for what is worth most. Empty: none.",
    )
    channel_order = ArrayField(
        models.CharField(max_length=24),
        default=list,
        blank=True,
        help_text="Channels that ring one after the other. Those that are not in it ring at once.",
    )
    escalation_minutes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES_UNREAD)],
        help_text="Something critical that is unread so long rings on the next. Empty: never.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(relevance_threshold__range=(0.0, 1.0)),
                name="preference_threshold_range",
            ),
            models.CheckConstraint(
                condition=models.Q(interruption_budget=None)
                | models.Q(interruption_budget__range=(1, MOST_A_DAY)),
                name="preference_budget_range",
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_hours_enabled=False)
                | (
                    models.Q(quiet_start__isnull=False)
                    & models.Q(quiet_end__isnull=False)
                    & ~models.Q(quiet_start=models.F("quiet_end"))
                ),
                name="preference_quiet_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Preferences of {self.user}"


class ChannelPreference(PublicIdModel, TimestampedModel):
    """What one person wants of one channel, for one aura or for all of them (`aura` None).

    What is None here, the next wider row says. Whether the inbox and e-mail are on at all, and the
    inbox's quiet hours, are the person's own: they stand in Preference, once. The inbox asks for no
    priority of its own: what is told lies there, and `min_urgency` says from when on that is.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channel_preferences"
    )
    aura = models.ForeignKey(Aura, null=True, blank=True, on_delete=models.CASCADE)
    channel = models.CharField(max_length=24)
    enabled = models.BooleanField(default=True)
    max_per_day = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: the tier's.")
    priority_threshold = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="Empty: what is set more widely, and every priority in the end.",
    )
    quiet_hours_enabled = models.BooleanField(
        null=True, blank=True, help_text="Unknown: the person's own quiet hours."
    )
    quiet_start = models.TimeField(null=True, blank=True)
    quiet_end = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(
        max_length=64, blank=True, help_text="IANA name. Empty: the person's own."
    )
    muted_topics = ArrayField(
        models.CharField(max_length=20),
        default=list,
        db_default=models.Value([], output_field=ArrayField(models.CharField(max_length=20))),
        blank=True,
        help_text="Categories that are not told through this channel.",
    )
    metadata = EncryptedJSONField(
        null=True, editable=False, help_text="What the channel itself must know."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "aura", "channel"],
                name="channel_preference_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~models.Q(channel="in_app", aura=None) | models.Q(priority_threshold=1),
                name="channel_preference_inbox_takes_all",
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_hours_enabled=None)
                | models.Q(quiet_hours_enabled=False)
                | (
                    models.Q(quiet_start__isnull=False)
                    & models.Q(quiet_end__isnull=False)
                    & ~models.Q(quiet_start=models.F("quiet_end"))
                ),
                name="channel_preference_quiet_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} for {self.user}"
