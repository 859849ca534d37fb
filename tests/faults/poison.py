"""A source plug-in that takes its whole process with it, as a fault in a C library would."""

import os
import signal
from collections.abc import Mapping

from apps.core.json_types import Json
from apps.ingestion.sources.generic import GenericSource
from apps.ingestion.types import Fact, Skipped


class PoisonSource(GenericSource):
    """Bodies of the type "poison" kill; all others are read as usual."""

    def normalize(
        self, document: Json, headers: Mapping[str, str], *, content_limit: int
    ) -> tuple[Fact, ...] | Skipped:
        if isinstance(document, dict) and document.get("type") == "poison":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().normalize(document, headers, content_limit=content_limit)
