"""People and keys in the console."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import ApiKey, Business, LinkedAccount, User
from apps.accounts.services import api_keys
from tests import factories
from tests.console import fields_of, list_of, operator, page_of

PASSWORD = "a long enough password"


@pytest.fixture
def console(db: None) -> Client:
    return operator()


def new_person(**changes: Any) -> dict[str, Any]:
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    return {"email": "Dana@Example.com", "name": "Dana", **passwords, **changes}


@pytest.mark.parametrize("password", ["short", "1234567890123", "password"])
def test_a_weak_password_is_a_field_error(password: str, console: Client) -> None:
    fields = new_person(password1=password, password2=password)
    shown = console.post(f"{list_of(User)}add/", fields)
    assert "password2" in shown.context["adminform"].form.errors


def test_the_same_address_twice_is_a_field_error(console: Client) -> None:
    factories.make_user(email="dana@example.com")
    shown = console.post(f"{list_of(User)}add/", new_person())
    assert "email" in shown.context["adminform"].form.errors


def test_a_new_person_can_log_in_by_address(console: Client) -> None:
    console.post(f"{list_of(User)}add/", new_person())
    assert Client().login(username="dana@example.com", password=PASSWORD)


def test_a_password_can_be_changed(console: Client, boris: User) -> None:
    fields = new_person()
    console.post(f"{list_of(User)}{boris.pk}/password/", fields)
    assert Client().login(username=boris.email, password=PASSWORD)


def test_an_unknown_zone_is_a_field_error(console: Client, boris: User) -> None:
    fields = fields_of(console, page_of(boris))
    shown = console.post(page_of(boris), {**fields, "time_zone": "Nowhere"})
    assert "time_zone" in shown.context["adminform"].form.errors


def new_key(user: User) -> dict[str, Any]:
    return {"user": user.pk, "name": "Import", "scopes": ["read"]}


def test_a_key_is_shown_once_and_works(console: Client, boris: User, now: datetime) -> None:
    shown = console.post(f"{list_of(ApiKey)}add/", new_key(boris), follow=True)
    [message] = [str(m) for m in shown.context["messages"] if "shown only this once" in str(m)]
    text = message.rpartition(" ")[2]
    assert api_keys.check(text, now=now).user == boris
    assert text.encode() not in console.get(page_of(ApiKey.objects.get())).content


def test_a_key_for_somebody_without_a_business_is_a_field_error(console: Client) -> None:
    shown = console.post(f"{list_of(ApiKey)}add/", new_key(factories.make_user()))
    assert "user" in shown.context["adminform"].form.errors


def test_a_revoked_key_is_useless(
    console: Client, northwind: Business, boris: User, now: datetime
) -> None:
    key, _ = factories.make_api_key(business=northwind, user=boris)
    console.post(list_of(ApiKey), {"action": "revoke_keys", "_selected_action": key.pk})
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_linking_an_account_promises_what_happens_to_waiting_facts(console: Client) -> None:
    shown = console.get(f"{list_of(LinkedAccount)}add/")
    assert b"within seconds" in shown.content
