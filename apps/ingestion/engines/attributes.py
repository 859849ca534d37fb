"""A tag's attributes, as far as they can hide a text."""

import html
import re
from typing import Final

from apps.ingestion.engines.concealed import ABSURD_REFERENCE

_ATTRIBUTE: Final = re.compile(
    r"""([^\s=/"'>]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]++)))?+"""
)
_TELLING: Final = re.compile(
    r"style|class|color|hidden|background|href|text|\bid\b", re.IGNORECASE
)
_NAMES: Final = frozenset(
    ("style", "class", "id", "hidden", "color", "bgcolor", "background", "text", "href")
)


def read_attributes(text: str) -> dict[str, str]:
    """Name and value of those that can hide, in lower case; of two of one name the first."""
    found: dict[str, str] = {}
    if _TELLING.search(text) is None:
        return found
    for name, double, single, bare in _ATTRIBUTE.findall(text.lower()):
        if name in _NAMES and name not in found:
            value = double or single or bare
            if "&" in value:
                value = html.unescape(ABSURD_REFERENCE.sub("", value)).lower()
            found[name] = value
    return found
