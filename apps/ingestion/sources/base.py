"""What a source plug-in must be: it opens a body at the door, and makes facts of it later."""

from collections.abc import Mapping
from typing import Protocol

from apps.core.errors import InvalidInput
from apps.core.json_types import Json
from apps.ingestion.types import Envelope, Fact, Skipped


class ShapeError(InvalidInput):
    """The body is well-formed JSON but not a shape this source sends (422, and quarantined)."""

    default_code = "schema_invalid"
    title = "The body does not have the shape this source sends"


class Source(Protocol):
    """Pure: values in, values out. `headers` have lower-case names."""

    def open(self, document: Json, headers: Mapping[str, str]) -> Envelope:
        """Read just enough to deduplicate, limit and route. Raises ShapeError."""
        ...

    def normalize(
        self, document: Json, headers: Mapping[str, str], *, content_limit: int
    ) -> tuple[Fact, ...] | Skipped:
        """The facts in a body that `open` accepted, or why it holds none. Raises ShapeError."""
        ...
