import os
from collections.abc import Iterator

import pytest

from apps.accounts.models import Business, LinkedAccount, User
from apps.ingestion.models import Source
from tests import factories
from tests.faults.harness import Workers
from tests.pipeline import builders


@pytest.fixture(scope="session")
def nursery(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """One for all tests: starting Django takes seconds, a fork takes none."""
    variables = {**os.environ, "DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS": "2000"}
    started = Workers(tmp_path_factory.mktemp("workers"), variables)
    yield started
    started.close()


@pytest.fixture
def workers(transactional_db: None, nursery: Workers) -> Iterator[Workers]:
    """Gone before the tables are emptied."""
    nursery.forget_output()
    yield nursery
    nursery.stop()


@pytest.fixture
def business(transactional_db: None) -> Business:
    return factories.make_business()


@pytest.fixture
def ana(business: Business) -> User:
    user = factories.make_user(name="Ana", business=business)
    kind = LinkedAccount.Kind.EXTERNAL_USER
    factories.make_linked_account(business=business, user=user, kind=kind, external_id="ana")
    return user


@pytest.fixture
def source(business: Business, ana: User) -> Source:
    """News for Ana."""
    return builders.news_source(business)
