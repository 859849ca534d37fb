"""What the headers of a mail say of its sending: to many, or by a machine."""

from collections.abc import Mapping

BULK_PRECEDENCE = frozenset(("bulk", "list", "junk"))


def is_bulk(headers: Mapping[str, str]) -> bool:
    """`headers` have lower-case names."""
    precedence = headers.get("precedence", "").strip().lower()
    return "list-unsubscribe" in headers or precedence in BULK_PRECEDENCE


def is_automatic(headers: Mapping[str, str]) -> bool:
    """RFC 3834: anything but "no" was not written by a person for this occasion."""
    return headers.get("auto-submitted", "no").strip().lower() != "no"
