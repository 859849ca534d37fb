"""What lists may be narrowed by. A wrong value is refused, never ignored."""
# mypy: allow-untyped-calls, allow-subclassing-any
# because django-filter carries no types.

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters.fields import IsoDateTimeField
from django_filters.filters import ChoiceFilter, IsoDateTimeFilter, UUIDFilter
from django_filters.rest_framework.filterset import FilterSet

from apps.classification.types import Category, Urgency
from apps.core.errors import InvalidInput
from apps.core.timing import parse_instant
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind
from apps.notifications.models import Notification, Proposal


class InstantField(IsoDateTimeField):
    """An ISO 8601 date and time with its offset: a wall alone is many moments."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return parse_instant(value)
        except InvalidInput as error:
            raise ValidationError(error.detail) from None


class InstantFilter(IsoDateTimeFilter):
    field_class = InstantField


class EventFilter(FilterSet):
    kind = ChoiceFilter(choices=EventKind.choices)
    category = ChoiceFilter(field_name="classification__category", choices=Category.choices)
    urgency = ChoiceFilter(field_name="classification__urgency", choices=Urgency.choices)
    since = InstantFilter(field_name="received_at", lookup_expr="gte")
    until = InstantFilter(field_name="received_at", lookup_expr="lt")

    class Meta:
        model = Event
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Event]) -> QuerySet[Event]:
        check_order(self.form.cleaned_data, "since", "until")
        filtered: QuerySet[Event] = super().filter_queryset(queryset)
        return filtered


class HistoryFilter(FilterSet):
    """`auraId` narrows to what one companion said: nothing yet, as none of them speaks."""

    auraId = UUIDFilter(method="of_aura")  # noqa: N815  # the seed's name
    status = ChoiceFilter(choices=Notification.Status.choices)
    startDate = InstantFilter(field_name="created_at", lookup_expr="gte")  # noqa: N815  # as above
    endDate = InstantFilter(field_name="created_at", lookup_expr="lte")  # noqa: N815  # as above

    class Meta:
        model = Notification
        fields: list[str] = []

    def of_aura(
        self, queryset: QuerySet[Notification], name: str, value: UUID
    ) -> QuerySet[Notification]:
        return queryset.none()

    def filter_queryset(self, queryset: QuerySet[Notification]) -> QuerySet[Notification]:
        check_order(self.form.cleaned_data, "startDate", "endDate")
        filtered: QuerySet[Notification] = super().filter_queryset(queryset)
        return filtered


class ProposalFilter(FilterSet):
    """What waits for an answer, where no status is asked for."""

    status = ChoiceFilter(choices=Proposal.Status.choices)

    class Meta:
        model = Proposal
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        status = self.form.cleaned_data["status"]
        return queryset.filter(status__in=[status] if status else Proposal.ASKED)


def check_order(values: dict[str, Any], first: str, last: str) -> None:
    begin, end = values.get(first), values.get(last)
    if begin is not None and end is not None and begin > end:
        raise InvalidInput(fields={first: f"This must not be later than {last}."})
