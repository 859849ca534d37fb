"""What is not told while something else has just been, to one person or to everybody."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.accounts.permissions import caller_of
from apps.core.admin import ConsoleAdmin, GuardedForm
from apps.core.errors import InvalidInput
from apps.rules.models import Inhibition
from apps.rules.services import inhibitions
from apps.rules.types import Category, Equal


def _category() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[("", "any"), *Category.choices], required=False, widget=UnfoldAdminSelectWidget
    )


def _sender() -> forms.CharField:
    return forms.CharField(
        max_length=254,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="A whole address, or @domain for everybody there. Empty means anybody.",
    )


class InhibitionForm(GuardedForm):
    source_category = _category()
    source_sender = _sender()
    target_category = _category()
    target_sender = _sender()
    equal = forms.MultipleChoiceField(
        choices=Equal.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="In what both must agree; two without a client agree in their client.",
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        for name in set(self.cleaned_data) - {"seen_at"}:
            setattr(self.instance, name, self.cleaned_data[name])
        try:
            inhibitions.check(self.instance)
        except InvalidInput as refusal:
            for name, problem in refusal.fields.items():
                self.add_error(name if name in self.fields else None, problem)
        return cleaned


def _side(side: str) -> tuple[str | tuple[str, ...], ...]:
    priorities = (f"{side}_min_priority", f"{side}_max_priority")
    names = ("category", "event_type", "sender", "client")
    return (*(f"{side}_{name}" for name in names), priorities)


@admin.register(Inhibition)
class InhibitionAdmin(ConsoleAdmin):
    form = InhibitionForm
    fieldsets = (
        (None, {"fields": ("seen_at", "business", "user", "enabled", "comment", "author")}),
        ("Once somebody has been told of (empty: of any)", {"fields": _side("source")}),
        ("They are not told of (empty: of any)", {"fields": _side("target")}),
        ("If both agree, and for how long", {"fields": ("equal", "window_minutes")}),
    )
    readonly_fields = ("author",)
    list_display = (
        *("for_whom", "business", "source_category", "target_category"),
        *("window_minutes", "enabled", "author"),
    )
    list_filter = ("enabled", "business")
    list_select_related = ("user", "business", "author")
    search_fields = ("user__email", "source_event_type", "target_event_type")
    autocomplete_fields = ("business", "user", "source_client", "target_client")

    def save_model(self, request: HttpRequest, obj: Inhibition, form: Any, change: bool) -> None:
        if change:
            inhibitions.update(obj, by=caller_of(request), fields=form.changed_data)
        else:
            inhibitions.add(obj, author=caller_of(request))

    def delete_model(self, request: HttpRequest, obj: Inhibition) -> None:
        inhibitions.remove([obj], by=caller_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Inhibition]) -> None:
        inhibitions.remove(queryset, by=caller_of(request))

    @display(description="For", ordering="user")
    def for_whom(self, inhibition: Inhibition) -> str:
        return str(inhibition.user or "everybody")
