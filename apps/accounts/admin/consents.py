from django.contrib import admin

from apps.accounts.models import Consent
from apps.core.admin import ReadOnlyAdmin


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "user", "purpose", "granted", "source", "actor")
    list_filter = ("purpose", "granted", "source")
    list_select_related = ("user", "actor")
    search_fields = ("user__email", "user__name")
