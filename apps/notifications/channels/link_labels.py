"""The links of a message as people read them."""

from apps.notifications.channels.base import Links

_LABELS = {
    "open": "Open",
    "why": "Why did I get this?",
    "less": "Less like this",
    "unsubscribe": "Unsubscribe",
}


def labelled(links: Links) -> list[tuple[str, str]]:
    """(label, URL) of those there are."""
    named = ((label, str(getattr(links, name))) for name, label in _LABELS.items())
    return [(label, url) for label, url in named if url]
