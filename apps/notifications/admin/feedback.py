"""What people said of what they were told, and what was proposed to them: written by them and by
the program, read here.
"""

from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin
from apps.notifications.models import Feedback, Proposal


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "kind", "urgency", "category", "event")
    list_filter = ("kind", "business", "created_at")
    list_select_related = ("user", "event")
    fields = ("user", "kind", "urgency", "category", "event", "notification", "created_at")
    readonly_fields = ("created_at",)


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """Whom it would silence is between the person and Vigil."""

    list_display = ("created_at", "user", "kind", "category", "status", "decided_at")
    list_filter = ("status", "kind", "business", "created_at")
    list_select_related = ("user",)
    fields = (
        *("user", "kind", "category", "status", "change", "evidence", "preview"),
        *("former", "created_at", "decided_at"),
    )
    readonly_fields = ("created_at",)
