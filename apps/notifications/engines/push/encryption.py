"""Encryption to one browser: RFC 8291 over aes128gcm (RFC 8188), in a single record.

salt (16) · record size (4) · 65 · our fresh public key (65) · AES-128-GCM(plaintext · 0x02)
"""

import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apps.notifications.engines.push.encoding import from_base64url

POINT_BYTES = 65
AUTH_BYTES = 16
SALT_BYTES = 16
# What every push service must take (RFC 8030 §7.2), and what of it is not the plaintext.
MESSAGE_BYTES = 4_096
OVERHEAD_BYTES = SALT_BYTES + 4 + 1 + POINT_BYTES + 1 + 16

_UNCOMPRESSED = 0x04
_LAST_RECORD = b"\x02"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserKeys:
    """`point` is the browser's public key as it wrote it, `public` the same as an object."""

    point: bytes
    public: EllipticCurvePublicKey
    auth: bytes


def browser_keys(*, p256dh: str, auth: str) -> BrowserKeys:
    """From base64url. Raises ValueError unless they are a point of P-256 and 16 bytes."""
    point, secret = from_base64url(p256dh), from_base64url(auth)
    if len(point) != POINT_BYTES or point[0] != _UNCOMPRESSED or len(secret) != AUTH_BYTES:
        raise ValueError("not the keys of a browser")
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    return BrowserKeys(point=point, public=public, auth=secret)


def encrypt(
    plaintext: bytes, keys: BrowserKeys, *, ephemeral: EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """The body of a push request. `ephemeral` and the 16 bytes of `salt` are for this one alone."""
    own = encoded_point(ephemeral.public_key())
    shared = ephemeral.exchange(ECDH(), keys.public)
    secret = _derived(keys.auth, shared, b"WebPush: info\0" + keys.point + own, 32)
    content_key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
    record = AESGCM(content_key).encrypt(nonce, plaintext + _LAST_RECORD, None)
    head = salt + MESSAGE_BYTES.to_bytes(4, "big") + bytes([POINT_BYTES])
    return head + own + record


def encoded_point(public: EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869), of which one block is enough here."""
    extracted = hmac.digest(salt, secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")[:length]
