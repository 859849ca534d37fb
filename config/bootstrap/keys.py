"""Development keys, made once per data folder: sessions and encrypted columns survive a restart."""

import base64
import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

# Of P-256: a private key is a number from 1 up to, not including, this one.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def make_vapid_key() -> str:
    """base64url of the 32 bytes of a P-256 private key."""
    number = 1 + secrets.randbelow(P256_ORDER - 1)
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


def is_vapid_key(text: str) -> bool:
    """Whether it is one that `make_vapid_key` could have made."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}", text):
        return False
    return 0 < int.from_bytes(base64.urlsafe_b64decode(f"{text}="), "big") < P256_ORDER


MAKERS: Mapping[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FIELD_KEYS": lambda: "local:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    "BLIND_INDEX_KEY": lambda: secrets.token_urlsafe(32),
    "VAPID_PRIVATE_KEY": make_vapid_key,
}


def load_keys(path: Path) -> dict[str, str]:
    """The keys of this data folder; empty when there is no readable file."""
    try:
        stored = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {name: stored[name] for name in MAKERS if isinstance(stored.get(name), str)}


def ensure_keys(path: Path) -> dict[str, str]:
    """The keys of this data folder, with the missing ones made and written (0600)."""
    try:
        stored = dict(json.loads(path.read_text()))
    except FileNotFoundError:
        stored = {}
    missing = {name: make() for name, make in MAKERS.items() if name not in stored}
    if missing:
        _write(path, {**stored, **missing})
    return {name: {**stored, **missing}[name] for name in MAKERS}


def _write(path: Path, content: Mapping[str, object]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)
    fresh.replace(path)
