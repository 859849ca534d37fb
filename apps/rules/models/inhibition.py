from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.accounts.models import Business, Client
from apps.core.fields import EncryptedTextField
from apps.core.models import PublicIdModel, TimestampedModel
from apps.rules.types import ActiveInhibition, ActiveMatchers, Equal

LONGEST_MINUTES = 24 * 60

_PRIORITY = [MinValueValidator(1), MaxValueValidator(10)]
_WINDOW = [MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)]


def _has_matcher(side: str) -> Q:
    texts = (f"{side}_category", f"{side}_event_type")
    rest = ("sender_index", "client", "min_priority", "max_priority")
    found = Q(*(~Q(**{name: ""}) for name in texts), _connector=Q.OR)
    return found | Q(*(Q(**{f"{side}_{name}__isnull": False}) for name in rest), _connector=Q.OR)


def _in_order(side: str) -> Q:
    least, most = f"{side}_min_priority", f"{side}_max_priority"
    empty = Q(**{f"{least}__isnull": True}) | Q(**{f"{most}__isnull": True})
    return empty | Q(**{f"{least}__lte": F(most)})


class Inhibition(PublicIdModel, TimestampedModel):
    """Who has been told of something like the source is not told of what is like the target.

    It holds for `window_minutes`, for one person or for the whole business (`user` None), between
    things that agree in all that is `equal`. Each side has a silence's matchers, and at least one.
    """

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="inhibitions", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="inhibitions",
        help_text="Empty means everybody in the business.",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    comment = EncryptedTextField(blank=True, default="")
    enabled = models.BooleanField(default=True)
    source_category = models.CharField(max_length=20, blank=True)
    source_event_type = models.CharField(max_length=120, blank=True)
    source_sender = EncryptedTextField(blank=True, default="")
    source_sender_index = models.BinaryField(max_length=16, null=True, editable=False)
    source_client = models.ForeignKey(
        Client, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    source_min_priority = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=_PRIORITY
    )
    source_max_priority = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=_PRIORITY
    )
    target_category = models.CharField(max_length=20, blank=True)
    target_event_type = models.CharField(max_length=120, blank=True)
    target_sender = EncryptedTextField(blank=True, default="")
    target_sender_index = models.BinaryField(max_length=16, null=True, editable=False)
    target_client = models.ForeignKey(
        Client, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    target_min_priority = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=_PRIORITY
    )
    target_max_priority = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=_PRIORITY
    )
    equal = ArrayField(
        models.CharField(max_length=10, choices=Equal),
        default=list,
        blank=True,
        help_text="In what both must agree. None of it: in nothing.",
    )
    window_minutes = models.PositiveSmallIntegerField(default=60, validators=_WINDOW)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=_has_matcher("source"), name="inhibition_has_source"),
            models.CheckConstraint(condition=_has_matcher("target"), name="inhibition_has_target"),
            models.CheckConstraint(condition=_in_order("source"), name="inhibition_source_order"),
            models.CheckConstraint(condition=_in_order("target"), name="inhibition_target_order"),
            models.CheckConstraint(
                condition=Q(window_minutes__range=(1, LONGEST_MINUTES)), name="inhibition_window"
            ),
        ]
        indexes = [models.Index(fields=["business", "enabled"], name="inhibition_enabled")]

    def __str__(self) -> str:
        return f"Inhibition for {self.window_minutes} min"

    @property
    def source(self) -> ActiveMatchers:
        return self._matchers("source")

    @property
    def target(self) -> ActiveMatchers:
        return self._matchers("target")

    @property
    def active(self) -> ActiveInhibition:
        """As the engine needs it."""
        return ActiveInhibition(
            inhibition_id=self.public_id,
            source=self.source,
            target=self.target,
            equal=tuple(self.equal),
            window_minutes=self.window_minutes,
        )

    def _matchers(self, side: str) -> ActiveMatchers:
        index = getattr(self, f"{side}_sender_index")
        return ActiveMatchers(
            category=getattr(self, f"{side}_category") or None,
            event_type=getattr(self, f"{side}_event_type") or None,
            sender_index=None if index is None else bytes(index),
            client_id=getattr(self, f"{side}_client_id"),
            min_priority=getattr(self, f"{side}_min_priority"),
            max_priority=getattr(self, f"{side}_max_priority"),
        )
