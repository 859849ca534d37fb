"""The people every test knows: Ana owns Northwind, Boris works there too, Zoe works elsewhere."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.models import Business, Role, User
from apps.accounts.services.access_tokens import issue_access
from tests import factories


def pytest_configure(config: pytest.Config) -> None:
    """Nobody collects static files for the tests, and WhiteNoise warns that there are none."""
    config.addinivalue_line("filterwarnings", "ignore:No directory at:UserWarning")


class JsonClient(APIClient):
    default_format = "json"


ApiFor = Callable[[User], JsonClient]


@pytest.fixture
def northwind(db: None) -> Business:
    return factories.make_business(name="Northwind")


@pytest.fixture
def southbank(db: None) -> Business:
    return factories.make_business(name="Southbank")


@pytest.fixture
def ana(northwind: Business) -> User:
    return factories.make_user(name="Ana", business=northwind, role=Role.ADMIN)


@pytest.fixture
def boris(northwind: Business) -> User:
    return factories.make_user(name="Boris", business=northwind)


@pytest.fixture
def zoe(southbank: Business) -> User:
    return factories.make_user(name="Zoe", business=southbank, role=Role.ADMIN)


@pytest.fixture
def now() -> datetime:
    """One moment for the whole test, close enough to the clock for tokens to be valid."""
    return timezone.now()


@pytest.fixture
def anonymous() -> JsonClient:
    return JsonClient()


@pytest.fixture
def api_for(now: datetime) -> ApiFor:
    """An API client that holds a person's access token."""

    def client_of(user: User) -> JsonClient:
        access = issue_access(user, now=now)
        return JsonClient(headers={"Authorization": f"Bearer {access}"})

    return client_of


@pytest.fixture
def as_ana(ana: User, api_for: ApiFor) -> JsonClient:
    return api_for(ana)


@pytest.fixture
def as_boris(boris: User, api_for: ApiFor) -> JsonClient:
    return api_for(boris)


@pytest.fixture
def as_zoe(zoe: User, api_for: ApiFor) -> JsonClient:
    return api_for(zoe)
