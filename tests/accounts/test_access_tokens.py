"""Catalogue B47: what a forged, borrowed or stale token is worth."""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django import Settings

from apps.accounts.models import User
from apps.accounts.services import access_tokens
from apps.accounts.services.access_tokens import issue_access, user_of_access
from apps.core.errors import Unauthorized

pytestmark = pytest.mark.django_db

Forge = Callable[[Mapping[str, Any], Mapping[str, Any]], str]


@pytest.fixture
def forge(ana: User, now: datetime) -> Forge:
    """A token signed with the real key, with other claims or headers than it should have."""
    real = jwt.decode(issue_access(ana, now=now), options={"verify_signature": False})
    key_id, key = next(iter(access_tokens._keys().items()))

    def forged(claims: Mapping[str, Any], headers: Mapping[str, Any]) -> str:
        changed = {**real, **claims}
        kept = {name: value for name, value in changed.items() if value is not None}
        return jwt.encode(kept, key, algorithm="HS256", headers={"kid": key_id, **headers})

    return forged


def test_a_fresh_token_names_its_person(ana: User, now: datetime) -> None:
    assert user_of_access(issue_access(ana, now=now)) == ana


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "ä.ö.ü", "..", "\x00", "e30.e30."])
def test_a_malformed_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthorized):
        user_of_access(text)


def test_a_token_without_signature_is_refused(ana: User, now: datetime) -> None:
    claims = jwt.decode(issue_access(ana, now=now), options={"verify_signature": False})
    key_id = next(iter(access_tokens._keys()))
    with pytest.raises(Unauthorized):
        user_of_access(jwt.encode(claims, "", algorithm="none", headers={"kid": key_id}))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_with_the_right_key_is_refused(
    ana: User, now: datetime, algorithm: str
) -> None:
    claims = jwt.decode(issue_access(ana, now=now), options={"verify_signature": False})
    key_id, key = next(iter(access_tokens._keys().items()))
    padded = key.ljust(64, b"\0")  # HMAC pads a short key with zeros, so this is the same key
    with pytest.raises(Unauthorized):
        user_of_access(jwt.encode(claims, padded, algorithm=algorithm, headers={"kid": key_id}))


def test_a_token_of_somebodys_rsa_key_is_refused(ana: User, now: datetime) -> None:
    claims = jwt.decode(issue_access(ana, now=now), options={"verify_signature": False})
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    key_id = next(iter(access_tokens._keys()))
    with pytest.raises(Unauthorized):
        user_of_access(jwt.encode(claims, key, algorithm="RS256", headers={"kid": key_id}))


def test_a_token_signed_with_the_secret_key_itself_is_refused(
    ana: User, now: datetime, settings: Settings
) -> None:
    claims = jwt.decode(issue_access(ana, now=now), options={"verify_signature": False})
    key_id = next(iter(access_tokens._keys()))
    with pytest.raises(Unauthorized):
        user_of_access(jwt.encode(claims, settings.SECRET_KEY, headers={"kid": key_id}))


@pytest.mark.parametrize("key_id", ["../../dev/null", "", "' OR 1=1 --", "00000000", "x" * 5_000])
def test_an_unknown_key_id_is_refused(forge: Forge, key_id: str) -> None:
    with pytest.raises(Unauthorized):
        user_of_access(forge({}, {"kid": key_id}))


def test_a_key_that_the_token_brings_along_is_not_used(ana: User, now: datetime) -> None:
    claims = jwt.decode(issue_access(ana, now=now), options={"verify_signature": False})
    own = {"kty": "oct", "k": "YXR0YWNrZXI", "alg": "HS256"}
    key_id = next(iter(access_tokens._keys()))
    headers = {"kid": key_id, "jwk": own, "jku": "https://attacker.example/keys"}
    with pytest.raises(Unauthorized):
        user_of_access(jwt.encode(claims, b"attacker" * 4, headers=headers))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-api"},
        {"aud": ["vigil-api", "another-api"]},
        {"iss": "somebody"},
        {"typ": "refresh"},
        {"sub": "1"},
        {"sub": "8eea96f3-1d8c-4d64-a26a-1d492ecfebaf"},
        {"sub": "' OR 1=1 --"},
        {"pwd": "0123456789abcdef"},
        {"pwd": 7},
        {"exp": "tomorrow"},
    ],
    ids=str,
)
def test_a_claim_with_another_value_is_refused(forge: Forge, claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthorized):
        user_of_access(forge(claims, {}))


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "iat", "nbf", "exp", "jti", "typ", "pwd"])
def test_a_token_without_a_claim_is_refused(forge: Forge, claim: str) -> None:
    with pytest.raises(Unauthorized):
        user_of_access(forge({claim: None}, {}))


def test_an_expired_token_is_refused(ana: User, now: datetime) -> None:
    with pytest.raises(Unauthorized):
        user_of_access(issue_access(ana, now=now - timedelta(seconds=900 + 31)))


def test_a_token_just_expired_is_within_the_leeway(ana: User, now: datetime) -> None:
    assert user_of_access(issue_access(ana, now=now - timedelta(seconds=900 + 20))) == ana


def test_a_token_of_the_future_is_refused(ana: User, now: datetime) -> None:
    with pytest.raises(Unauthorized):
        user_of_access(issue_access(ana, now=now + timedelta(seconds=40)))


def test_a_person_who_was_switched_off_is_refused(ana: User, now: datetime) -> None:
    token = issue_access(ana, now=now)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    with pytest.raises(Unauthorized):
        user_of_access(token)


def test_a_new_password_ends_every_token(ana: User, now: datetime) -> None:
    token = issue_access(ana, now=now)
    ana.set_password("another one entirely")
    ana.save()
    with pytest.raises(Unauthorized):
        user_of_access(token)


def test_a_token_of_the_former_secret_key_is_good_while_that_key_is_kept(
    ana: User, now: datetime, settings: Settings
) -> None:
    token = issue_access(ana, now=now)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new secret key that is long enough for everybody"
    assert user_of_access(token) == ana


def test_a_token_of_the_former_secret_key_ends_with_that_key(
    ana: User, now: datetime, settings: Settings
) -> None:
    token = issue_access(ana, now=now)
    settings.SECRET_KEY = "a new secret key that is long enough for everybody"
    with pytest.raises(Unauthorized):
        user_of_access(token)


def test_the_key_is_not_the_secret_key(settings: Settings) -> None:
    [key] = access_tokens._keys().values()
    assert not hmac.compare_digest(key, settings.SECRET_KEY.encode())
    assert len(key) == 32
