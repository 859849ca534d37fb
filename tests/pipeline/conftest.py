import pytest

from apps.accounts.models import Business, LinkedAccount, User
from apps.ingestion.models import Source
from tests import factories
from tests.notifications.twilio_settings import twilio
from tests.pipeline import builders

__all__ = ["community", "linked_ana", "mailbox", "newsroom", "twilio"]


@pytest.fixture
def linked_ana(northwind: Business, ana: User) -> User:
    """Ana with her mailbox at Composio and her name at any other sender."""
    kinds = LinkedAccount.Kind
    for kind, mailbox in (
        (kinds.COMPOSIO_USER, "ana@northwind.example"),
        (kinds.EXTERNAL_USER, ""),
    ):
        factories.make_linked_account(
            business=northwind, user=ana, kind=kind, external_id="ana", mailbox=mailbox
        )
    return ana


@pytest.fixture
def mailbox(northwind: Business, linked_ana: User) -> Source:
    return builders.mail_source(northwind)


@pytest.fixture
def newsroom(northwind: Business, linked_ana: User) -> Source:
    return builders.news_source(northwind)


@pytest.fixture
def community(northwind: Business, ana: User, boris: User) -> Source:
    """Told to Ana and Boris; only the job title is watched."""
    source = builders.community_source(northwind)
    factories.make_watched_field(source=source)
    return source
