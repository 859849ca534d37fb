"""A version of the title rules as text, and titles to try it on."""

import json
from typing import Any

from django import forms
from django.db.models import Max
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanWidget,
)

from apps.classification.engines.seniority import TitleRules
from apps.classification.engines.title_trying import TriedTitle, try_titles
from apps.classification.services.title_rules import active_title_rules
from apps.core.admin import TryItForm, refusals
from apps.core.admin.forms import TRY
from apps.rules.models import SeniorityRuleSet
from apps.rules.selectors import title_rules_in_use

TITLES_AT_MOST = 500


class _Indented(json.JSONEncoder):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "indent": 2})


def judging(business_id: int | None) -> TitleRules:
    """The rules that judge this business's titles now."""
    rules = active_title_rules([business_id] if business_id else [])
    return rules.get(business_id, rules[None])


def judging_version(business_id: int | None) -> SeniorityRuleSet | None:
    """None where the defaults of the code still judge."""
    stored = title_rules_in_use([business_id] if business_id else []).filter(active=True)
    return stored.order_by("business").first()


def latest_version(business_id: int | None) -> int:
    """0 where none exists."""
    versions = SeniorityRuleSet.objects.filter(business=business_id)
    return versions.aggregate(latest=Max("version"))["latest"] or 0


class TitleRulesForm(TryItForm):
    """Saving makes a new version; this form never changes the one it shows."""

    document = forms.JSONField(
        encoder=_Indented, widget=UnfoldAdminTextareaWidget(attrs={"rows": 24})
    )

    in_shadow = forms.BooleanField(
        required=False,
        label="Try it in shadow first",
        help_text="It judges beside the active version, and nobody is told of what it says.",
        widget=UnfoldBooleanWidget,
    )

    class Meta:
        model = SeniorityRuleSet
        fields = ("document", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sample"].label = "Job titles, one per line"
        self.initial["note"] = ""

    def state_now(self) -> str:
        """The number of the latest version: an older one may be edited, but not unknowingly."""
        if not self.instance.pk:
            return ""
        return str(latest_version(self.instance.business_id))

    def clean_document(self) -> Any:
        document = self.cleaned_data["document"]
        with refusals():
            TitleRules.parse(document)
        unchanged = self.instance.pk and "document" not in self.changed_data
        if unchanged and TRY not in self.data:
            raise forms.ValidationError("This is the version as it is: there is nothing to save.")
        return document

    def try_it(self, sample: str) -> list[TriedTitle]:
        return try_titles(
            sample.splitlines()[:TITLES_AT_MOST],
            active=judging(self.instance.business_id),
            edited=TitleRules.parse(self.cleaned_data["document"]),
        )


class TryTitlesForm(forms.Form):
    """The box above the list: what the active version says of some titles."""

    rule_set = forms.ModelChoiceField(
        queryset=SeniorityRuleSet.objects.filter(active=True).select_related("business"),
        widget=UnfoldAdminSelectWidget,
        empty_label=None,
        label="Active version",
    )
    titles = forms.CharField(
        label="Job titles, one per line",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    def tried(self) -> list[TriedTitle]:
        """Only after `is_valid`."""
        rules = TitleRules.parse(self.cleaned_data["rule_set"].document)
        return try_titles(self.cleaned_data["titles"].splitlines()[:TITLES_AT_MOST], active=rules)
