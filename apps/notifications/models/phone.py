from django.core.validators import RegexValidator, URLValidator
from django.db import models

from apps.accounts.models import Business
from apps.core.crypto import BLIND_INDEX_BYTES
from apps.core.models import TimestampedModel

_CONTENT_SID = RegexValidator(r"\AHX[0-9a-fA-F]{32}\Z", "This looks like HX and 32 hex digits.")


class WhatsAppTemplate(TimestampedModel):
    """What WhatsApp approved for messages of one category: it may be sent at any time.

    The most specific one counts: the tenant's before everybody's, the category's before any.
    """

    business = models.ForeignKey(
        Business,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Empty: every tenant.",
    )
    category = models.CharField(max_length=24, blank=True, help_text="Empty: any.")
    content_sid = models.CharField(
        "ContentSid", max_length=34, validators=[_CONTENT_SID], help_text="As Twilio lists it."
    )
    variables = models.JSONField(
        default=dict,
        blank=True,
        help_text='What fills its places: {"1": "title", "2": "body", "3": "link"}; also category.',
    )
    media_url = models.CharField(
        "picture",
        blank=True,
        max_length=500,
        validators=[URLValidator(schemes=["https"])],
        help_text="By https; goes with free text, to those who wrote within a day.",
    )

    class Meta:
        verbose_name = "WhatsApp template"
        ordering = ["business", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "category"],
                name="whatsapp_template_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category or 'any'}: {self.content_sid}"


class InboundText(models.Model):
    """That somebody wrote to us from a number, once: not what they wrote.

    `value_index` is as in Address. `word` is what it asks for, if anything.
    """

    class Word(models.TextChoices):
        STOP = "stop"
        START = "start"
        HELP = "help"

    message_id = models.CharField(max_length=64)
    channel = models.CharField(max_length=24)
    value_index = models.BinaryField(max_length=BLIND_INDEX_BYTES)
    word = models.CharField(max_length=5, choices=Word, blank=True, default="", db_default="")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="inbound_text_once"),
        ]
        indexes = [
            # A number that is added later is asked when it wrote last.
            models.Index(fields=["channel", "value_index", "-received_at"], name="inbound_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.word or 'text'}"
