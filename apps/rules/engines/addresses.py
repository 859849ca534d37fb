"""The addresses a person may put on a list: a whole mailbox, or everybody at a domain."""

import re

import idna

from apps.core.errors import InvalidInput

ADDRESS_MAX = 254
LOCAL_PART_MAX = 64

# No quoted local parts and no "*", which a person would take for a wildcard.
_LOCAL_PART = re.compile(r"[\w!#$%&'+/=?^`{|}~-]+(?:\.[\w!#$%&'+/=?^`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]{2,63}")


def normalize_address(text: str) -> str:
    """`Ana@Example.com` → `ana@example.com`, `@Bücher.example` → `@xn--bcher-kva.example`.

    Raises InvalidInput for anything that is neither an address nor "@domain".
    """
    address = text.strip().lower()
    local_part, at, domain = address.rpartition("@")
    if not at or len(address) > ADDRESS_MAX or len(local_part) > LOCAL_PART_MAX:
        raise _invalid()
    if not address.isprintable() or (local_part and not _LOCAL_PART.fullmatch(local_part)):
        raise _invalid()
    normal = f"{local_part}@{_ascii_domain(domain)}"
    if len(normal) > ADDRESS_MAX:
        raise _invalid()
    return normal


def _ascii_domain(domain: str) -> str:
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise _invalid() from None
    if not _DOMAIN.fullmatch(ascii_domain):
        raise _invalid()
    return ascii_domain


def _invalid() -> InvalidInput:
    return InvalidInput(fields={"address": "An address such as ana@example.com, or @example.com."})
