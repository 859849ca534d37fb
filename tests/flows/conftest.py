"""A business as its people would set it up, and an outsider who posts signed bodies to it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Business, LinkedAccount, User
from apps.classification.services.title_rules import ensure_defaults
from apps.core.identifiers import uuid7
from apps.core.redis import client as redis_client
from apps.core.signing import Scheme, sign
from apps.ingestion.models import Source, WatchedField
from apps.ingestion.services.directory import directory
from apps.ingestion.services.sources import add_secret
from apps.pipeline.services.deliveries import drain_deliveries
from apps.pipeline.services.inbox import drain_inbox
from tests import factories


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]

    @property
    def event_id(self) -> str:
        return str(self.body["event_id"])


@dataclass(frozen=True, slots=True)
class Outsider:
    """Signs like a real sender and posts to one source."""

    source: Source
    secret: str

    def post(
        self, document: dict[str, Any], *, message_id: str = "", spoil: bool = False
    ) -> Answer:
        body = json.dumps(document).encode()
        headers = sign(
            Scheme(self.source.scheme),
            self.secret,
            message_id=message_id or str(document.get("id") or f"msg_{uuid7().hex}"),
            now=timezone.now(),
            body=body,
        )
        sent = body.replace(b"a", b"b", 1) if spoil else body
        response = Client().post(
            f"/webhooks/{self.source.slug}",
            data=sent,
            content_type="application/json",
            headers=headers,
        )
        return Answer(response.status_code, json.loads(response.content))


Drain = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def fresh_door(db: None) -> None:
    """Nothing of another test's sources, limits or hints."""
    directory.forget()
    redis_client().flushdb()
    ensure_defaults()


@pytest.fixture
def drain() -> Drain:
    """What the workers do, at the moment the test says it is."""

    def run(now: datetime) -> None:
        drain_inbox(now=now, limit=100)
        drain_deliveries(now=now, limit=100)

    return run


def make_outsider(
    business: Business, slug: str, kind: str, scheme: Scheme, **values: Any
) -> Outsider:
    source = factories.make_source(business=business, kind=kind, slug=slug, scheme=scheme, **values)
    return Outsider(source, add_secret(source)[1])


@pytest.fixture
def mailroom(northwind: Business, ana: User) -> Outsider:
    """Composio, with Ana's mailbox linked as `pg-ana`."""
    factories.make_linked_account(
        business=northwind, user=ana, kind=LinkedAccount.Kind.COMPOSIO_USER, external_id="pg-ana"
    )
    return make_outsider(northwind, "composio", "composio", Scheme.COMPOSIO)


@pytest.fixture
def community(northwind: Business, ana: User, boris: User) -> Outsider:
    """The customer community, watched by everybody at Northwind; job titles count."""
    outsider = make_outsider(
        northwind, "community", "community", Scheme.HMAC, audience=Source.Audience.MEMBERS
    )
    WatchedField.objects.create(
        source=outsider.source, name="Job Title", meaning=WatchedField.Meaning.JOB_TITLE
    )
    return outsider


@pytest.fixture
def mail() -> Callable[..., dict[str, Any]]:
    """A Composio V3 envelope around a Gmail message to `pg-ana`."""

    def build(
        *, subject: str, text: str, sender: str = "Jo <jo@out.example>", user: str = "pg-ana"
    ) -> dict[str, Any]:
        return {
            "id": f"msg_{uuid7().hex}",
            "timestamp": timezone.now().isoformat(),
            "type": "composio.trigger.message",
            "metadata": {
                "log_id": "log_1",
                "trigger_slug": "GMAIL_NEW_GMAIL_MESSAGE",
                "trigger_id": "ti_1",
                "connected_account_id": "ca_1",
                "auth_config_id": "ac_1",
                "user_id": user,
            },
            "data": {
                "message_id": f"m-{uuid7().hex}",
                "sender": sender,
                "subject": subject,
                "message_text": text,
                "label_ids": ["INBOX"],
            },
        }

    return build


@pytest.fixture
def title_change() -> Callable[..., dict[str, Any]]:
    """Gainsight's profile update, exactly as documented."""

    def build(*, value: str, old: str = "", person: str = "2000") -> dict[str, Any]:
        return {
            "userId": person,
            "username": "John Doe",
            "profileFieldId": "123",
            "profileField": "Job Title",
            "value": value,
            "oldValue": old,
        }

    return build
