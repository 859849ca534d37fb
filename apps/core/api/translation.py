"""Other people's exceptions as errors of ours: Django's, REST framework's, the database's."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.core import exceptions as django_errors
from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions as rest_errors

from apps.core import errors

DATABASE_RETRY_SECONDS = 5.0

# Codes a serializer may give an error so that the whole problem carries it.
SPECIFIC_CODES = frozenset(
    {
        *("unknown_field", "invalid_page", "invalid_timezone", "invalid_cron", "invalid_regex"),
        *("invalid_rule", "invalid_template", "invalid_keys", "endpoint_not_allowed"),
    }
)

# REST framework's words for these repeat the input.
_WITHOUT_ECHO: Mapping[str, str] = {
    "invalid_choice": "This is not one of the allowed choices.",
    "does_not_exist": "There is no such thing.",
}

_ROOT = "non_field_errors"
_MAX_FIELDS = 50


def as_vigil_error(error: BaseException) -> errors.VigilError | None:
    """The error a caller should see, or nothing for what nobody anticipated."""
    if isinstance(error, errors.VigilError):
        return error
    for kinds, translate in _TRANSLATIONS:
        if isinstance(error, kinds):
            return translate(error)
    return None


def flatten(detail: Any) -> list[tuple[str, str, str]]:
    """Nested messages as `(dotted path, message, code)`, at most 50 of them.

    >>> flatten({"items": [{}, {"name": ["Too long."]}]})
    [('items.1.name', 'Too long.', 'invalid')]
    """
    return list(islice(_leaves(detail, ()), _MAX_FIELDS))


def _leaves(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _leaves(inner, path if name == _ROOT else (*path, str(name)))
    elif isinstance(detail, list | tuple):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _leaves(inner, (*path, str(position)) if nested else path)
    else:
        code = getattr(detail, "code", None) or "invalid"
        yield ".".join(path) or _ROOT, _WITHOUT_ECHO.get(code, str(detail)), code


def _validation(detail: Any) -> errors.VigilError:
    found = flatten(detail)
    fields: dict[str, str] = {}
    for path, message, _ in found:
        fields[path] = f"{fields[path]} {message}" if path in fields else message
    code = next((code for *_, code in found if code in SPECIFIC_CODES), "validation_error")
    return errors.InvalidInput(code=code, fields=fields)


def _django_validation(error: Any) -> errors.VigilError:
    return _validation(error.message_dict if hasattr(error, "error_dict") else error.messages)


def _method(error: Any) -> errors.VigilError:
    return errors.MethodNotAllowed(str(error.detail))


def _throttled(error: Any) -> errors.VigilError:
    return errors.RateLimited(retry_after=error.wait)


def _database(_: Any) -> errors.VigilError:
    return errors.Unavailable(code="database_error", retry_after=DATABASE_RETRY_SECONDS)


def _bad_request(_: Any) -> errors.VigilError:
    return errors.InvalidInput(code="bad_request", status=400)


def _other(error: Any) -> errors.VigilError:
    code = str(error.default_code)
    return errors.VigilError(str(error.default_detail), code=code, status=error.status_code)


def _plain(kind: type[errors.VigilError]) -> Callable[[Any], errors.VigilError]:
    return lambda _: kind()


# The first entry that fits wins, so a subclass stands before its base.
_TRANSLATIONS: tuple[
    tuple[tuple[type[BaseException], ...], Callable[[Any], errors.VigilError]], ...
] = (
    ((rest_errors.ValidationError,), lambda error: _validation(error.detail)),
    ((django_errors.ValidationError,), _django_validation),
    ((Http404, django_errors.ObjectDoesNotExist, rest_errors.NotFound), _plain(errors.NotFound)),
    (
        (rest_errors.NotAuthenticated, rest_errors.AuthenticationFailed),
        _plain(errors.Unauthorized),
    ),
    ((django_errors.PermissionDenied, rest_errors.PermissionDenied), _plain(errors.Forbidden)),
    ((rest_errors.MethodNotAllowed,), _method),
    ((rest_errors.NotAcceptable,), _plain(errors.NotAcceptable)),
    ((rest_errors.UnsupportedMediaType,), _plain(errors.UnsupportedMediaType)),
    ((rest_errors.Throttled,), _throttled),
    ((rest_errors.ParseError,), _bad_request),
    ((rest_errors.APIException,), _other),
    ((django_errors.RequestDataTooBig,), _plain(errors.TooLarge)),
    (
        (django_errors.SuspiciousOperation, django_errors.BadRequest, UnreadablePostError),
        _bad_request,
    ),
    ((OperationalError, InterfaceError), _database),
)
