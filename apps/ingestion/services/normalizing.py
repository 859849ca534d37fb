"""From stored bodies to facts. Reads no table: the caller brings rows and their sources' kinds."""

from collections.abc import Mapping, Sequence

import structlog
from django.conf import settings

from apps.core import strictjson
from apps.core.errors import VigilError
from apps.ingestion.models import RawEvent
from apps.ingestion.sources import SOURCES
from apps.ingestion.types import RawRow, Reading, Skipped

log = structlog.get_logger(__name__)


class NormalizingFailed(VigilError):
    """Something nobody foresaw: tried again, then dead-lettered."""

    default_code = "normalizing_failed"
    title = "The body could not be read"


def read(rows: Sequence[RawRow], kinds: Mapping[int, str]) -> list[Reading]:
    """One Reading per row; `kinds` maps a source's id to its plug-in. Never raises."""
    return [_read(row, kinds[row.source_id]) for row in rows]


def _read(row: RawRow, kind: str) -> Reading:
    try:
        body = RawEvent.decrypt_body(row.body)
        document = strictjson.loads(body, max_bytes=settings.WEBHOOK_MAX_BYTES)
        found = SOURCES.get(kind).normalize(
            document, row.headers, content_limit=settings.CONTENT_MAX_CHARACTERS
        )
    except VigilError as error:
        return Reading(raw=row, failure=error)
    except Exception:
        log.exception(
            "normalizing_failed",
            raw_event_id=row.id,
            source_kind=kind,
            correlation_id=str(row.correlation_id),
        )
        return Reading(raw=row, failure=NormalizingFailed())
    if isinstance(found, Skipped):
        return Reading(raw=row, skipped=found)
    return Reading(raw=row, facts=found)
