"""Which country a time zone is in: how somebody's number is read that has no +49. Pure."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_ZONES = files("tzdata.zoneinfo")


def region_of(zone_name: str) -> str:
    """ISO 3166, such as "DE"; "" for a zone of no country, such as UTC."""
    return _regions().get(zone_name, "")


@cache
def _regions() -> Mapping[str, str]:
    rows = _lines("zone.tab")
    regions = {row[2]: row[0] for row in (line.split("\t") for line in rows)}
    # Former names ("US/Eastern") are links to those of today.
    links = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    for _, current, former in links:
        if current in regions:
            regions.setdefault(former, regions[current])
    return regions


def _lines(name: str) -> list[str]:
    text = _ZONES.joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
