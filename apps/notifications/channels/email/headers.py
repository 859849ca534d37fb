"""Header lines that are what they seem: one line each, and those for machines never folded."""

import re
from email.header import Header
from email.policy import EmailPolicy
from typing import Any, Final

# Controls, and what turns the direction of writing: they end a line, or hide what stands in it.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)

# RFC 8058 §4 and common filters read these as they stand; folded or encoded words they overlook.
_UNFOLDED: Final = frozenset(
    {"list-unsubscribe", "list-unsubscribe-post", "message-id", "x-vigil-ref", "feedback-id"}
)
_ELLIPSIS = "…"


class _Unfolding(EmailPolicy):
    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _UNFOLDED:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if name.lower() == "subject" and not str(value).isascii():
            # The policy's own way loses blanks between the words it encodes.
            words = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {words}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


MAIL_POLICY: Final = _Unfolding(linesep="\r\n", cte_type="7bit", max_line_length=76)


def one_line(text: str, *, most: int = 120) -> str:
    """`text` in one line of at most `most` characters, without anything that is not seen.

    >>> one_line("Offer\\r\\nBcc: eve@example.com")
    'Offer Bcc: eve@example.com'
    """
    plain = " ".join(_UNSEEN.sub(" ", text).split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + _ELLIPSIS
