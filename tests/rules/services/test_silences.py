from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from apps.rules.models import Silence
from apps.rules.selectors import silences, snoozed_until_of, visible_silences
from apps.rules.services.silences import LONGEST, Matchers, Snooze, add, lift, snooze, wake
from apps.rules.types import Subject
from tests import factories

CLOCK = ZoneInfo("UTC")
NEWS = Subject(category="news", event_type="news.article", priority=5)


@pytest.mark.parametrize("ahead", [timedelta(0), -timedelta(hours=1), LONGEST + timedelta(days=1)])
def test_an_end_that_makes_no_sense_is_refused(
    northwind: Business, ana: User, now: datetime, ahead: timedelta
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(northwind, ana, Matchers(), expires_at=now + ahead, now=now)
    assert set(refused.value.fields) == {"expires_at"}


def test_matchers_that_make_no_sense_are_named(
    northwind: Business, southbank: Business, ana: User, now: datetime
) -> None:
    foreign = factories.make_client(business=southbank)
    for matchers, field in (
        (Matchers(sender="nobody"), "address"),
        (Matchers(min_priority=8, max_priority=3), "max_priority"),
        (Matchers(client=foreign), "client"),
    ):
        with pytest.raises(InvalidInput) as refused:
            add(northwind, ana, matchers, expires_at=now + LONGEST, now=now)
        assert set(refused.value.fields) == {field}
    assert not Silence.objects.exists()


def test_nobody_keeps_more_silences_than_can_be_looked_through(
    northwind: Business, ana: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.rules.services.silences.MOST_OWN", 1)
    factories.make_silence(business=northwind)
    factories.make_silence(business=northwind, user=ana, expires_at=now)
    add(northwind, ana, Matchers(category="news"), expires_at=now + LONGEST, now=now)
    with pytest.raises(Conflict):
        add(northwind, ana, Matchers(category="risk"), expires_at=now + LONGEST, now=now)
    snooze(northwind, ana, Snooze.HOUR, clock=CLOCK, now=now)
    assert Silence.objects.filter(user=ana, expires_at__gt=now).count() == 2


def test_ending_a_snooze_leaves_the_other_silences(
    northwind: Business, ana: User, boris: User, now: datetime
) -> None:
    narrow = factories.make_silence(business=northwind, user=ana, category="news")
    his = factories.make_silence(business=northwind, user=boris)
    shared = factories.make_silence(business=northwind)
    snooze(northwind, ana, Snooze.HOUR, clock=CLOCK, now=now)
    wake(northwind, ana, now=now)
    assert {*Silence.objects.filter(ended_at=None)} == {narrow, his, shared}
    assert Silence.objects.get(ended_at=now).user == ana
    assert AuditEvent.objects.latest("id").message == "Snooze ended"
    assert snoozed_until_of(ana, now=now) is None


def test_the_silence_of_somebody_else_cannot_be_lifted(
    northwind: Business, ana: User, boris: User, now: datetime
) -> None:
    his = factories.make_silence(business=northwind, user=boris)
    shared = factories.make_silence(business=northwind)
    for public_id, refusal in (
        (his.public_id, NotFound),
        (shared.public_id, Forbidden),
        (uuid4(), NotFound),
    ):
        with pytest.raises(refusal):
            lift(ana, public_id, now=now)
    assert Silence.objects.count() == 2


def test_lifting_ones_own_ends_it_and_is_written_down(
    northwind: Business, ana: User, now: datetime
) -> None:
    mine = factories.make_silence(business=northwind, user=ana)
    lift(ana, mine.public_id, now=now)
    assert Silence.objects.get().ended_at == now
    assert not visible_silences(ana, now=now).exists()
    assert AuditEvent.objects.get().message == "Silence lifted"


def test_the_last_snooze_counts(northwind: Business, ana: User, now: datetime) -> None:
    narrow = factories.make_silence(business=northwind, user=ana, category="news")
    snooze(northwind, ana, Snooze.TOMORROW, clock=CLOCK, now=now)
    snooze(northwind, ana, Snooze.HOUR, clock=CLOCK, now=now)
    found = silences({northwind.pk}, {ana.pk}, now=now)
    assert found.snoozed_until(northwind.pk, ana.pk) == now + timedelta(hours=1)
    said = AuditEvent.objects.order_by("id").values_list("message", flat=True)
    assert list(said) == ["Silence added", "Snooze ended", "Silence added"]
    assert Silence.objects.filter(pk=narrow.pk).exists()


def test_a_sender_is_found_by_its_index_and_stored_encrypted(
    northwind: Business, ana: User, now: datetime
) -> None:
    matchers = Matchers(sender="Carla@ACME.example")
    silence = add(northwind, ana, matchers, expires_at=now + LONGEST, now=now)
    same = factories.make_vip(business=northwind, address="carla@acme.example")
    silence.refresh_from_db()
    assert silence.sender == "carla@acme.example"
    assert bytes(silence.sender_index or b"") == bytes(same.address_index)


def test_a_batch_sees_its_own_and_everybodys_and_nothing_that_has_ended(
    northwind: Business, southbank: Business, ana: User, boris: User, now: datetime
) -> None:
    factories.make_silence(business=southbank)
    factories.make_silence(business=northwind, user=boris)
    factories.make_silence(business=northwind, expires_at=now)
    assert not silences({northwind.pk}, {ana.pk}, now=now)
    shared = factories.make_silence(business=northwind, category="news")
    found = silences({northwind.pk}, {ana.pk}, now=now).silence_for(northwind.pk, ana.pk, NEWS)
    assert found is not None
    assert found.silence_id == shared.public_id


def test_a_persons_snooze_is_no_silence(northwind: Business, ana: User, now: datetime) -> None:
    factories.make_silence(business=northwind, user=ana)
    found = silences({northwind.pk}, {ana.pk}, now=now)
    assert found.silence_for(northwind.pk, ana.pk, NEWS) is None
    assert found.snoozed_until(northwind.pk, ana.pk) is not None
