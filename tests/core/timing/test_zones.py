"""Row B52: names of time zones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import InvalidInput
from apps.core.timing import zone, zone_names


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "Mars/X",
        "EST5EDT../",
        "../../etc/passwd",
        "/etc/localtime",
        "/usr/share/zoneinfo/UTC",
        "Europe/../Europe/Berlin",
        "Europe//Berlin",
        "Europe/",
        "Europe",
        "europe/berlin",
        "Europe/Berlin\n",
        " Europe/Berlin",
        "Europe/Berlin\x00",
        "UTC+1",
        "+01:00",
        "localtime",
        "Factory",
        "posixrules",
        "posix/UTC",
        "tzdata.zi",
        "zone.tab",
        "x" * 10_240,
        "\ud800",
    ],
    ids=ascii,
)
def test_what_is_no_iana_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        zone(name)
    assert (caught.value.status_code, caught.value.code) == (422, "invalid_timezone")
    assert list(caught.value.fields) == ["timezone"]


@pytest.mark.parametrize(
    "name",
    ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+12", "EST5EDT"],
)
def test_an_iana_name_is_its_zone(name: str) -> None:
    assert zone(name).key == name


@given(st.sampled_from(sorted(zone_names())))
def test_every_offered_name_is_accepted_and_kept(name: str) -> None:
    assert zone(name) is zone(name)
