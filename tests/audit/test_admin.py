"""The audit trail in the console."""

import uuid

import pytest

from apps.audit.models import AuditEvent
from tests import factories
from tests.console import list_of, operator, page_of


@pytest.mark.django_db
def test_a_row_leads_to_everything_of_the_same_work() -> None:
    correlation_id = uuid.uuid4()
    row = factories.make_audit_event(correlation_id=correlation_id)
    shown = operator().get(page_of(row)).content.decode()
    assert f"/admin/ingestion/event/?correlation_id={correlation_id}" in shown
    assert f"/admin/audit/auditevent/?correlation_id={correlation_id}" in shown


@pytest.mark.django_db
def test_the_link_shows_only_rows_of_that_work() -> None:
    row = factories.make_audit_event(correlation_id=uuid.uuid4())
    factories.make_audit_event(correlation_id=uuid.uuid4())
    shown = operator().get(list_of(AuditEvent), {"correlation_id": str(row.correlation_id)})
    assert list(shown.context["cl"].result_list) == [row]


@pytest.mark.django_db
def test_nothing_can_be_added_changed_or_deleted() -> None:
    row, console = factories.make_audit_event(), operator()
    assert console.get(f"{list_of(AuditEvent)}add/").status_code == 403
    assert console.post(page_of(row), {"message": "nothing happened"}).status_code == 403
    assert console.post(f"{list_of(AuditEvent)}{row.pk}/delete/").status_code == 403
