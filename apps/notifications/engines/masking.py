"""One-time codes in texts that explain rather than tell."""

_DOT = "•"
# A one-time code is for its owner alone, however soon it lapses.
HIDDEN_CODE = "(a one-time code)"


def mask(code: str) -> str:
    """As many dots as the code has characters."""
    return _DOT * len(code)


def without_code(text: str, code: str | None) -> str:
    """`text` with every occurrence of `code` masked."""
    return text.replace(code, mask(code)) if code else text
