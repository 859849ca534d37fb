"""Who sends a push message: a token signed for one push service (RFC 8292)."""

from dataclasses import dataclass
from datetime import datetime

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)

from apps.notifications.engines.push.encoding import from_base64url, to_base64url
from apps.notifications.engines.push.encryption import encoded_point


@dataclass(frozen=True, slots=True, kw_only=True)
class VapidKey:
    """`public` is the 65 bytes of its point in base64url: what a browser subscribes with."""

    private: EllipticCurvePrivateKey
    public: str

    @classmethod
    def parse(cls, text: str) -> "VapidKey":
        """base64url of 32 bytes. Raises ValueError."""
        number = int.from_bytes(from_base64url(text), "big")
        private = derive_private_key(number, SECP256R1())
        return cls(private=private, public=to_base64url(encoded_point(private.public_key())))

    def authorization(self, *, origin: str, subject: str, expires_at: datetime) -> str:
        """The header for every message to the service at `origin`, for at most 24 hours."""
        claims = {"aud": origin, "exp": int(expires_at.timestamp()), "sub": subject}
        return f"vapid t={jwt.encode(claims, self.private, algorithm='ES256')}, k={self.public}"
