"""Whose fact is it? Nobody's facts wait with their reason; one's own mail makes no noise."""

import pytest

from apps.accounts.models import Business, LinkedAccount, Membership, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.ingestion.models import Event, Source
from apps.ingestion.services.adopting import adopt_unowned
from apps.notifications.models import Notification
from tests import factories
from tests.factories.values import NOON
from tests.pipeline.builders import drain, event_of, mail, news, raw_of, receive, told_of


def link(business: Business, user: User, external_id: str) -> LinkedAccount:
    return factories.make_linked_account(
        business=business, user=user, kind="composio_user", external_id=external_id
    )


def test_a_fact_of_nobody_we_know_is_kept_with_its_reason(mailbox: Source) -> None:
    [event_id] = receive(mailbox, mail(user="stranger"))
    drain()
    row = raw_of(event_id)
    assert (row.state, row.reason) == ("unowned", "unknown_account")
    assert row.finished_at is not None
    assert not Event.objects.exists()
    kept = AuditEvent.objects.get(type=AuditType.EVENT_UNOWNED)
    assert kept.correlation_id == event_id


def test_a_fact_is_told_as_soon_as_its_account_is_linked(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    [event_id] = receive(mailbox, mail(user="boris"))
    drain()
    link(northwind, boris, "boris")
    assert adopt_unowned() == 1
    drain()
    assert raw_of(event_id).state == "done"
    assert [told.user for told in told_of(event_id)] == [boris]
    replayed = AuditEvent.objects.get(type=AuditType.EVENT_REPLAYED)
    assert replayed.correlation_id == event_id


def test_a_fact_is_adopted_once(mailbox: Source, northwind: Business, boris: User) -> None:
    receive(mailbox, mail(user="boris"))
    drain()
    link(northwind, boris, "boris")
    adopt_unowned()
    drain()
    assert adopt_unowned() == 0


def test_the_account_of_another_business_adopts_nothing(
    mailbox: Source, southbank: Business, zoe: User
) -> None:
    receive(mailbox, mail(user="zoe"))
    drain()
    link(southbank, zoe, "zoe")
    assert adopt_unowned() == 0


def test_the_account_of_somebody_who_left_adopts_nothing(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    receive(mailbox, mail(user="boris"))
    drain()
    link(northwind, boris, "boris")
    User.objects.filter(pk=boris.pk).update(is_active=False)
    assert adopt_unowned() == 0


def test_nothing_is_told_to_somebody_taken_out_of_the_business(mailbox: Source, ana: User) -> None:
    Membership.objects.filter(user=ana).delete()
    [event_id] = receive(mailbox, mail())
    drain()
    assert (raw_of(event_id).state, raw_of(event_id).reason) == ("unowned", "unknown_account")
    assert not Event.objects.exists()


def test_a_membership_elsewhere_owns_nothing_here(
    mailbox: Source, southbank: Business, ana: User
) -> None:
    Membership.objects.filter(user=ana).update(business=southbank)
    [event_id] = receive(mailbox, mail())
    drain()
    assert raw_of(event_id).state == "unowned"


def test_the_account_of_somebody_taken_out_of_the_business_adopts_nothing(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    receive(mailbox, mail(user="boris"))
    drain()
    link(northwind, boris, "boris")
    Membership.objects.filter(user=boris).delete()
    assert adopt_unowned() == 0


def test_a_fact_is_told_as_soon_as_its_person_is_taken_in_again(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    link(northwind, boris, "boris")
    LinkedAccount.objects.update(updated_at=NOON)
    Membership.objects.filter(user=boris).delete()
    [event_id] = receive(mailbox, mail(user="boris"))
    drain()
    factories.make_membership(user=boris, business=northwind)
    assert adopt_unowned() == 1
    drain()
    assert [told.user for told in told_of(event_id)] == [boris]


def test_an_account_of_the_same_name_but_another_kind_adopts_nothing(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    receive(mailbox, mail(user="boris"))
    drain()
    factories.make_linked_account(
        business=northwind, user=boris, kind="community_user", external_id="boris"
    )
    assert adopt_unowned() == 0


def test_mail_that_ana_sent_herself_is_silent(mailbox: Source) -> None:
    [event_id] = receive(mailbox, mail(sender="Ana <Ana@Northwind.example>"))
    drain()
    row = raw_of(event_id)
    assert (row.state, row.reason) == ("skipped", "sent_mail")
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"type": "note", "user": "ana", "data": {"priority": 3}}, "no_content"),
    ],
)
def test_a_body_without_news_is_skipped_with_its_reason(
    newsroom: Source, document: dict[str, object], reason: str
) -> None:
    [event_id] = receive(newsroom, document)
    drain()
    assert (raw_of(event_id).state, raw_of(event_id).reason) == ("skipped", reason)


def test_mail_of_a_clients_domain_is_linked_to_the_client(
    mailbox: Source, northwind: Business
) -> None:
    client = factories.make_client(business=northwind, domains=("ACME.example",))
    [event_id] = receive(mailbox, mail(sender="Carla <carla@acme.example>"))
    drain()
    assert event_of(event_id).client == client


def test_a_client_that_is_watched_no_more_is_not_linked(
    mailbox: Source, northwind: Business
) -> None:
    factories.make_client(business=northwind, is_active=False)
    [event_id] = receive(mailbox, mail(sender="Carla <carla@acme.example>"))
    drain()
    assert event_of(event_id).client is None


def test_another_business_clients_are_not_linked(mailbox: Source, southbank: Business) -> None:
    factories.make_client(business=southbank)
    [event_id] = receive(mailbox, mail(sender="Carla <carla@acme.example>"))
    drain()
    assert event_of(event_id).client is None


@pytest.mark.parametrize("limit", [1, 200], ids=["one by one", "in one batch"])
def test_an_answer_knows_what_it_answers(mailbox: Source, limit: int) -> None:
    ids = receive(mailbox, *(mail(thread="t1") for _ in range(3)), mail(thread="t2"))
    drain(limit=limit)
    first, second, third, other = map(event_of, ids)
    assert [first.previous, second.previous, third.previous] == [None, first, second]
    assert other.previous is None


def test_threads_of_two_people_never_meet(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    link(northwind, boris, "boris")
    _, of_boris = receive(mailbox, mail(thread="t1"), mail(thread="t1", user="boris"))
    drain()
    assert event_of(of_boris).previous is None


def test_a_fact_about_boris_is_not_told_to_ana(
    newsroom: Source, northwind: Business, boris: User
) -> None:
    factories.make_linked_account(
        business=northwind, user=boris, kind="external_user", external_id="boris"
    )
    [event_id] = receive(newsroom, news(user="boris"))
    drain()
    assert [told.user for told in told_of(event_id)] == [boris]
    assert event_of(event_id).user == boris
