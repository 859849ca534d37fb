import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from apps.core import crypto

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()


def test_a_token_of_another_column_is_refused() -> None:
    token = crypto.encrypt(b"secret", context="users.phone")
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(token, context="users.email")


def test_a_token_whose_key_left_the_ring_is_refused(settings: Settings) -> None:
    settings.FIELD_KEYS = [OLD]
    token = crypto.encrypt(b"secret", context="t.c")
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(token, context="t.c")


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_no_token(noise: bytes) -> None:
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(noise, context="t.c")


@given(st.data())
def test_a_token_with_any_byte_changed_is_refused(data: st.DataObject) -> None:
    token = bytearray(crypto.encrypt(b"secret", context="t.c"))
    token[data.draw(st.integers(0, len(token) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(bytes(token), context="t.c")


@pytest.mark.parametrize("length", [0, 2, 3, 6, 7, 20])
def test_a_token_cut_short_is_refused(length: int) -> None:
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(crypto.encrypt(b"secret", context="t.c")[:length], context="t.c")


@pytest.mark.parametrize(
    "entries",
    [
        [],
        ["no-colon"],
        [":" + base64.b64encode(b"o" * 32).decode()],
        ["id:not base64"],
        ["id:" + base64.b64encode(b"short").decode()],
        [OLD, OLD],
        ["x" * 33 + ":" + base64.b64encode(b"o" * 32).decode()],
    ],
)
def test_a_malformed_key_ring_is_refused(entries: list[str]) -> None:
    with pytest.raises(ImproperlyConfigured):
        crypto.parse_key_ring(entries)


def test_the_complaint_about_a_key_does_not_show_it() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        crypto.parse_key_ring(["id:c2hvcnQtYnV0LXNlY3JldA=="])
    assert "c2hvcnQ" not in str(caught.value)


@given(st.binary(max_size=2_000))
def test_what_was_encrypted_is_decrypted(plaintext: bytes) -> None:
    assert crypto.decrypt(crypto.encrypt(plaintext, context="t.c"), context="t.c") == plaintext


def test_the_same_plaintext_never_gives_the_same_token() -> None:
    assert crypto.encrypt(b"x", context="t.c") != crypto.encrypt(b"x", context="t.c")


def test_the_first_key_encrypts_and_the_others_still_decrypt(settings: Settings) -> None:
    settings.FIELD_KEYS = [OLD]
    token = crypto.encrypt(b"secret", context="t.c")
    settings.FIELD_KEYS = [NEW, OLD]
    assert crypto.decrypt(token, context="t.c") == b"secret"
    assert not token.startswith(crypto.current_header())
    assert crypto.encrypt(b"secret", context="t.c").startswith(crypto.current_header())


def test_a_key_whose_id_begins_like_the_first_ones_is_another(
    settings: Settings,
) -> None:
    settings.FIELD_KEYS = ["k10:" + base64.b64encode(b"a" * 32).decode()]
    token = crypto.encrypt(b"secret", context="t.c")
    settings.FIELD_KEYS = ["k1:" + base64.b64encode(b"b" * 32).decode()]
    assert not token.startswith(crypto.current_header())


def test_a_blind_index_differs_between_columns() -> None:
    assert crypto.blind_index("ana", context="a.b") != crypto.blind_index("ana", context="a.c")


def test_a_blind_index_ignores_letter_case_and_outer_blanks() -> None:
    left = crypto.blind_index(" Ana@Example.COM\n", context="t.c")
    assert left == crypto.blind_index("ana@example.com", context="t.c")
    assert len(left) == 16


def test_a_blind_index_depends_on_its_key(settings: Settings) -> None:
    before = crypto.blind_index("ana", context="t.c")
    settings.BLIND_INDEX_KEY = "another key"
    assert crypto.blind_index("ana", context="t.c") != before


def test_an_empty_blind_index_key_is_refused(settings: Settings) -> None:
    settings.BLIND_INDEX_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        crypto.blind_index("ana", context="t.c")
