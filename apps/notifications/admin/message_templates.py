"""Templates in the console, tried on something that was really told before they are saved."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.audit.admin import AuditedAdmin
from apps.classification.types import Category
from apps.core.admin import ConsoleAdmin, TryItForm, refusals
from apps.core.errors import InvalidInput
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import Message
from apps.notifications.engines.masking import HIDDEN_CODE
from apps.notifications.engines.templating import FILTERS, NAMES, parse
from apps.notifications.engines.wording_rules import Room, room_of
from apps.notifications.models import MessageTemplate, Notification
from apps.notifications.selectors.templates import told_of_event
from apps.notifications.services.wording import Wording, facts_of, render

_HELP = f"Fields: {', '.join(NAMES)}. Filters: {', '.join(FILTERS)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`room` is what the channel has space for."""

    event: UUID
    wording: Wording
    room: Room


class MessageTemplateForm(TryItForm):
    may_read = False
    channel = forms.ChoiceField(
        required=False,
        choices=lambda: [("", "every channel"), *CHANNELS.choices()],
        widget=UnfoldAdminSelectWidget,
    )
    sample = forms.CharField(
        required=False,
        label="Event to try it on",
        help_text="The id of a recorded event; empty: the last one that was told.",
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = MessageTemplate
        fields = (
            *("name", "business", "channel", "category", "title_source", "body_source"),
            *("variant", "weight", "active"),
        )
        widgets = {"body_source": UnfoldAdminTextareaWidget(attrs={"rows": 8})}
        help_texts = {"title_source": _HELP, "body_source": _HELP}

    def clean_title_source(self) -> str:
        return self._checked("title_source")

    def clean_body_source(self) -> str:
        return self._checked("body_source")

    def try_it(self, sample: str) -> Tried:
        if not self.may_read:
            raise InvalidInput("You may not read what people were told")
        note = _recorded(sample, self.instance)
        room = room_of(self.instance.channel)
        wording = render(self.instance, facts_of(_message_of(note)), room=room)
        return Tried(event=note.event.public_id, wording=wording, room=room)

    def _checked(self, name: str) -> str:
        source = str(self.cleaned_data[name])
        with refusals():
            parse(source)
        return source


def _recorded(sample: str, template: MessageTemplate) -> Notification:
    try:
        wanted = UUID(sample.strip()) if sample.strip() else None
    except ValueError:
        raise InvalidInput("This is not the id of an event") from None
    note = told_of_event(wanted, business_id=template.business_id, category=template.category)
    if note is None:
        raise InvalidInput("No such event was told to anybody")
    return note


def _message_of(note: Notification) -> Message:
    """A one-time code is nobody's business but its reader's."""
    secret = note.category == Category.SECURITY_CODE
    return Message(
        ref=note.public_id,
        key=note.public_id,
        business_id=note.business_id,
        user_id=note.user_id,
        title=HIDDEN_CODE if secret else note.title,
        body=HIDDEN_CODE if secret else note.body,
        category=note.category,
        priority=note.priority,
        correlation_id=note.correlation_id,
        created_at=note.created_at,
        expires_at=note.expires_at,
    )


@admin.register(MessageTemplate)
class MessageTemplateAdmin(AuditedAdmin, ConsoleAdmin):
    form = MessageTemplateForm
    fieldsets = (
        (None, {"fields": ("seen_at", "name", "business", "channel", "category")}),
        ("Words", {"fields": ("title_source", "body_source")}),
        ("Use", {"fields": ("variant", "weight", "active")}),
        ("Try it", {"fields": ("sample",)}),
    )
    change_form_after_template = "admin/template_tryout.html"
    list_display = ("name", "for_whom", "channel", "category", "variant", "weight", "active")
    list_filter = ("active", "channel", "category", "business")
    list_select_related = ("business",)
    search_fields = ("name",)
    autocomplete_fields = ("business",)

    @display(description="For", ordering="business")
    def for_whom(self, row: MessageTemplate) -> str:
        return str(row.business or "everybody")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        may_read = request.user.has_perm("notifications.view_notification")
        return type(form.__name__, (form,), {"may_read": may_read})
