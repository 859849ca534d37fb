"""What title rules in shadow would have said: how often they agreed, and each time they did not."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from apps.classification.engines.seniority import SeniorityChange
from apps.classification.models import ShadowTitle
from apps.classification.services.storing import DETECTED
from apps.classification.types import Level
from apps.core.admin import ReadOnlyAdmin

AGREED = Q(
    shadow_titles__level=F("shadow_titles__live_level"),
    shadow_titles__change=F("shadow_titles__live_change"),
)
_SAME = Q(level=F("live_level"), change=F("live_change"))
# What the list shows of an event; decrypting the rest would cost time for nothing.
_SHOWN_OF_EVENT = ("event__details", "event__correlation_id")


def agreement(rule_set_id: int, *, said: int, agreed: int) -> SafeString | str:
    """With a way to the titles they were of two minds about."""
    if not said:
        return "–"
    rest = reverse("admin:classification_shadowtitle_changelist")
    rest += f"?rule_set__id__exact={rule_set_id}&kind=flips"
    return format_html(
        '{} of {} (<a class="vigil-link" href="{}">the rest</a>)', agreed, said, rest
    )


class KindFilter(admin.SimpleListFilter):
    title = "agreement"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return (
            ("flips", "Of two minds"),
            ("more", "Would have told"),
            ("fewer", "Would not have told"),
        )

    def queryset(self, request: HttpRequest, rows: QuerySet[ShadowTitle]) -> QuerySet[ShadowTitle]:
        told, live_told = Q(change__in=DETECTED), Q(live_change__in=DETECTED)
        kinds = {"flips": ~_SAME, "more": told & ~live_told, "fewer": live_told & ~told}
        return rows.filter(kinds.get(self.value() or "", Q()))


@admin.register(ShadowTitle)
class ShadowTitleAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "title", "was_called", "would_be_called", "telling", "rule_set")
    list_filter = (KindFilter, "rule_set", "rule_set__business", "created_at")
    list_select_related = ("rule_set", "event")
    fields = ("created_at", "rule_set", "event", *list_display[1:5])

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShadowTitle]:
        rows: QuerySet[ShadowTitle] = super().get_queryset(request)
        return rows.select_related("event", "rule_set").only(
            *("level", "live_level", "change", "live_change", "created_at"),
            *("rule_set__version", *_SHOWN_OF_EVENT),
        )

    @display(description="Title")
    def title(self, row: ShadowTitle) -> str:
        change = row.event.details.get("change") or {}
        return f"{change.get('person_name', '')}: {change.get('value', '')}"

    @display(description="Was called")
    def was_called(self, row: ShadowTitle) -> str:
        return _called(row.live_level, row.live_change)

    @display(description="Would have been called")
    def would_be_called(self, row: ShadowTitle) -> str:
        return _called(row.level, row.change)

    @display(description="Told", label={"more": "warning", "fewer": "danger"})
    def telling(self, row: ShadowTitle) -> str:
        told, live_told = row.change in DETECTED, row.live_change in DETECTED
        if told == live_told:
            return "the same"
        return "more" if told else "fewer"


def _called(level: str, change: str) -> str:
    """ "VP, first", "not senior"."""
    words = SeniorityChange(change).replace("_", " ")
    return f"{Level(level).label}, {words}" if level else words
