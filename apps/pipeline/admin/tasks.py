"""Dead letters, and whether the workers are alive."""

from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from apps.accounts.permissions import caller_of
from apps.core import hints
from apps.core.admin import CorrelationSearch, ObjectAction, ReadOnlyAdmin
from apps.core.errors import Conflict
from apps.pipeline.models import Heartbeat, Task
from apps.pipeline.services.dead_letters import retry

RETRY = "pipeline.change_task"
RETRY_AT_MOST = 1_000

_LABELS: dict[str, str] = {
    Task.Status.PENDING: "info",
    Task.Status.RUNNING: "info",
    Task.Status.COMPLETED: "success",
    Task.Status.FAILED: "danger",
    Task.Status.CANCELLED: "default",
    Task.Status.DEAD_LETTER: "danger",
}


@admin.register(Task)
class TaskAdmin(CorrelationSearch, ReadOnlyAdmin):
    list_display = ("updated_at", "type", "subject", "status_label", "code", "retry_count")
    list_display_links = ("updated_at", "subject")
    list_filter = ("status", "type", "priority")
    actions = ("retry_tasks",)
    object_actions = (
        ObjectAction(
            slug="retry",
            label="Retry",
            method="retry_one",
            permission=RETRY,
            icon="replay",
            shown=lambda task: task.status == Task.Status.DEAD_LETTER,
        ),
    )

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RETRY)

    @display(description="Status", label=_LABELS, ordering="status")
    def status_label(self, task: Task) -> Any:
        return task.status

    @display(description="What went wrong")
    def code(self, task: Task) -> str:
        return str(task.error.get("code", "–"))

    @admin.action(description="Retry", permissions=["retry"])
    def retry_tasks(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        outcomes = Counter(self._retry(request, task) for task in queryset[:RETRY_AT_MOST])
        messages.success(request, f"On their way again: {outcomes[True]}.")
        if outcomes[False]:
            messages.warning(request, f"Not dead letters (any more): {outcomes[False]}.")

    def retry_one(self, request: HttpRequest, task: Task) -> None:
        if self._retry(request, task):
            messages.success(request, "On its way again.")
        else:
            messages.warning(request, "It was retried already.")

    def _retry(self, request: HttpRequest, task: Task) -> bool:
        try:
            retry(task, actor=caller_of(request), now=timezone.now())
        except Conflict:
            return False
        transaction.on_commit(lambda: hints.poke(task.type))
        return True


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("queue", "drained_at", "worker")
