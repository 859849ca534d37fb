import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Business, LinkedAccount, User
from apps.ingestion.models import Event

pytestmark = pytest.mark.django_db


def test_an_empty_collection_finds_nothing_without_asking() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert list(User.objects.filter(email__any_of=[])) == []
    assert len(queries) == 0


def test_an_encrypted_column_refuses_it() -> None:
    with pytest.raises(FieldError, match="encrypted"):
        Event.objects.filter(Q(("title__any_of", ["x"])))


def test_it_finds_what_in_finds(ana: User, boris: User, zoe: User) -> None:
    wanted = {ana.pk, zoe.pk}
    assert set(User.objects.filter(id__any_of=wanted)) == {ana, zoe}
    assert set(User.objects.exclude(id__any_of=wanted)) == set(User.objects.exclude(pk__in=wanted))


def test_texts_with_quotes_braces_and_backslashes_are_only_texts(ana: User) -> None:
    for odd in ("{a,b}", 'say "hi"', "back\\slash", "NULL", "", "a,b"):
        User.objects.filter(pk=ana.pk).update(name=odd)
        assert User.objects.filter(name__any_of=[odd, "somebody else"]).get() == ana


def test_a_foreign_key_and_its_column_can_be_asked(ana: User, northwind: Business) -> None:
    account = LinkedAccount.objects.create(
        business=northwind, user=ana, kind=LinkedAccount.Kind.COMPOSIO_USER, external_id="x-1"
    )
    assert (
        LinkedAccount.objects.filter(user_id__any_of=[ana.pk], external_id="x-1").get() == account
    )
    assert not LinkedAccount.objects.filter(user__any_of=[-1]).exists()
