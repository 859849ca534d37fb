"""What must not stand in a log: addresses, numbers, tokens, codes. Pure and linear in the input.

One RE2 expression with a named group per kind is searched once from left to right; where two kinds
could begin at the same place, the earlier one wins. Too much is redacted rather than too little.
Every part that may be followed by a failure is bounded, or a search would look ahead to the end.
"""

from collections.abc import Callable, Mapping
from typing import Any

import re2

_SECRETIVE = (
    r"(?:[a-z0-9_\-]{0,40}(?:password|passwd|secret|token|signature|authorization|cookie)"
    r"|[a-z0-9_\-]{0,40}(?:api|private|access)[_\-]?key|otp|pin)"
)
# What ends an e-mail address; naming letters of all scripts instead costs fifty times the memory.
_OUTSIDE = r"\s<>()\[\],:;\"'\\/=&?"
_ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ISO_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"

# Room for the states of the search; with less, RE2 turns to a method twenty times slower.
_SEARCH_MEMORY_BYTES = 32 * 1024 * 1024

# Kind → expression, in the order in which they are tried at one place.
_KINDS: Mapping[str, str] = {
    "uuid": r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    "timestamp": rf"\b{_ISO_DATE}(?:[T ]{_ISO_TIME})?",
    "url": r"[a-z][a-z0-9+.\-]{0,20}://[^\s\"'<>?]+",
    "query": r"\?[^\s\"'<>?=&/]{1,100}=[^\s\"'<>]*",
    "assigned": (
        rf"\b{_SECRETIVE}[\"']?\s{{0,4}}[=:]\s{{0,4}}[\"']?"
        r"(?:(?:bearer|basic|token)\s{1,4})?[^\s\"',;&]+"
    ),
    "scheme": r"\b(?:bearer|basic)\s{1,4}[a-z0-9._~+/=\-]{6,}",
    "jwt": r"\beyj[a-z0-9_\-]+\.[a-z0-9_\-]+(?:\.[a-z0-9_\-]*)?",
    "key": r"\b(?:whsec|vgl|pk_live|sk_live|xox[a-z])[_\-][a-z0-9+/=_\-]+|\bsk-[a-z0-9_\-]{16,}",
    "signature": r"\bv1a?,[a-z0-9+/]{20,}=*",
    "email": rf"[^@{_OUTSIDE}]{{1,64}}@[^@.{_OUTSIDE}]+(?:\.[^@.{_OUTSIDE}]+)+",
    "phone": (
        r"\+\p{Nd}[\p{Nd} ()./\-]{5,18}\p{Nd}"
        r"|\(?\b0\p{Nd}{1,4}\)?[ ./\-]\p{Nd}[\p{Nd} ./\-]{4,12}\p{Nd}"
        r"|\(?\b\p{Nd}{3}\)?[ .\-]\p{Nd}{3}[ .\-]\p{Nd}{4}\b"
    ),
    "opaque": r"[a-z0-9_\-]{32,}",
    "decimal": r"\b[0-9]{1,5}\.[0-9]+\b",
    "digits": r"\p{Nd}{6,}|\b\p{Nd}{3}[ \-]\p{Nd}{3}\b|\b(?:\p{Nd}{4}[ \-]){2,5}\p{Nd}{1,4}\b",
}


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _SEARCH_MEMORY_BYTES
    return options


_ANY: Any = re2.compile(
    "|".join(f"(?P<{kind}>{rule})" for kind, rule in _KINDS.items()), _options()
)
_VALUE: Any = re2.compile(r"=[^&]*")
_SECRET_NAME: Any = re2.compile(_SECRETIVE, _options())
_LONGEST_WORD = 64


def redact(text: str) -> str:
    """`text` with every personal or secret part replaced by the name of its kind in brackets.

    >>> redact("mail to ana@example.com failed")
    'mail to [email] failed'
    """
    replaced: str = _ANY.sub(_replacement, text.encode("utf-8", "replace").decode())
    return replaced


def names_a_secret(name: str) -> bool:
    """Whether a value under this name must not be shown, whatever it looks like."""
    return _SECRET_NAME.fullmatch(name.encode("utf-8", "replace").decode()) is not None


def _replacement(match: Any) -> str:
    kind: str = match.lastgroup
    return _REPLACEMENTS.get(kind, _named(kind))(match[0])


def _named(kind: str) -> Callable[[str], str]:
    return lambda _: f"[{kind}]"


def _kept(text: str) -> str:
    return text


def _url(text: str) -> str:
    scheme, _, rest = text.partition("://")
    authority, slash, path = rest.partition("/")
    _, at, host = authority.rpartition("@")
    port = authority.rpartition(":")[2]
    if not at and "@" in path and ":" in authority and not port.isdigit():
        return f"{scheme}://[userinfo]@{rest.rpartition('@')[2]}"
    shown = f"[userinfo]@{host}" if at else authority
    segments = [_segment(segment) for segment in path.split("/")]
    return f"{scheme}://{shown}{slash}{'/'.join(segments)}"


def _segment(text: str) -> str:
    """A part of a path: secrets of hooks and one-time links are long and hold digits."""
    redacted = redact(text)
    opaque = redacted == text and len(text) >= 20 and _holds_digit(text) and not _is_uuid(text)
    return "[opaque]" if opaque else redacted


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


def _query(text: str) -> str:
    values_gone: str = _VALUE.sub("=[value]", text)
    return values_gone


def _assigned(text: str) -> str:
    end = min(position for mark in "=:" if (position := text.find(mark)) >= 0)
    return f"{text[: end + 1]}[secret]"


def _scheme(text: str) -> str:
    return f"{text.split(maxsplit=1)[0]} [token]"


def _opaque(text: str) -> str:
    return "[opaque]" if _holds_digit(text) or len(text) > _LONGEST_WORD else text


def _holds_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


_REPLACEMENTS: Mapping[str, Callable[[str], str]] = {
    "uuid": _kept,
    "timestamp": _kept,
    "decimal": _kept,
    "url": _url,
    "query": _query,
    "assigned": _assigned,
    "scheme": _scheme,
    "opaque": _opaque,
}
