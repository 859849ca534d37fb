"""Events, each with its whole story. The model is ingestion's; its story is known only up here."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import display

from apps.accounts.permissions import caller_of
from apps.classification.models import Classification
from apps.classification.types import Urgency
from apps.core.admin import CorrelationSearch, ObjectAction, ReadOnlyAdmin
from apps.core.errors import InvalidInput
from apps.ingestion.admin.raw_events import VIEW_BODY
from apps.ingestion.models import Event
from apps.notifications.models import Decision
from apps.notifications.services import feedback
from apps.pipeline.admin.correcting import CorrectionForm
from apps.pipeline.admin.story import tell, title_of

URGENCIES: dict[str, str] = {
    Urgency.LOW: "default",
    Urgency.MEDIUM: "info",
    Urgency.HIGH: "warning",
    Urgency.CRITICAL: "danger",
}
ADD_FEEDBACK = "notifications.add_feedback"
# Encrypted columns that the list does not show cost time for each row.
HIDDEN = ("content", "details", "sender_name", "sender_address", "classification__code")
# As many outcomes as the list spells out for one event.
NAMED_AT_MOST = 3


@admin.register(Event)
class EventAdmin(CorrelationSearch, ReadOnlyAdmin):
    list_display = ("received_at", "kind", "what", "whose", "urgency", "outcome")
    list_display_links = ("received_at", "what")
    list_filter = ("kind", "source", "classification__urgency", "received_at")
    # Its button is the form under the verdict.
    object_actions = (
        ObjectAction(slug="wrong", label="Wrong", method="call_it_wrong", permission=ADD_FEEDBACK),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        rows: QuerySet[Event] = super().get_queryset(request)
        decisions = Decision.objects.select_related("user").defer("trace").order_by("id")
        return (
            rows.select_related("user", "source", "classification", "duplicate_of__classification")
            .prefetch_related(Prefetch("decisions", queryset=decisions))
            .defer(*HIDDEN, *(f"duplicate_of__{name}" for name in ("title", *HIDDEN)))
        )

    @display(description="Title")
    def what(self, event: Event) -> str:
        return title_of(event, _verdict(event) or _verdict(event.duplicate_of)) or "–"

    @display(description="Whose", ordering="user")
    def whose(self, event: Event) -> str:
        return str(event.user or "everybody")

    @display(description="Urgency", label=URGENCIES)
    def urgency(self, event: Event) -> str | None:
        verdict = _verdict(event)
        return verdict.urgency if verdict else None

    @display(description="Outcome")
    def outcome(self, event: Event) -> str:
        if event.duplicate_of_id:
            return "told before"
        decisions = list(event.decisions.all())
        named = [_outcome(decision) for decision in decisions[:NAMED_AT_MOST]]
        more = len(decisions) - NAMED_AT_MOST
        return ", ".join(named) + (f" and {more} more" if more > 0 else "") or "–"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The story instead of a form."""
        event = self._event(request, unquote(object_id))
        context = {
            **self.admin_site.each_context(request),
            "title": "The story of an event",
            "opts": self.opts,
            "story": tell(event),
            "may_see_body": request.user.has_perm(VIEW_BODY),
            "correction": CorrectionForm() if request.user.has_perm(ADD_FEEDBACK) else None,
        }
        return TemplateResponse(request, "admin/event_story.html", context)

    def call_it_wrong(self, request: HttpRequest, event: Event) -> None:
        form = CorrectionForm(request.POST)
        if _verdict(event) is None or not form.is_valid():
            messages.error(request, "Say which urgency or category is right.")
            return
        try:
            feedback.correct(event, actor=caller_of(request), **form.cleaned_data)
        except InvalidInput as error:
            messages.error(request, str(error.detail))
            return
        messages.success(request, "Kept in the golden set.")

    def _event(self, request: HttpRequest, object_id: str) -> Event:
        related = ("raw_event", "source", "user", "client")
        hidden = ("content", "raw_event__body")
        rows = Event.objects.select_related(*related).defer(*hidden)
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            event = rows.filter(pk=object_id).first()
        except (ValueError, OverflowError):
            event = None
        if event is None:
            raise Http404
        return event


def _verdict(event: Event | None) -> Classification | None:
    """None for a duplicate, which nobody judged again."""
    return getattr(event, "classification", None)


def _outcome(decision: Decision) -> str:
    return f"{decision.user.get_short_name()}: {decision.get_outcome_display().lower()}"
