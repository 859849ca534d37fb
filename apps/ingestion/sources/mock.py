"""The family's fake: opens anything and finds one piece of news in it, always the same."""

from collections.abc import Mapping

from apps.core.hashing import digest
from apps.core.json_types import Json
from apps.ingestion.engines.text import cut
from apps.ingestion.types import AccountKind, AccountRef, Envelope, EventKind, Fact

EVENT_TYPE = "mock"


class MockSource:
    """See `apps.ingestion.sources.base.Source`. A text under "user" names whose fact it is."""

    def open(self, document: Json, headers: Mapping[str, str]) -> Envelope:
        user = document.get("user") if isinstance(document, dict) else None
        if not isinstance(user, str):
            return Envelope(event_type=EVENT_TYPE)
        account = AccountRef(kind=AccountKind.EXTERNAL_USER, external_id=user[:200])
        return Envelope(event_type=EVENT_TYPE, accounts=(account,))

    def normalize(
        self, document: Json, headers: Mapping[str, str], *, content_limit: int
    ) -> tuple[Fact, ...]:
        text = str(document)
        content, truncated = cut(text, content_limit)
        fact = Fact(
            kind=EventKind.NEWS,
            event_type=EVENT_TYPE,
            external_id=digest(text).hex(),
            title="Mock event",
            content=content,
            truncated=truncated,
        )
        return (fact,)
