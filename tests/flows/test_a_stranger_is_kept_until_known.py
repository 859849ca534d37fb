"""A fact about nobody we know waits, visibly, and goes its way once the account is linked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from apps.accounts.models import Business, LinkedAccount, User
from apps.ingestion.models import Event, RawEvent
from apps.ingestion.services.adopting import adopt_unowned
from apps.notifications.models import Notification
from tests import factories
from tests.flows.conftest import Drain, Outsider

Mail = Callable[..., dict[str, Any]]


def test_a_stranger_s_mail_is_kept_with_its_reason_and_tells_nobody(
    mailroom: Outsider, mail: Mail, drain: Drain, now: datetime
) -> None:
    mailroom.post(mail(subject="Hello", text="Anybody there?", user="pg-stranger"))
    drain(now)
    raw = RawEvent.objects.get()
    assert (raw.state, raw.reason) == (RawEvent.State.UNOWNED, "unknown_account")
    assert Event.objects.count() == 0


def test_linking_the_account_replays_what_waited(
    mailroom: Outsider, mail: Mail, drain: Drain, now: datetime, northwind: Business, boris: User
) -> None:
    mailroom.post(mail(subject="Hello", text="Anybody there?", user="pg-boris"))
    drain(now)
    factories.make_linked_account(
        business=northwind,
        user=boris,
        kind=LinkedAccount.Kind.COMPOSIO_USER,
        external_id="pg-boris",
    )
    adopted = adopt_unowned()
    drain(now)
    assert adopted == 1
    assert Notification.objects.get().user == boris
    assert RawEvent.objects.get().state == RawEvent.State.DONE


def test_another_business_with_the_same_account_gets_nothing(
    mailroom: Outsider, mail: Mail, drain: Drain, now: datetime, southbank: Business, zoe: User
) -> None:
    mailroom.post(mail(subject="Hello", text="Anybody there?", user="pg-zoe"))
    drain(now)
    factories.make_linked_account(
        business=southbank,
        user=zoe,
        kind=LinkedAccount.Kind.COMPOSIO_USER,
        external_id="pg-zoe",
    )
    assert adopt_unowned() == 0
    assert Notification.objects.count() == 0
