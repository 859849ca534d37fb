import base64
import binascii
import re

_TEXT = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def to_base64url(raw: bytes) -> str:
    """Without padding, as browsers and push services write it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """With padding or without. Raises ValueError, also for a character of another alphabet."""
    if not _TEXT.fullmatch(text):
        raise ValueError("not base64url")
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
