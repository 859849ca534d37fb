"""Who may send, and what has come. What became of it is the pipeline's page: it lies above."""

from apps.ingestion.admin.raw_events import RawEventAdmin
from apps.ingestion.admin.sources import SourceAdmin

__all__ = ["RawEventAdmin", "SourceAdmin"]
