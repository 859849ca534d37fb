"""Words that matter, with a box to try them on a text before they are saved."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from apps.audit.admin import AuditedAdmin
from apps.core.admin import ConsoleAdmin, TryItForm, refusals
from apps.rules.engines.keywords import check_pattern
from apps.rules.engines.trying import Tried, try_keywords
from apps.rules.models import KeywordRule
from apps.rules.services import vip_lists
from apps.rules.types import Category, KeywordEntry

# A one-time code is found, never declared.
CATEGORIES = [choice for choice in Category.choices if choice[0] != Category.SECURITY_CODE]


class KeywordRuleForm(TryItForm):
    category = forms.ChoiceField(
        widget=UnfoldAdminSelectWidget, help_text="What a fact is called in which it is found."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, stored = self.fields["category"], self.instance.category
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        known = stored in dict(CATEGORIES)
        field.choices = CATEGORIES if known else [*CATEGORIES, (stored, f"{stored} (unknown)")]

    class Meta:
        model = KeywordRule
        fields = ("business", "user", "pattern", "is_regex", "priority", "category", "enabled")

    def clean_user(self) -> Any:
        user, business = self.cleaned_data["user"], self.cleaned_data.get("business")
        if business:
            with refusals():
                vip_lists.check_list(business, user)
        return user

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "pattern" in self.cleaned_data:
            try:
                with refusals():
                    check_pattern(
                        self.cleaned_data["pattern"],
                        is_regex=self.cleaned_data.get("is_regex", False),
                    )
            except forms.ValidationError as error:
                self.add_error("pattern", error)
        return cleaned

    def try_it(self, sample: str) -> Tried:
        """With whatever else is on for the same people."""
        rule = self.instance
        lists = Q(user=None) | Q(user=rule.user)
        rules = KeywordRule.objects.filter(lists, business=rule.business, enabled=True)
        saved = rules.exclude(pk=rule.pk).order_by("id")[:1_000]
        return try_keywords(sample, _entry(rule), [_entry(other) for other in saved])


def _entry(rule: KeywordRule) -> KeywordEntry:
    return KeywordEntry(
        rule_id=rule.public_id,
        pattern=rule.pattern,
        is_regex=rule.is_regex,
        priority=rule.priority,
        category=rule.category,
    )


@admin.register(KeywordRule)
class KeywordRuleAdmin(AuditedAdmin, ConsoleAdmin):
    form = KeywordRuleForm
    fieldsets = (
        (None, {"fields": ("seen_at", "business", "user", "pattern", "is_regex")}),
        ("When it is found", {"fields": ("priority", "category", "enabled")}),
        ("Try it", {"fields": ("sample",)}),
    )
    change_form_after_template = "admin/keyword_tryout.html"
    list_display = ("pattern", "written_as", "for_whom", "business", "priority", "enabled")
    list_filter = ("enabled", "is_regex", "business")
    list_select_related = ("user", "business")
    search_fields = ("pattern", "user__email")
    autocomplete_fields = ("business", "user")

    @display(description="Written as", label={"words": "default", "regex": "info"})
    def written_as(self, rule: KeywordRule) -> str:
        return "regex" if rule.is_regex else "words"

    @display(description="For", ordering="user")
    def for_whom(self, rule: KeywordRule) -> str:
        return str(rule.user or "everybody")
