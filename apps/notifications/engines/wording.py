"""Text from outside made fit for one line on somebody's screen."""

from datetime import timedelta

_ELLIPSIS = "…"
# The only invisible characters that spell something: emoji families, Persian and Indic words.
_JOINERS = frozenset("\u200c\u200d")


def one_line(text: str) -> str:
    """Without control, bidi and other invisible characters; runs of whitespace become a space."""
    if not text.isprintable():
        text = "".join(map(_shown, text))
    return " ".join(text.split())


def cut(text: str, limit: int) -> str:
    """At most `limit` characters: whole, or ended after a word with an ellipsis."""
    if len(text) <= limit:
        return text
    room = text[:limit]
    words, space, _ = room.rpartition(" ")
    return (words if space and words else room[:-1]).rstrip(" ,;:–-") + _ELLIPSIS


def span(duration: timedelta) -> str:
    """A positive duration in its largest fitting unit, rounded down: "9 min", "2 h", "3 days"."""
    minutes = int(duration.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    return character if character.isprintable() or character in _JOINERS else ""
