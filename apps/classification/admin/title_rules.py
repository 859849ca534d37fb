"""The versions of the title rules: written, tried, made active; never edited or deleted."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.decorators import display

from apps.accounts.models import User
from apps.audit.admin import AuditedAdmin
from apps.classification.admin.title_rule_forms import (
    TitleRulesForm,
    TryTitlesForm,
    latest_version,
)
from apps.classification.services.title_rules import save_version
from apps.classification.services.title_versions import activate
from apps.core.admin import ConsoleAdmin, ObjectAction
from apps.rules.models import SeniorityRuleSet


@admin.register(SeniorityRuleSet)
class TitleRulesAdmin(AuditedAdmin, ConsoleAdmin):
    form = TitleRulesForm
    list_display = ("version_name", "judges", "for_whom", "note", "author", "created_at")
    list_display_links = ("version_name",)
    list_filter = ("active", "business")
    list_select_related = ("business", "author")
    list_before_template = "admin/title_tryout_box.html"
    change_form_after_template = "admin/title_tryout.html"
    autocomplete_fields = ("business",)
    object_actions = (
        ObjectAction(
            slug="activate",
            label="Make active",
            method="make_active",
            permission="rules.change_seniorityruleset",
            icon="undo",
            hint="This version judges from now on; the others stay.",
            shown=lambda rule_set: not rule_set.active,
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        about = ("for_whom", "author", "active") if obj else ("business",)
        return (*about, "seen_at", "note", "document", "sample")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("for_whom", "author", "active") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="Version", ordering="version")
    def version_name(self, rule_set: SeniorityRuleSet) -> str:
        return f"v{rule_set.version}"

    @display(description="Judges", label={"active": "success"})
    def judges(self, rule_set: SeniorityRuleSet) -> str:
        return "active" if rule_set.active else "–"

    @display(description="For", ordering="business")
    def for_whom(self, rule_set: SeniorityRuleSet) -> str:
        return str(rule_set.business or "every business without its own")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A business's own first version begins as a copy of what judges it now."""
        default = SeniorityRuleSet.objects.filter(business=None, active=True).first()
        return {"document": default.document if default else {}}

    def save_model(
        self, request: HttpRequest, obj: SeniorityRuleSet, form: Any, change: bool
    ) -> None:
        """A new version from this one: `obj` becomes it, so that the answer leads there."""
        number = latest_version(obj.business_id) + 1
        made = save_version(
            {**form.cleaned_data["document"], "version": str(number)},
            note=form.cleaned_data["note"],
            author=_actor(request),
            business=obj.business,
        )
        obj.pk, obj.version, obj.active = made.pk, made.version, made.active
        messages.info(request, f"Saved as v{made.version}, which judges from now on.")

    def make_active(self, request: HttpRequest, rule_set: SeniorityRuleSet) -> None:
        if activate(rule_set, actor=_actor(request)):
            messages.success(request, f"v{rule_set.version} judges from now on.")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.try_view)
        return [path("try/", view, name="rules_seniorityruleset_try"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "try_form": TryTitlesForm()}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    def try_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TryTitlesForm(request.POST or None)
        context = {
            **self.admin_site.each_context(request),
            "title": "Try the title rules",
            "opts": self.opts,
            "try_form": form,
            "tried": form.tried() if form.is_valid() else [],
        }
        return TemplateResponse(request, "admin/title_try_page.html", context)


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # the console asks for a login
    return request.user
