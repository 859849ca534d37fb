"""The form on an event's story by which an operator calls its verdict wrong."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget

from apps.classification.types import Category, Urgency

_AS_IT_IS = ("", "as it is")


class CorrectionForm(forms.Form):
    """`cleaned_data` fits `feedback.correct`."""

    urgency = forms.ChoiceField(
        choices=[_AS_IT_IS, *Urgency.choices], required=False, widget=UnfoldAdminSelectWidget
    )
    category = forms.ChoiceField(
        choices=[_AS_IT_IS, *Category.choices], required=False, widget=UnfoldAdminSelectWidget
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and not any(self.cleaned_data.values()):
            raise forms.ValidationError("Say which urgency or category is right.")
        return cleaned
