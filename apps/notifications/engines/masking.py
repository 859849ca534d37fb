"""One-time codes in texts that explain rather than tell."""

import re
from typing import Final

# What senders put between a code's characters: spaces, dashes, dots, marks nobody sees.
_BETWEEN: Final = r"\W{0,3}"
# NFKC, by which codes are found, folds these forms onto ASCII: both are the code.
_FULL_WIDTH: Final = 0xFEE0
_DOT = "•"
# A one-time code is for its owner alone, however soon it lapses.
HIDDEN_CODE = "(a one-time code)"


def mask(code: str) -> str:
    """As many dots as the code has characters."""
    return _DOT * len(code)


def without_code(text: str, code: str | None) -> str:
    """`text` with every occurrence of `code` masked, however it is spaced there."""
    characters = [_written(character) for character in code or "" if character.isalnum()]
    if not code or not characters:
        return text
    return re.sub(_BETWEEN.join(characters), mask(code), text)


def _written(character: str) -> str:
    if not character.isascii():
        return re.escape(character)
    return f"[{character}{chr(ord(character) + _FULL_WIDTH)}]"
