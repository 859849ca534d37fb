import pytest
from django.db import models
from django.db.models.functions import Now

from apps.core.models import CircuitBreaker, PublicIdModel, TimestampedModel


def test_only_the_breaker_is_a_table() -> None:
    assert (TimestampedModel._meta.abstract, PublicIdModel._meta.abstract) == (True, True)
    assert not CircuitBreaker._meta.abstract


@pytest.mark.parametrize("name", ["created_at", "updated_at"])
def test_rows_written_without_the_orm_get_their_times(name: str) -> None:
    field = TimestampedModel._meta.get_field(name)
    assert isinstance(field, models.DateTimeField)
    assert field.db_default == Now()


def test_public_ids_sort_by_time() -> None:
    field = PublicIdModel._meta.get_field("public_id")
    first, second = field.get_default(), field.get_default()
    assert first.version == 7
    assert first != second
    assert first.int >> 80 <= second.int >> 80
