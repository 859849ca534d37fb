"""Businesses, their people, and what is watched for them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from apps.accounts.models import (
    Aura,
    Business,
    Client,
    ClientAssignment,
    LinkedAccount,
    Membership,
)
from apps.core.admin import ConsoleAdmin, ConsoleInline, GuardedForm, clean_zone


class MembershipInline(ConsoleInline):
    model = Membership
    autocomplete_fields = ("user",)


class AssignmentInline(ConsoleInline):
    model = ClientAssignment
    autocomplete_fields = ("user",)
    verbose_name = "assignee"
    verbose_name_plural = "assignees"


class BusinessForm(GuardedForm):
    def clean_time_zone(self) -> str:
        return clean_zone(self.cleaned_data["time_zone"])


@admin.register(Business)
class BusinessAdmin(ConsoleAdmin):
    form = BusinessForm
    list_display = ("name", "tier", "time_zone", "people")
    list_filter = ("tier",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("public_id",)
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Business]:
        rows: QuerySet[Business] = super().get_queryset(request)
        return rows.annotate(people=Count("memberships"))

    @display(description="People", ordering="people")
    def people(self, row: Any) -> int:
        return int(row.people)


class ClientForm(GuardedForm):
    def clean_domains(self) -> list[str]:
        """Lower case, without a leading @ or www."""
        domains = [text.strip().lower().lstrip("@") for text in self.cleaned_data["domains"]]
        return sorted({domain.removeprefix("www.") for domain in domains if domain})


@admin.register(Client)
class ClientAdmin(ConsoleAdmin):
    form = ClientForm
    list_display = ("name", "business", "domains", "is_active")
    list_filter = ("is_active", "business")
    list_select_related = ("business",)
    search_fields = ("name",)
    readonly_fields = ("public_id",)
    autocomplete_fields = ("business",)
    inlines = (AssignmentInline,)


class LinkedAccountForm(GuardedForm):
    class Meta:
        model = LinkedAccount
        fields = ("business", "user", "kind", "external_id", "mailbox")
        help_texts = {
            "external_id": "Facts that came for this account before it was linked are kept: they "
            "go their way within seconds of saving."
        }


@admin.register(LinkedAccount)
class LinkedAccountAdmin(ConsoleAdmin):
    form = LinkedAccountForm
    list_display = ("external_id", "kind", "user", "business", "mailbox")
    list_filter = ("kind", "business")
    list_select_related = ("user", "business")
    search_fields = ("external_id", "user__email")
    autocomplete_fields = ("user", "business")


@admin.register(Aura)
class AuraAdmin(ConsoleAdmin):
    form = GuardedForm
    list_display = ("name", "user", "business", "proactive_enabled")
    list_filter = ("proactive_enabled", "business")
    list_select_related = ("user", "business")
    search_fields = ("name", "user__email")
    autocomplete_fields = ("user", "business")
    readonly_fields = ("public_id",)
