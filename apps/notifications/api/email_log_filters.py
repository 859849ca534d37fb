"""What the log of mails may be narrowed by."""
# mypy: allow-untyped-calls, allow-subclassing-any
# because django-filter carries no types.

from uuid import UUID

from django.db.models import QuerySet
from django_filters.filters import CharFilter, ChoiceFilter, UUIDFilter
from django_filters.rest_framework.filterset import FilterSet

from apps.notifications.api.filters import InstantFilter, check_order
from apps.notifications.models import Delivery
from apps.notifications.models.address import address_index
from apps.notifications.selectors.addresses import MAIL
from apps.notifications.selectors.email_logs import EmailStatus, EmailType, about_event, of_type


class EmailSpanFilter(FilterSet):
    """By the moment of the first attempt."""

    start_date = InstantFilter(field_name="tried_at", lookup_expr="gte")
    end_date = InstantFilter(field_name="tried_at", lookup_expr="lt")

    class Meta:
        model = Delivery
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        check_order(self.form.cleaned_data, "start_date", "end_date")
        filtered: QuerySet[Delivery] = super().filter_queryset(queryset)
        return filtered


class EmailLogFilter(EmailSpanFilter):
    email_type = ChoiceFilter(choices=EmailType.choices, method="of_type")
    status = ChoiceFilter(choices=EmailStatus.choices, field_name="log_status")
    recipient_email = CharFilter(method="to_address", max_length=320)
    event_id = UUIDFilter(method="about_event")

    def of_type(self, rows: QuerySet[Delivery], name: str, value: str) -> QuerySet[Delivery]:
        return rows.filter(of_type(value))

    def to_address(self, rows: QuerySet[Delivery], name: str, value: str) -> QuerySet[Delivery]:
        return rows.filter(address__value_index=address_index(MAIL, value))

    def about_event(self, rows: QuerySet[Delivery], name: str, value: UUID) -> QuerySet[Delivery]:
        return rows.filter(about_event(value))
