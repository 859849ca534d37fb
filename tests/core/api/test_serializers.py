from itertools import product
from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from apps.core.api.serializers import StrictSerializer
from apps.core.api.translation import as_vigil_error
from apps.core.errors import InvalidInput


class QuietHours(StrictSerializer):
    start = serializers.TimeField()


class Preference(StrictSerializer):
    enabled = serializers.BooleanField(required=False)
    threshold = serializers.FloatField(required=False, min_value=0, max_value=1)
    per_day = serializers.IntegerField(required=False, allow_null=True)
    name = serializers.CharField(required=False)
    level = serializers.ChoiceField(choices=["low", "high"], required=False)
    ids = serializers.ListField(child=serializers.IntegerField(), required=False)
    weights = serializers.DictField(child=serializers.FloatField(), required=False)
    quiet = QuietHours(required=False)
    tier = serializers.CharField(read_only=True)


def _problem(data: Any) -> tuple[str, dict[str, str]]:
    with pytest.raises(ValidationError) as caught:
        Preference(data=data).is_valid(raise_exception=True)
    error = as_vigil_error(caught.value)
    assert error is not None
    assert error.status_code == 422
    return error.code, error.fields


@pytest.mark.parametrize("name", ["tenant_id", "tier", ""])
def test_an_unknown_or_read_only_field_is_refused(name: str) -> None:
    code, fields = _problem({name: "x"})
    assert code == "unknown_field"
    assert list(fields) == [name or "non_field_errors"]


def test_an_unknown_field_inside_a_nested_object_is_refused() -> None:
    code, fields = _problem({"quiet": {"start": "07:00", "zone": "UTC"}})
    assert (code, list(fields)) == ("unknown_field", ["quiet.zone"])


def test_a_flood_of_unknown_fields_is_cut() -> None:
    _, fields = _problem({"x" * 200 + str(number): 1 for number in range(100)})
    assert max(len(name) for name in fields) == 100


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *product(["enabled"], ["true", "1", 1, 0, ""]),
        *product(["threshold"], ["0.7", True, "nan", [], {}]),
        *product(["per_day"], ["5", 1.5, 1.0, True]),
        *product(["name"], [1, True, 1.5, [], {}]),
        *product(["level"], [1, True, [], {}, "fax"]),
    ],
)
def test_a_value_of_another_type_is_refused(field: str, value: Any) -> None:
    code, fields = _problem({field: value})
    assert (code, list(fields)) == ("validation_error", [field])


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"ids": [1, "2"]}, "ids.1"),
        ({"weights": {"a": 0.5, "b": "0.5"}}, "weights.b"),
        ({"quiet": {"start": 7}}, "quiet.start"),
    ],
)
def test_a_wrong_type_inside_is_found_at_its_place(data: dict[str, Any], path: str) -> None:
    assert list(_problem(data)[1]) == [path]


@pytest.mark.parametrize("data", [[], "x", 1, None])
def test_what_is_no_object_is_refused(data: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        _problem(data)
    assert (refused.value.code, refused.value.status_code) == ("not_an_object", 400)
    assert list(refused.value.fields) == ["body"]


def test_a_correct_document_is_taken_as_it_is() -> None:
    data = {
        "enabled": True,
        "threshold": 1,
        "per_day": None,
        "name": "Ana",
        "level": "low",
        "ids": [1, 2],
        "weights": {"a": 0.5},
    }
    serializer = Preference(data=data)
    assert serializer.is_valid(), serializer.errors
    assert dict(serializer.validated_data) == data
