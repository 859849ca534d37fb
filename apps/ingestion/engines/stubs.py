"""Plain parts that only ask for the HTML part: a sender wrote one, for the standard wants it.

Readers of mail show the HTML part, and some that prefer the plain one are caught by such stubs. A
plain part that says the same is the better text, so it is passed over only where it says nothing.
"""

import re
from typing import Final

# In characters. Whoever writes more has something to say.
STUB_MAX: Final = 500
# How many times longer the HTML part's text is than that of a stub, which is a line or two.
_LONGER: Final = 5
# Of a stub's words, in every language the same.
_ASKS: Final = re.compile(r"(?<![^\W_])x?html(?![^\W_])", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://\S+")
_WORD: Final = re.compile(r"[^\W_]+")


def is_stub(plain: str, html: str) -> bool:
    """Whether `plain` says nothing of what is said in `html`; both are texts without markup.

    A short one that speaks of HTML, or has next to no word of the HTML part, which says far more.
    """
    if len(plain) > STUB_MAX or not html:
        return False
    words = _words(_ADDRESS.sub(" ", plain))
    shared = len(words & _words(html))
    if _ASKS.search(plain):
        return 2 * shared <= len(words) or len(html) >= _LONGER * len(plain)
    return 4 * shared <= len(words) and len(html) >= _LONGER * len(plain)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
