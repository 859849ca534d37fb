"""A page of a list: what is not understood is refused, never passed over."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import InvalidInput

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
MAX_OFFSET = 10_000_000

_MAX_UNKNOWN = 20
_MAX_NAME = 100

_NUMBER = re.compile(r"[0-9]{1,8}")


class LimitOffsetPage(BasePagination):
    """`?limit=&offset=` → rows, `total`, `limit`, `offset`, `hasMore`.

    1 to 100 rows after leaving out `offset` of them. The list is called `results`; a subclass gives
    it another name with `rows_name`, and `offset` with `offset_name`.
    """

    rows_name: ClassVar[str] = "results"
    offset_name: ClassVar[str] = "offset"

    def __init__(self) -> None:
        self.limit = DEFAULT_LIMIT
        self.offset = 0
        self.total = 0

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """The rows of the page. One count, and no query for rows beyond it. Raises 422.

        Every list ends here, so here a query's unknown names are refused.
        """
        refuse_unknown(request, {"limit", self.offset_name} | _filters(view))
        self.limit = _number(request, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
        self.offset = _number(request, self.offset_name, 0, 0, MAX_OFFSET)
        self.total = queryset.count() if isinstance(queryset, QuerySet) else len(queryset)
        if self.offset >= self.total:
            return []
        return list(queryset[self.offset : self.offset + self.limit])

    def get_paginated_response(self, data: Any) -> Response:
        more = self.offset + len(data) < self.total
        window = {"total": self.total, "limit": self.limit, self.offset_name: self.offset}
        return Response({self.rows_name: data, **window, "hasMore": more})

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        number = {"type": "integer", "minimum": 0}
        window = dict.fromkeys(("total", "limit", self.offset_name), number)
        properties = {self.rows_name: schema, **window, "hasMore": {"type": "boolean"}}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("limit", "Rows a page", DEFAULT_LIMIT, 1, MAX_LIMIT),
            _parameter(self.offset_name, "Rows to leave out first", 0, 0, MAX_OFFSET),
        ]


def _filters(view: Any) -> set[str]:
    """The names a view's django-filter set narrows by."""
    return set(getattr(getattr(view, "filterset_class", None), "base_filters", ()))


def refuse_unknown(request: Request, known: set[str]) -> None:
    """Raises InvalidInput for names in the query that nobody asks for."""
    unknown = [name for name in request.query_params if name not in known][:_MAX_UNKNOWN]
    if unknown:
        raise InvalidInput(
            code="unknown_field",
            fields={name[:_MAX_NAME]: "This list cannot be asked that." for name in unknown},
        )


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        message = f"This must be a whole number from {least} to {most}."
        raise InvalidInput(code="invalid_page", fields={name: message})
    return int(text)


def _parameter(name: str, about: str, default: int, least: int, most: int) -> dict[str, Any]:
    schema = {"type": "integer", "default": default, "minimum": least, "maximum": most}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": about,
        "schema": schema,
    }
