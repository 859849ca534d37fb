"""What people said of what they were told: written by them, read here."""

from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin
from apps.notifications.models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "kind", "urgency", "category", "event")
    list_filter = ("kind", "business", "created_at")
    list_select_related = ("user", "event")
    fields = ("user", "kind", "urgency", "category", "event", "notification", "created_at")
    readonly_fields = ("created_at",)
