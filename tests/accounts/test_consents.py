"""What people consented to: kept word by word, and the latest counts."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, Consent, User
from apps.accounts.selectors import has_withdrawn, latest_consents
from apps.accounts.services import consents
from apps.audit.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db


def say(user: User, *, granted: bool, now: datetime, purpose: str = "notifications") -> bool:
    source = Consent.Source.API
    return consents.record(user, purpose, granted=granted, source=source, actor=user, now=now)[1]


def test_whoever_never_spoke_has_withdrawn_nothing(ana: User) -> None:
    assert has_withdrawn(ana) is False
    assert latest_consents({ana.pk}, ["notifications"]) == {}


def test_the_same_word_again_is_no_new_one(ana: User, now: datetime) -> None:
    assert [say(ana, granted=False, now=now) for _ in range(2)] == [True, False]
    assert Consent.objects.count() == 1


def test_the_latest_word_counts_and_the_earlier_ones_stay(ana: User, now: datetime) -> None:
    words = [(False, now), (True, now + timedelta(days=1)), (False, now - timedelta(days=1))]
    counted = []
    for granted, at in words:
        say(ana, granted=granted, now=at)
        counted.append(has_withdrawn(ana))
    assert counted == [True, False, True]
    assert Consent.objects.count() == 3


def test_a_channels_consent_says_nothing_of_being_told_at_all(ana: User, now: datetime) -> None:
    say(ana, granted=False, now=now, purpose="sms")
    assert has_withdrawn(ana) is False


def test_every_word_is_in_the_audit_trail(ana: User, northwind: Business, now: datetime) -> None:
    say(ana, granted=False, now=now)
    say(ana, granted=False, now=now)
    event = AuditEvent.objects.get()
    assert (event.message, event.actor, event.business) == ("Consent withdrawn", ana, northwind)
    assert event.metadata == {"purpose": "notifications", "source": "api"}


def test_a_batch_costs_one_query(
    ana: User, boris: User, zoe: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for granted in (True, False):
        factories.make_consent(user=ana, purpose="sms", granted=granted)
    factories.make_consent(user=boris, purpose="sms")
    factories.make_consent(user=boris, purpose="whatsapp")
    with django_assert_num_queries(1):
        found = latest_consents({ana.pk, boris.pk, zoe.pk}, ["sms"])
    assert {key: row.granted for key, row in found.items()} == {
        (ana.pk, "sms"): False,
        (boris.pk, "sms"): True,
    }
