"""The Message-ID of what is mailed: the same at every attempt, another for every address."""

import re
from uuid import UUID

# What is kept of an id that a provider gave; longer ones are kept and looked for cut.
KEPT_CHARACTERS = 120

_MESSAGE_ID = re.compile(r"<?\s*([^<>\s]{1,998})\s*>?")


def message_id(key: UUID, address_id: int, *, domain: str) -> str:
    """Without its angle brackets.

    >>> message_id(UUID(int=7), 12, domain="vigil.example")
    '00000000000000000000000000000007.12@vigil.example'
    """
    return f"{key.hex}.{address_id}@{domain}"


def kept_id(written: str) -> str:
    """An id as a header has it, in the form in which attempts keep it; "" for what is none."""
    found = _MESSAGE_ID.fullmatch(written.strip())
    return found[1][:KEPT_CHARACTERS] if found else ""
