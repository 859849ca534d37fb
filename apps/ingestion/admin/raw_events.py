"""The inbox queue: every body that came, how it ended, and a second chance for it."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from apps.accounts.permissions import caller_of
from apps.core import hints
from apps.core.admin import CorrelationSearch, ObjectAction, ReadOnlyAdmin
from apps.ingestion.models import RawEvent
from apps.ingestion.services.replaying import REPLAYABLE, replay
from apps.ingestion.services.revealing import reveal

VIEW_BODY = "ingestion.view_raw_body"
REPLAY = "ingestion.change_rawevent"
REPLAY_AT_MOST = 5_000

State = RawEvent.State
_LABELS: dict[str, str] = {
    State.RECEIVED: "info",
    State.PROCESSING: "info",
    State.RETRY: "warning",
    State.UNSURE: "info",
    State.ASKING: "info",
    State.DONE: "success",
    State.SKIPPED: "default",
    State.UNOWNED: "warning",
    State.QUARANTINED: "warning",
    State.DEAD: "danger",
}


@admin.register(RawEvent)
class RawEventAdmin(CorrelationSearch, ReadOnlyAdmin):
    list_display = ("received_at", "state_label", "reason", "source", "event_type", "claim_count")
    list_display_links = ("received_at", "event_type")
    list_filter = ("state", "source", "received_at")
    list_select_related = ("source",)
    fields = (
        "state",
        "reason",
        "last_error",
        "source",
        "event_type",
        "accounts",
        "headers",
        "correlation_id",
        "story",
        "received_at",
        "occurred_at",
        "due_at",
        "claim_count",
        "finished_at",
    )
    readonly_fields = ("story",)
    actions = ("process_again",)
    object_actions = (
        ObjectAction(
            slug="process-again",
            label="Process again",
            method="process_one_again",
            permission=REPLAY,
            icon="replay",
            shown=lambda row: row.state in REPLAYABLE,
        ),
        ObjectAction(
            slug="body",
            label="Show the body",
            method="show_body",
            permission=VIEW_BODY,
            icon="visibility",
            hint="It may hold personal data: that you looked is written down.",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RawEvent]:
        rows: QuerySet[RawEvent] = super().get_queryset(request)
        return rows.defer("body", "body_digest", "dedup_key")

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(REPLAY)

    @display(description="State", label=_LABELS, ordering="state")
    def state_label(self, row: RawEvent) -> Any:
        return row.state

    @display(description="What became of it")
    def story(self, row: RawEvent) -> SafeString:
        page = reverse("admin:ingestion_event_changelist")
        return format_html(
            '<a class="text-primary-600" href="{}?correlation_id={}">Its events</a>',
            page,
            row.correlation_id,
        )

    @admin.action(description="Process again", permissions=["replay"])
    def process_again(self, request: HttpRequest, queryset: QuerySet[RawEvent]) -> None:
        ids = list(queryset.values_list("pk", flat=True)[: REPLAY_AT_MOST + 1])
        self._replay(request, ids[:REPLAY_AT_MOST])
        if len(ids) > REPLAY_AT_MOST:
            messages.info(request, f"Only the first {REPLAY_AT_MOST}: do it again for the rest.")

    def process_one_again(self, request: HttpRequest, row: RawEvent) -> None:
        self._replay(request, [row.pk])

    def _replay(self, request: HttpRequest, ids: list[int]) -> None:
        count = replay(ids, actor=caller_of(request), now=timezone.now())
        transaction.on_commit(lambda: hints.poke("inbox"))
        rest = f" {len(ids) - count} had nothing to be done again." if count < len(ids) else ""
        messages.success(request, f"On their way again: {count}.{rest}")

    def show_body(self, request: HttpRequest, row: RawEvent) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Body as it came",
            "opts": self.opts,
            "raw_event": row,
            "body": _pretty(reveal(row, actor=caller_of(request))),
        }
        return TemplateResponse(request, "admin/raw_body.html", context)


def _pretty(body: bytes) -> str:
    text = body.decode(errors="replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
