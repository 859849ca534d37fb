"""Enhanced mail status codes (RFC 3463): which of them say that a mailbox is not there."""

# No such mailbox, no such host, an address that is none, moved, no mail there (RFC 7505), disabled.
# 5.1.7 and 5.1.8 are about the sender, 5.1.0 may be, and a bare 550 may be mere policy.
_GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})


def is_gone(status: str) -> bool:
    """Whether nothing that is sent there will ever arrive."""
    return status in _GONE
