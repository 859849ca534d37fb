from apps.ingestion.models.event import Event
from apps.ingestion.models.profile_value import ProfileValue
from apps.ingestion.models.raw_event import RawEvent
from apps.ingestion.models.source import Source, SourceSecret
from apps.ingestion.models.watched_field import WatchedField

__all__ = ["Event", "ProfileValue", "RawEvent", "Source", "SourceSecret", "WatchedField"]
