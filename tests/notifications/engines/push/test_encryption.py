import base64
import os
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.push.encoding import from_base64url, to_base64url
from apps.notifications.engines.push.encryption import (
    OVERHEAD_BYTES,
    browser_keys,
    encoded_point,
    encrypt,
)

# The example of RFC 8291, section 5.
PLAINTEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_base64url(text), "big"), ec.SECP256R1())


def off_the_curve() -> str:
    return to_base64url(b"\x04" + b"\x01" * 64)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        (off_the_curve(), AUTH),
        (to_base64url(from_base64url(RECEIVER)[:64]), AUTH),
        (to_base64url(from_base64url(RECEIVER) + b"\0"), AUTH),
        (to_base64url(b"\x02" + from_base64url(RECEIVER)[1:33]), AUTH),
        (RECEIVER, to_base64url(b"\0" * 15)),
        (RECEIVER, to_base64url(b"\0" * 17)),
        (RECEIVER, ""),
        ("", AUTH),
        (RECEIVER.replace("_", "/"), AUTH),
        (RECEIVER, f"{AUTH}\n"),
        (f"{RECEIVER}===", AUTH),
        ("ключ", AUTH),
    ],
    ids=[
        *("off the curve", "64 bytes", "66 bytes", "compressed", "auth of 15", "auth of 17"),
        *("no auth", "no point", "base64", "line end", "padding", "letters"),
    ],
)
def test_what_no_browser_has_is_no_key(p256dh: str, auth: str) -> None:
    """Catalogue B65."""
    with pytest.raises(ValueError, match=r"base64url|browser|curve|Invalid"):
        browser_keys(p256dh=p256dh, auth=auth)


def test_keys_may_be_padded() -> None:
    padded = base64.urlsafe_b64encode(from_base64url(RECEIVER)).decode()
    assert browser_keys(p256dh=padded, auth=f"{AUTH}==").point == from_base64url(RECEIVER)


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    keys = browser_keys(p256dh=RECEIVER, auth=AUTH)
    sealed = encrypt(PLAINTEXT, keys, ephemeral=private_key(SENDER), salt=from_base64url(SALT))
    assert to_base64url(sealed) == BODY


@given(plaintext=st.binary(max_size=3_993))
def test_only_the_browser_it_is_for_can_read_it(plaintext: bytes) -> None:
    browser, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    auth = os.urandom(16)
    point = to_base64url(encoded_point(browser.public_key()))
    keys = browser_keys(p256dh=point, auth=to_base64url(auth))
    sealed = encrypt(
        plaintext, keys, ephemeral=ec.generate_private_key(ec.SECP256R1()), salt=os.urandom(16)
    )
    assert len(sealed) == len(plaintext) + OVERHEAD_BYTES <= 4_096
    assert opened(sealed, browser, auth) == plaintext
    with pytest.raises(http_ece.ECEException):
        opened(sealed, other, auth)
    with pytest.raises(http_ece.ECEException):
        opened(sealed, browser, os.urandom(16))


def opened(sealed: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> Any:
    return http_ece.decrypt(sealed, private_key=private, auth_secret=auth, version="aes128gcm")
