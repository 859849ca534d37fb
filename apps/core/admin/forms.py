"""Forms of the console: no lost updates, and a box to try a rule before it is saved."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.core.errors import VigilError
from apps.core.timing import zone

TRY = "_try"


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal of a service or an engine into an error of the one field being cleaned."""
    try:
        yield
    except VigilError as error:
        raise forms.ValidationError([*error.fields.values()] or error.detail) from error


def clean_zone(name: str) -> str:
    """The exact IANA name, or a field error."""
    with refusals():
        zone(name)
    return name


class GuardedForm(forms.ModelForm[Any]):
    """Refuses to save over what somebody else has saved since this form was opened.

    For models with `updated_at`.
    """

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._current = self.state_now()
        self.initial["seen_at"] = self._current

    def state_now(self) -> str:
        """What differs once somebody else has saved."""
        return self.instance.updated_at.isoformat() if self.instance.pk else ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        seen = self.cleaned_data.get("seen_at")
        if seen and seen != self._current:
            raise forms.ValidationError(
                "Somebody else has changed this since you opened it. Load the page again."
            )
        return cleaned

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"seen_at"})


class TryItForm(GuardedForm):
    """Beside Save, a button that answers what the rule as it stands in the form would do.

    Subclasses say so in `try_it`; its answer is `tried`, for the template in
    `change_form_after_template`. A form that was only tried counts as not valid: that is how the
    admin shows it again, with everything that was typed, and saves nothing.
    """

    sample = forms.CharField(
        required=False,
        label="Text to try it on",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )
    tried: Any = None

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if TRY not in self.data:
            return valid
        if valid:
            try:
                self.tried = self.try_it(self.cleaned_data.get("sample", ""))
            except VigilError as error:
                self.add_error("sample", error.detail)
        return False

    def try_it(self, sample: str) -> Any:
        """A VigilError it raises is shown beside the text."""
        raise NotImplementedError

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"seen_at", "sample"})
