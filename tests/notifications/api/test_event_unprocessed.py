import pytest

from apps.accounts.models import Business, User
from apps.ingestion.models import RawEvent
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

PATH = "/v3/proactive/events"


@pytest.fixture
def waiting(northwind: Business, ana: User) -> RawEvent:
    account = factories.make_linked_account(business=northwind, user=ana)
    return factories.make_raw_event(
        business=northwind, accounts=[f"{account.kind}:{account.external_id}"]
    )


def test_a_colleague_does_not_see_it(waiting: RawEvent, as_boris: JsonClient) -> None:
    assert as_boris.get(f"{PATH}/{waiting.correlation_id}").status_code == 404


def test_the_linked_person_sees_its_state(waiting: RawEvent, as_ana: JsonClient) -> None:
    body = as_ana.get(f"{PATH}/{waiting.correlation_id}").json()
    assert body == {
        "id": str(waiting.correlation_id),
        "correlation_id": str(waiting.correlation_id),
        "state": "received",
        "reason": "",
        "source": "Mail",
        "received_at": "2026-03-04T12:00:00Z",
    }


def test_staff_of_the_business_sees_it(
    waiting: RawEvent, boris: User, as_boris: JsonClient
) -> None:
    User.objects.filter(pk=boris.pk).update(is_staff=True)
    assert as_boris.get(f"{PATH}/{waiting.correlation_id}").json()["state"] == "received"


def test_staff_does_not_see_a_colleagues_processed_event(
    northwind: Business, ana: User, boris: User, as_boris: JsonClient
) -> None:
    User.objects.filter(pk=boris.pk).update(is_staff=True)
    event = factories.make_event(business=northwind, user=ana)
    assert as_boris.get(f"{PATH}/{event.public_id}").status_code == 404
