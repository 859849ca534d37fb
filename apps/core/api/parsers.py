"""Request bodies: strict JSON in UTF-8, or nothing."""

from collections.abc import Mapping
from email.message import Message
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from apps.core import strictjson
from apps.core.errors import TooLarge, UnsupportedMediaType
from apps.core.json_types import Json


class StrictJsonParser(BaseParser):
    """`application/json`, charset utf-8 or none, uncompressed, at most 1 MiB (a setting).

    Raises UnsupportedMediaType (415), TooLarge (413) and what `strictjson.loads` raises (400).
    """

    media_type = "application/json"

    def parse(  # type: ignore[override]  # a JSON document may be a list or a bare value
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Json:
        request = (parser_context or {}).get("request")
        _require_utf8(media_type or self.media_type)
        if (
            request is not None
            and request.headers.get("Content-Encoding", "identity") != "identity"
        ):
            raise UnsupportedMediaType("A compressed body is not accepted")
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(f"A body may hold {limit} bytes")
        return strictjson.loads(body, max_bytes=limit)


def _require_utf8(content_type: str) -> None:
    header = Message()
    header["Content-Type"] = content_type
    charset = header.get_param("charset", "utf-8")
    if not isinstance(charset, str) or charset.lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType
