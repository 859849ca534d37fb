from django.conf import settings
from django.db import models

from apps.accounts.models import Business


class Waking(models.Model):
    """Somebody's change may let go of what waits for them, and that has not been done yet.

    Written with the change and gone with the letting go, so neither is ever there without the
    other; from `due_at` on the sweep does it, as whoever made the change did not get that far.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="waking_due")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.due_at:%Y-%m-%d %H:%M}"
