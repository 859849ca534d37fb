"""Most specific wins: what holds for one channel, and where each value comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import time
from typing import Any

from apps.notifications.types import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Local walls; both None, or both set and different."""

    enabled: bool = False
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one row says. None is silence: the next wider layer is asked."""

    origin: Origin
    enabled: bool | None = None
    quiet_hours: QuietHours | None = None
    time_zone: str | None = None
    max_per_day: int | None = None
    priority_threshold: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """What no layer can lift. `max_per_day` None means no limit."""

    allowed: bool = True
    wanted: bool = True
    max_per_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelValues:
    """What holds, with the origin of every value in `sources`. `max_per_day` None is no limit."""

    enabled: bool
    quiet_hours: QuietHours
    time_zone: str
    max_per_day: int | None
    priority_threshold: int
    sources: Mapping[str, Origin]


_NAMES = tuple(field.name for field in fields(Layer) if field.name != "origin")


def resolve(layers: Sequence[Layer], ceiling: Ceiling) -> ChannelValues:
    """`layers` from the widest, which leaves nothing but the cap unsaid, to the most specific."""
    found: dict[str, Any] = {"max_per_day": None}
    sources: dict[str, Origin] = {"max_per_day": Origin.TIER}
    for layer in layers:
        for name in _NAMES:
            value = getattr(layer, name)
            if value is not None:
                found[name], sources[name] = value, layer.origin
    return _below(ChannelValues(**found, sources=sources), ceiling)


def _below(values: ChannelValues, ceiling: Ceiling) -> ChannelValues:
    sources = dict(values.sources)
    enabled, cap = values.enabled, values.max_per_day
    if enabled and not (ceiling.allowed and ceiling.wanted):
        enabled = False
        sources["enabled"] = Origin.OWN if ceiling.allowed else Origin.TIER
    if ceiling.max_per_day is not None and (cap is None or cap > ceiling.max_per_day):
        cap, sources["max_per_day"] = ceiling.max_per_day, Origin.TIER
    return replace(values, enabled=enabled, max_per_day=cap, sources=sources)
