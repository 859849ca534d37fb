"""What the receiving mailbox found out about who wrote a mail (RFC 8601), as far as it tells.

Only a failure is believed: whoever forges a sender can add a header that praises it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from apps.core.json_types import Json

# The name under which a Fact's attributes keep it.
ATTRIBUTE: Final = "authentication"
FAILED: Final = "failed"
HEADER: Final = "authentication-results"
# A header may be of any length; what a mailbox reports fits in this many characters.
HEADER_MAX: Final = 4_096

# Microsoft's `compauth` weighs all of them together.
_RESULT: Final = re.compile(r"(?:^|[;\s])(dmarc|compauth|spf|dkim)\s*=\s*([a-z]+)", re.ASCII)
_COMMENT: Final = re.compile(r"\([^()]*\)")
_DECIDING: Final = ("dmarc", "compauth")


def authentication(results: Iterable[str]) -> str | None:
    """FAILED where a mail is known not to come from its sender's domain; None where nobody knows.

    `results` are the values of all its Authentication-Results headers. DMARC decides; where the
    domain has no policy, SPF does, unless a signature (DKIM) holds.
    """
    said = [found for value in results for found in _results(value)]
    if any((name, "fail") in said for name in _DECIDING):
        return FAILED
    if any(name == "dmarc" and result not in ("none", "temperror") for name, result in said):
        return None
    failed = ("spf", "fail") in said and ("dkim", "pass") not in said
    return FAILED if failed else None


def is_forged(attributes: Mapping[str, Json]) -> bool:
    """Whether the attributes of a Fact say that somebody else wrote in its sender's name."""
    return attributes.get(ATTRIBUTE) == FAILED


def _results(value: str) -> list[tuple[str, str]]:
    return _RESULT.findall(_COMMENT.sub(" ", value[:HEADER_MAX].lower()))
