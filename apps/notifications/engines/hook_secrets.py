"""A webhook's secrets: the one that signs, and former ones while receivers change over. Pure.

{"secrets": [{"secret": "whsec_…", "until": null}, {"secret": "whsec_…", "until": "2026-…"}]}
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

# Receivers look at ten signatures at most; nobody changes over from so many secrets at once.
MOST_SECRETS = 5


def first_secret(secret: str) -> dict[str, Any]:
    return {"secrets": [{"secret": secret, "until": None}]}


def valid_secrets(details: Mapping[str, Any], now: datetime) -> Sequence[str]:
    """Those that sign now, the newest first."""
    return [entry["secret"] for entry in _entries(details, now)]


def rotated(
    details: Mapping[str, Any], secret: str, *, now: datetime, overlap_seconds: float
) -> dict[str, Any]:
    """`secret` signs from now on, and those before it for `overlap_seconds` more at most."""
    until = now + timedelta(seconds=overlap_seconds)
    former = [
        {"secret": entry["secret"], "until": entry["until"] or until.isoformat()}
        for entry in _entries(details, now)
    ]
    return {"secrets": [{"secret": secret, "until": None}, *former][:MOST_SECRETS]}


def former_until(details: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the last former secret stops signing; None when only one signs."""
    ends = [_end(entry) for entry in _entries(details, now)]
    return max((end for end in ends if end is not None), default=None)


def _entries(details: Mapping[str, Any], now: datetime) -> list[Mapping[str, Any]]:
    ends = ((entry, _end(entry)) for entry in details.get("secrets", ()))
    return [entry for entry, end in ends if end is None or end > now]


def _end(entry: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(entry["until"]) if entry["until"] else None
