"""Serializers that take a document at its word: no unknown field, no text for a number."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from apps.core.errors import InvalidInput

# Kind of field → the JSON types it takes and how they are called in a message. bool is an int in
# Python, so it is only ever matched by its exact type.
_EXACT: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], tuple[type, ...], str], ...] = (
    (serializers.BooleanField, (bool,), "true or false"),
    (serializers.IntegerField, (int,), "a whole number"),
    (serializers.FloatField, (int, float), "a number"),
    (serializers.DecimalField, (int, float), "a number"),
    (serializers.CharField, (str,), "a string"),
    (serializers.UUIDField, (str,), "a string"),
    (serializers.DateTimeField, (str,), "a string"),
    (serializers.DateField, (str,), "a string"),
    (serializers.TimeField, (str,), "a string"),
)

# What else a document can be.
_JSON_NAMES: Mapping[type, str] = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "an array",
}

_MAX_UNKNOWN = 20
_MAX_NAME = 100


class StrictSerializer(serializers.Serializer[Any]):
    """Base for a request's body. Read-only fields count as unknown.

    An unknown name is an error of code `unknown_field` at that name; a value of another JSON type
    than the field's is an error of code `invalid` there, also inside lists and dicts. A whole body
    that is no object says nothing of any field: 400, code `not_an_object`.
    """

    def run_validation(self, data: Any = serializers.empty) -> Any:
        is_body = self.parent is None and data is not serializers.empty
        if is_body and not isinstance(data, Mapping):
            reason = f"This must be a JSON object, not {_JSON_NAMES[type(data)]}."
            raise InvalidInput(reason, code="not_an_object", status=400, fields={"body": reason})
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            problems = {**self._unknown(data), **self._mistyped(data)}
            if problems:
                raise serializers.ValidationError(problems)
        return super().to_internal_value(data)

    def _unknown(self, data: Mapping[str, Any]) -> dict[str, ErrorDetail]:
        known = {str(field.field_name) for field in self._writable_fields}
        unknown = [name for name in data if name not in known][:_MAX_UNKNOWN]
        message = ErrorDetail("There is no such field here.", code="unknown_field")
        return {name[:_MAX_NAME]: message for name in unknown}

    def _mistyped(self, data: Mapping[str, Any]) -> dict[str, Any]:
        found = {
            str(field.field_name): type_errors(field, data[str(field.field_name)])
            for field in self._writable_fields
            if field.field_name in data
        }
        return {name: problem for name, problem in found.items() if problem}


def type_errors(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Any:
    """What is wrong with the JSON type of `value`: nothing, a message, or messages by place."""
    if value is None:
        return None
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return _inner_errors(field.child, dict(enumerate(value)))
    if isinstance(field, serializers.DictField) and isinstance(value, dict):
        return _inner_errors(field.child, value)
    if isinstance(field, serializers.ChoiceField):
        return _choice_error(field, value)
    for kind, types, name in _EXACT:
        if isinstance(field, kind) and type(value) not in types:
            return ErrorDetail(f"This must be {name}.", code="invalid")
    return None


def _choice_error(field: serializers.ChoiceField, value: Any) -> ErrorDetail | None:
    """One choice must be of a choice's own type; several come as a list, checked by the field."""
    types = {type(choice) for choice in field.choices}
    if isinstance(field, serializers.MultipleChoiceField) or type(value) in types:
        return None
    return ErrorDetail("This is not one of the allowed choices.", code="invalid_choice")


def _inner_errors(
    child: serializers.Field[Any, Any, Any, Any] | None, values: Mapping[Any, Any]
) -> dict[str, Any]:
    if child is None:
        return {}
    found = {str(place): type_errors(child, value) for place, value in values.items()}
    return {place: problem for place, problem in found.items() if problem}
