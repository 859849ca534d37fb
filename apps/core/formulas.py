"""Text in a spreadsheet: a cell that begins like a formula is run by whoever opens the file."""

from typing import Final

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """`=1+1` → `'=1+1`. A text that already looks inert gets one more, so that nothing is lost."""
    return f"'{text}" if text.lstrip("'").startswith(_RISKY) else text


def restored(text: str) -> str:
    """The inverse of `inert`; a text that never went through it and needs nothing stays."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RISKY) else text
