import pytest

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.ingestion.models import Event
from apps.notifications.models import Delivery, DeliveryAttempt
from apps.notifications.types import Reason, Step
from tests import factories

CODE = "482913"


@pytest.fixture
def told(northwind: Business, ana: User) -> Event:
    """A mail with a code that went all the way, by the second try of one channel."""
    account = factories.make_client(business=northwind, name="Acme")
    event = factories.make_event(
        business=northwind,
        user=ana,
        title=f"Your code is {CODE}",
        content=f"Enter {CODE} within ten minutes. {CODE}!",
        client=account,
    )
    factories.make_classification(
        event=event,
        priority=9,
        category=Category.SECURITY_CODE,
        code=CODE,
        signals=[{"code": "code_in_subject", "detail": ""}],
    )
    step = Step(code=Reason.DISABLED.value, passed=True, inputs={"enabled": True}, margin=1.0)
    decision = factories.make_decision(event=event, user=ana, steps=(step,))
    notification = factories.make_notification(event=event, user=ana, decision=decision)
    delivery = factories.make_delivery(
        notification=notification, channel="console", state=Delivery.State.DELIVERED
    )
    failed = DeliveryAttempt.Outcome.FAILED
    factories.make_attempt(delivery=delivery, number=1, outcome=failed, error_code="timeout")
    factories.make_attempt(delivery=delivery, number=2, outcome=DeliveryAttempt.Outcome.DELIVERED)
    return event
