"""What an operator may write about a source, checked before the door has to live with it."""

from ipaddress import ip_network
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.core.admin import GuardedForm, SecretInput, refusals
from apps.core.signing import Scheme, check_secret
from apps.ingestion.models import Source, SourceSecret
from apps.ingestion.sources import SOURCES


class SourceForm(GuardedForm):
    kind = forms.ChoiceField(
        choices=SOURCES.choices,
        widget=UnfoldAdminSelectWidget,
        help_text="The shape of its bodies.",
    )
    allowed_networks = SimpleArrayField(
        forms.CharField(max_length=43),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Networks it may post from, separated by commas; empty means any.",
    )

    class Meta:
        model = Source
        fields = "__all__"
        help_texts = {"slug": "The last part of the address it posts to, after /webhooks/."}

    def clean_allowed_networks(self) -> list[str]:
        """In their canonical spelling: the door reads them without asking again."""
        try:
            networks = [ip_network(text.strip()) for text in self.cleaned_data["allowed_networks"]]
        except ValueError as error:
            raise forms.ValidationError(f"Not a network: {error}.") from error
        return [str(network) for network in networks]


class SecretForm(forms.ModelForm[SourceSecret]):
    """A saved secret has no value here, so that none can leave; a new one may be pasted."""

    value = forms.CharField(
        required=False,
        strip=True,
        max_length=500,
        label="New secret",
        widget=SecretInput,
        help_text="As the sender shows it. A source without any gets a generated one.",
    )

    class Meta:
        model = SourceSecret
        fields = ("value", "not_after")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("value", None)
        if self.instance.pk:
            self.fields["value"].disabled = True
            self.fields["value"].widget.attrs["placeholder"] = "stored"

    def clean_value(self) -> str:
        """Of a saved secret, what is stored: it cannot be edited, only ended."""
        if self.instance.pk:
            return self.instance.value
        value: str = self.cleaned_data["value"]
        if not value:
            raise forms.ValidationError("Paste the secret, or remove this line.")
        return value


class SecretFormSet(PaginationInlineFormSet):
    """Checks each new secret against the scheme chosen above."""

    def clean(self) -> None:
        super().clean()
        if self.instance.scheme not in Scheme.values:
            return
        for form in self.forms:
            value = form.cleaned_data.get("value") if form.is_valid() else None
            if not value or form.instance.pk or form in self.deleted_forms:
                continue
            try:
                with refusals():
                    check_secret(Scheme(self.instance.scheme), value)
            except forms.ValidationError as error:
                form.add_error("value", error)
