"""The versions of the title rules: written, tried, put in shadow, made active; never edited."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from unfold.decorators import display

from apps.accounts.permissions import caller_of
from apps.audit.admin import AuditedAdmin
from apps.classification.admin.golden_lines import sentence
from apps.classification.admin.title_rule_forms import (
    TitleRulesForm,
    TryTitlesForm,
    judging_version,
    latest_version,
)
from apps.classification.admin.title_shadows import AGREED, agreement
from apps.classification.admin.versions import STATE_LABELS, difference_of, shadow_actions, state_of
from apps.classification.services.golden_trying import try_title_rules
from apps.classification.services.title_rules import save_version
from apps.classification.services.title_versions import activate, set_shadow
from apps.core.admin import ConsoleAdmin, ObjectAction
from apps.rules.models import SeniorityRuleSet

CHANGE = "rules.change_seniorityruleset"
SHOWN = ("for_whom", "author", "judges", "in_its_shadow", "difference")


@admin.register(SeniorityRuleSet)
class TitleRulesAdmin(AuditedAdmin, ConsoleAdmin):
    form = TitleRulesForm
    list_display = (
        "version_name",
        "judges",
        "for_whom",
        "note",
        "author",
        "created_at",
        "in_its_shadow",
    )
    list_display_links = ("version_name",)
    list_filter = ("active", "shadow", "business")
    list_select_related = ("business", "author")
    list_before_template = "admin/title_tryout_box.html"
    change_form_after_template = "admin/title_tryout.html"
    autocomplete_fields = ("business",)
    object_actions = (
        ObjectAction(
            slug="activate",
            label="Make active",
            method="make_active",
            permission=CHANGE,
            icon="undo",
            hint="This version judges from now on; the others stay.",
            shown=lambda rule_set: not rule_set.active,
        ),
        *shadow_actions(
            CHANGE,
            on="It judges beside the active version; nobody is told of what it says.",
            off="It judges no more; what it said stays.",
        ),
        ObjectAction(
            slug="golden",
            label="Try on the golden set",
            method="try_on_golden_set",
            permission=CHANGE,
            icon="rule",
            hint="Judges the job titles that somebody corrected, by this version.",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SeniorityRuleSet]:
        versions: QuerySet[SeniorityRuleSet] = super().get_queryset(request)
        return versions.annotate(
            said=Count("shadow_titles"), agreed=Count("shadow_titles", filter=AGREED)
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        about = SHOWN if obj else ("business",)
        return (*about, "seen_at", "note", "in_shadow", "document", "sample")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return SHOWN if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="Version", ordering="version")
    def version_name(self, rule_set: SeniorityRuleSet) -> str:
        return f"v{rule_set.version}"

    @display(description="Judges", label=STATE_LABELS)
    def judges(self, rule_set: SeniorityRuleSet) -> str:
        return state_of(rule_set)

    @display(description="Agreed in shadow")
    def in_its_shadow(self, rule_set: Any) -> SafeString | str:
        return agreement(rule_set.pk, said=rule_set.said, agreed=rule_set.agreed)

    @display(description="Against the active version")
    def difference(self, rule_set: SeniorityRuleSet) -> SafeString | str:
        before = judging_version(rule_set.business_id)
        return difference_of(_lines(before.document if before else {}), _lines(rule_set.document))

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
            author=caller_of(request),
            business=obj.business,
            shadow=form.cleaned_data["in_shadow"],
        )
        obj.pk, obj.version, obj.active = made.pk, made.version, made.active
        how = "judges" if made.active else "judges in shadow"
        messages.info(request, f"Saved as v{made.version}, which {how} from now on.")

    def make_active(self, request: HttpRequest, rule_set: SeniorityRuleSet) -> None:
        if activate(rule_set, actor=caller_of(request)):
            messages.success(request, f"v{rule_set.version} judges from now on.")

    def put_in_shadow(self, request: HttpRequest, rule_set: SeniorityRuleSet) -> None:
        if set_shadow(rule_set, on=True, actor=caller_of(request)):
            messages.success(request, f"v{rule_set.version} judges in shadow from now on.")

    def take_out_of_shadow(self, request: HttpRequest, rule_set: SeniorityRuleSet) -> None:
        if set_shadow(rule_set, on=False, actor=caller_of(request)):
            messages.success(request, f"v{rule_set.version} judges in shadow no more.")

    def try_on_golden_set(self, request: HttpRequest, rule_set: SeniorityRuleSet) -> None:
        messages.info(request, sentence(try_title_rules(rule_set)))

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


def _lines(document: Any) -> list[str]:
    return json.dumps(document, indent=2, ensure_ascii=False).splitlines()
