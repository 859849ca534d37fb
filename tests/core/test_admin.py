"""The console's shared parts: counting that stops, cells that do not calculate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.models import AuditEvent
from apps.core.admin import EstimatingPaginator, paginator
from apps.core.formulas import inert, restored
from tests import factories
from tests.console import operator


@pytest.fixture
def three_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paginator, "COUNT_AT_MOST", 3)


@pytest.mark.django_db
def test_a_short_list_is_counted_exactly() -> None:
    factories.make_audit_event()
    assert EstimatingPaginator(AuditEvent.objects.all(), 50).count == 1


@pytest.mark.django_db
def test_a_long_filtered_list_is_counted_to_the_limit_and_one_more(three_at_most: None) -> None:
    for _ in range(6):
        factories.make_audit_event()
    assert EstimatingPaginator(AuditEvent.objects.filter(pk__gt=0), 50).count == 4


@pytest.mark.django_db
def test_a_long_list_has_no_fewer_rows_than_were_counted(three_at_most: None) -> None:
    for _ in range(6):
        factories.make_audit_event()
    assert EstimatingPaginator(AuditEvent.objects.all(), 50).count >= 4


@pytest.mark.django_db
def test_counting_never_reads_the_whole_table(django_assert_num_queries: object) -> None:
    rows = EstimatingPaginator(AuditEvent.objects.all(), 50)
    with django_assert_num_queries(1) as asked:  # type: ignore[operator]  # pytest-django's own
        assert rows.count == 0
    assert "LIMIT" in asked.captured_queries[0]["sql"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
def test_a_risky_text_begins_with_a_quote(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ana", "'quoted'", "1-1", "a=b"])
def test_a_harmless_text_stays(text: str) -> None:
    assert inert(text) == text


@given(st.text(alphabet="'=+-@\t\ra1 "))
def test_whatever_was_made_inert_can_be_restored(text: str) -> None:
    assert restored(inert(text)) == text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "query",
    [
        {"received_at__gte": "0001-01-01T00:00:00+23:59"},
        {"received_at__year": "0"},
        {"received_at__year": "99999"},
        {"received_at__year": "99999999999999999999"},
    ],
    ids=str,
)
def test_a_moment_in_the_address_that_is_none_is_answered_as_any_wrong_filter(
    query: dict[str, str],
) -> None:
    answer = operator().get("/admin/ingestion/event/", query)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/ingestion/event/?e=1")
