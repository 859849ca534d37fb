"""A tag's attributes, as far as they can hide a text."""

import html
import re
from typing import Final

from apps.ingestion.engines.concealed import ABSURD_REFERENCE

_ATTRIBUTE: Final = re.compile(
    r"""([^\s=/"'>]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]++)))?+"""
)
_NAMES: Final = frozenset(
    ("style", "class", "id", "hidden", "color", "bgcolor", "background", "text", "href")
)


def read_attributes(text: str) -> dict[str, str]:
    """Name and value of those that can hide, in lower case; of two of one name the first."""
    found: dict[str, str] = {}
    text = text.lower()
    if "=" not in text and "hidden" not in text:
        return found
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        if name in _NAMES and name not in found:
            value = double or single or bare
            if "&" in value:
                value = html.unescape(ABSURD_REFERENCE.sub("", value)).lower()
            found[name] = value
    return found
