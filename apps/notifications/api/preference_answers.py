"""What the doors of preferences share: versions, explanations, names of fields."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import InvalidInput, VigilError
from apps.notifications.selectors.preferences import Stored
from apps.notifications.types import Origin

EXPLAIN = OpenApiParameter(
    "explain", OpenApiTypes.BOOL, description="Also say where each value comes from."
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The `ETag` that was read; 412 when anything has changed since.",
)

_MAX_TAGS = 20


def explains(request: Request) -> bool:
    """Whether `?explain=true`. Raises InvalidInput for what is neither true nor false."""
    text = request.query_params.get("explain", "false")
    if text not in ("true", "false"):
        raise InvalidInput(fields={"explain": "This must be true or false."})
    return text == "true"


def versions_seen(request: Request) -> tuple[str, ...] | None:
    """The versions `If-Match` names; None without it, and for "*".

    A weak tag never matches (RFC 9110, 13.1.1), and neither does what is no tag.
    """
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    tags = (tag.strip() for tag in header.split(",", _MAX_TAGS))
    return tuple(tag[1:-1] for tag in tags if len(tag) > 1 and tag[0] == tag[-1] == '"')


def answer(data: Any, stored: Stored, *, status: int = 200) -> Response:
    return Response(data, status=status, headers={"ETag": f'"{stored.version}"'})


def sources_of(
    form: serializers.Serializer[Any], origins: Mapping[str, Origin]
) -> dict[str, Origin]:
    """Dotted path in the document → origin, for every field of `form` that `origins` knows."""
    found: dict[str, Origin] = {}
    for name, field in form.fields.items():
        if isinstance(field, serializers.Serializer):
            inner = sources_of(field, origins)
            found |= {f"{name}.{path}": origin for path, origin in inner.items()}
        elif field.source in origins:
            found[name] = origins[str(field.source)]
    return found


@contextmanager
def named(names: Mapping[str, str]) -> Iterator[None]:
    """Errors of a service, with its fields under the names this door has for them."""
    try:
        yield
    except VigilError as error:
        error.fields = {names.get(name, name): reason for name, reason in error.fields.items()}
        raise
