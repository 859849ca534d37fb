from django.contrib import admin

from apps.classification.models import Detection
from apps.core.admin import ReadOnlyAdmin


@admin.register(Detection)
class DetectionAdmin(ReadOnlyAdmin):
    list_display = ("detected_at", "person_name", "title", "level", "change", "business")
    list_display_links = ("detected_at", "person_name")
    list_filter = ("level", "change", "business", "detected_at")
    list_select_related = ("business",)
