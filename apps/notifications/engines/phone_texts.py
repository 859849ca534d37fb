"""A notification as it stands on a phone. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from apps.notifications.engines.segments import fitted, plain

WHATSAPP_MAX_CHARACTERS = 1_600
VARIABLE_MAX_CHARACTERS = 400
# WhatsApp lets free text pass for 24 hours after somebody wrote; what we send takes a moment.
WINDOW = timedelta(hours=24) - timedelta(minutes=5)
# What a template's variable may be filled with.
WORDS = ("title", "body", "category", "link")
_NOTHING = "-"


def sms_text(*, title: str, body: str, link: str, most: int) -> str:
    """In at most so many parts; the link, if there is one, stays whole."""
    text = "\n".join(line for line in (plain(title).strip(), plain(body).strip()) if line)
    return fitted(text, tail=f"\n{link}" if link else "", most=most)


def whatsapp_text(*, title: str, body: str, link: str) -> str:
    lines = "\n\n".join(line for line in (plain(title).strip(), plain(body).strip()) if line)
    tail = f"\n\n{link}" if link else ""
    room = WHATSAPP_MAX_CHARACTERS - len(tail)
    return (lines if len(lines) <= room else lines[: room - 3].rstrip() + "...") + tail


def filled(variables: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    """Place → text, of place → word. A template takes no line breaks, no gaps, and not nothing."""
    return {place: _one_line(words.get(word, "")) for place, word in variables.items()}


def window_open(inbound_at: datetime | None, now: datetime) -> bool:
    return inbound_at is not None and now - inbound_at < WINDOW


def _one_line(text: str) -> str:
    line = " ".join(plain(text).split())
    if len(line) > VARIABLE_MAX_CHARACTERS:
        line = line[: VARIABLE_MAX_CHARACTERS - 3].rstrip() + "..."
    return line or _NOTHING
