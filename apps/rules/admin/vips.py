"""Senders who get through, one by one or as a CSV file."""

from typing import Any

from django import forms
from django.contrib import admin
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV
from unfold.contrib.import_export.forms import ExportForm, ImportForm
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.audit.admin import AuditedAdmin
from apps.core.admin import ConsoleAdmin, refusals
from apps.rules.admin.ownership import OwnedForm
from apps.rules.models import VipSender
from apps.rules.resources import VipResource
from apps.rules.services import vip_lists


class VipForm(OwnedForm):
    address = forms.CharField(
        max_length=254,
        widget=UnfoldAdminTextInputWidget,
        help_text="A whole address, or @domain for everybody there.",
    )

    class Meta:
        model = VipSender
        fields = ("business", "user", "address", "label", "priority")

    def clean_address(self) -> str:
        with refusals():
            vip_lists.written_address(self.instance, self.cleaned_data["address"])
        return str(self.instance.address)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if {"business", "user", "address"} <= set(self.cleaned_data):
            chosen = {name: self.cleaned_data[name] for name in ("business", "user", "address")}
            same = vip_lists.find(**chosen)
            if same and same.pk != self.instance.pk:
                self.add_error("address", "This sender is on that list already.")
        return cleaned


@admin.register(VipSender)
class VipSenderAdmin(AuditedAdmin, ImportExportMixin, ConsoleAdmin):  # type: ignore[misc]  # two say what `model` is
    form = VipForm
    resource_classes = [VipResource]
    import_form_class = ImportForm
    export_form_class = ExportForm  # type: ignore[assignment]  # its base is the same
    formats = (CSV,)
    fields = ("seen_at", "business", "user", "address", "label", "priority")
    list_display = ("address", "label", "user", "business", "priority")
    list_filter = ("business", "priority")
    list_select_related = ("user", "business")
    search_fields = ("label", "user__email")
    search_help_text = "Label or person. Addresses are stored encrypted and cannot be searched."
    autocomplete_fields = ("business", "user")
