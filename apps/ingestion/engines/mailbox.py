"""Names and addresses out of mail headers, forgivingly: what is no address is nobody."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header

import idna

from apps.ingestion.engines.text import one_line
from apps.ingestion.types import Mailbox

ADDRESS_MAX = 254
HEADER_MAX = 20_000
HEADER_NAME_MAX = 1_000
NAME_MAX = 200

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+")


def parse_mailbox(text: str) -> Mailbox | None:
    """`Ana <ana@example.com>`, `"Díaz, Ana" <…>`, `=?utf-8?q?…?= <…>` or a bare address.

    None when there is no address in it.
    """
    name, bracket, rest = text[:HEADER_MAX].rpartition("<")
    address = rest.partition(">")[0].strip() if bracket else text.strip()
    return mailbox_of(address, name)


def mailbox_of(address: str, name: str = "") -> Mailbox | None:
    """The same for senders that give address and name apart."""
    if len(address) > ADDRESS_MAX or not _ADDRESS.fullmatch(address):
        return None
    return Mailbox(address=_canonical(address.lower()), name=_display_name(name))


def _canonical(address: str) -> str:
    """One spelling of an international domain, the one that VIP lists keep: punycode."""
    if address.isascii():
        return address
    local_part, _, domain = address.rpartition("@")
    try:
        return f"{local_part}@{idna.encode(domain, uts46=True).decode()}"
    except (idna.IDNAError, UnicodeError):
        return address


def parse_mailboxes(text: str) -> tuple[Mailbox, ...]:
    """Every address of a To or Cc header, in order."""
    found = (parse_mailbox(part) for part in _split(text[:HEADER_MAX]))
    return tuple(mailbox for mailbox in found if mailbox)


def _split(text: str) -> list[str]:
    """At the commas and semicolons that are not quoted."""
    if '"' not in text:
        return text.replace(";", ",").split(",")
    parts = [""]
    quoted = False
    for piece in re.split(r'(\\.|"|[,;])', text):
        quoted ^= piece == '"'
        if piece in (",", ";") and not quoted:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _display_name(text: str) -> str:
    name = one_line(text[:HEADER_NAME_MAX])
    if name.startswith('"'):
        name = name.strip('"').replace('\\"', '"')
    if "=?" in name:
        name = decoded_words(name)
    return name[:NAME_MAX].strip()


def decoded_words(text: str) -> str:
    """A header's `=?utf-8?q?…?=` as people read it, in one line; what cannot be read stays."""
    try:
        return one_line(str(make_header(decode_header(text)))) or text
    except (HeaderParseError, LookupError, ValueError):
        return text
