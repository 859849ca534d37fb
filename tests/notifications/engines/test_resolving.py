from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.resolving import Ceiling, Layer, QuietHours, resolve
from apps.notifications.types import Origin

NIGHT = QuietHours(enabled=True, start=time(22), end=time(7))
DEFAULT = Layer(
    origin=Origin.DEFAULT,
    enabled=True,
    quiet_hours=QuietHours(),
    time_zone="UTC",
    priority_threshold=1,
)


def said(origin: Origin) -> st.SearchStrategy[Layer]:
    return st.builds(
        Layer,
        origin=st.just(origin),
        enabled=st.none() | st.booleans(),
        quiet_hours=st.none() | st.just(NIGHT),
        time_zone=st.none() | st.sampled_from(["UTC", "Asia/Kathmandu"]),
        max_per_day=st.none() | st.integers(0, 300),
        priority_threshold=st.none() | st.integers(1, 10),
    )


LAYERS = st.tuples(*(said(origin) for origin in (Origin.OWN, Origin.CHANNEL, Origin.AURA)))
CEILINGS = st.builds(
    Ceiling,
    allowed=st.booleans(),
    wanted=st.booleans(),
    max_per_day=st.none() | st.integers(0, 300),
)


def test_silence_everywhere_is_the_default() -> None:
    values = resolve([DEFAULT, Layer(origin=Origin.AURA)], Ceiling())
    assert (values.enabled, values.quiet_hours, values.priority_threshold) == (
        True,
        QuietHours(),
        1,
    )
    assert values.max_per_day is None
    assert values.sources == {
        "enabled": Origin.DEFAULT,
        "quiet_hours": Origin.DEFAULT,
        "time_zone": Origin.DEFAULT,
        "priority_threshold": Origin.DEFAULT,
        "max_per_day": Origin.TIER,
    }


def test_a_cap_of_nothing_is_a_cap() -> None:
    layers = [DEFAULT, Layer(origin=Origin.CHANNEL, max_per_day=0)]
    values = resolve(layers, Ceiling(max_per_day=10))
    assert (values.max_per_day, values.sources["max_per_day"]) == (0, Origin.CHANNEL)


@given(LAYERS, CEILINGS)
def test_every_value_is_its_sources_word(layers: tuple[Layer, ...], ceiling: Ceiling) -> None:
    values = resolve([DEFAULT, *layers], ceiling)
    by_origin = {layer.origin: layer for layer in (DEFAULT, *layers)}
    for name in ("quiet_hours", "time_zone", "priority_threshold"):
        assert getattr(values, name) == getattr(by_origin[values.sources[name]], name)


@given(LAYERS, CEILINGS)
def test_nothing_lifts_the_ceiling(layers: tuple[Layer, ...], ceiling: Ceiling) -> None:
    values = resolve([DEFAULT, *layers], ceiling)
    assert not values.enabled or (ceiling.allowed and ceiling.wanted)
    most = float("inf") if ceiling.max_per_day is None else ceiling.max_per_day
    assert (most if values.max_per_day is None else values.max_per_day) <= most


@given(LAYERS, CEILINGS)
def test_the_last_word_is_the_most_specific(layers: tuple[Layer, ...], ceiling: Ceiling) -> None:
    last = Layer(origin=Origin.AURA, quiet_hours=NIGHT, time_zone="Europe/Berlin", max_per_day=0)
    values = resolve([DEFAULT, *layers, last], ceiling)
    assert (values.quiet_hours, values.time_zone) == (NIGHT, "Europe/Berlin")
    assert values.max_per_day == 0
