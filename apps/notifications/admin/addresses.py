"""Where people are reached: shown by their hints, switched on again by an operator."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from apps.accounts.permissions import caller_of
from apps.core.admin import ReadOnlyAdmin
from apps.core.admin.actions import ObjectAction
from apps.core.errors import Conflict, Forbidden
from apps.notifications.models import Address
from apps.notifications.services.returning import send_again_for

_STATES: dict[str, str] = {
    Address.State.UNVERIFIED: "warning",
    Address.State.ACTIVE: "success",
    Address.State.OFF: "danger",
}


@admin.register(Address)
class AddressAdmin(ReadOnlyAdmin):
    list_display = ("user", "channel", "hint", "label", "state_label", "off_reason", "off_at")
    list_filter = ("channel", "state", "off_reason")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    fields = (
        "user",
        "channel",
        "hint",
        "label",
        "state",
        "off_reason",
        "off_at",
        "failing_since",
        "verified_at",
        "last_used_at",
        "created_at",
        "public_id",
    )
    object_actions = (
        ObjectAction(
            slug="send-again",
            label="Send there again",
            method="send_there_again",
            permission="notifications.change_address",
            icon="replay",
            shown=lambda row: row.state == Address.State.OFF,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Address]:
        rows: QuerySet[Address] = super().get_queryset(request)
        return rows.defer("value", "details")

    @display(description="State", label=_STATES, ordering="state")
    def state_label(self, row: Address) -> Any:
        return row.state

    def send_there_again(self, request: HttpRequest, row: Address) -> None:
        try:
            send_again_for(row, actor=caller_of(request), now=timezone.now())
        except (Conflict, Forbidden) as error:
            messages.warning(request, f"{error.detail}.")
        else:
            messages.success(request, "It is sent to again.")
