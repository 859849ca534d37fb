"""The beat table is made by `sync_beat`; here it is looked at, and a tick switched off in need."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from apps.audit.admin import AuditedAdmin
from apps.core.admin import ConsoleAdmin

for model in (ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule):
    admin.site.unregister(model)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(AuditedAdmin, ConsoleAdmin):
    list_display = ("name", "task", "interval", "enabled", "last_run_at")
    list_filter = ("enabled",)
    list_select_related = ("interval",)
    fields = ("name", "task", "interval", "enabled", "last_run_at", "total_run_count")
    readonly_fields = ("name", "task", "interval", "last_run_at", "total_run_count")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
