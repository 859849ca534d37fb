"""Numbers as people write them, and the words phones answer with."""

import pytest

from apps.core.timing import zone_names
from apps.notifications.engines.phone_numbers import NotAPhone, e164, masked
from apps.notifications.engines.phone_words import word_of
from apps.notifications.engines.regions import region_of


@pytest.mark.parametrize("text", ["0151 23456789", "", "+", "abc", "+49 30 1234567"])
def test_what_is_no_mobile_number_of_anywhere_is_refused(text: str) -> None:
    with pytest.raises(NotAPhone):
        e164(text, region="")


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("0151 23456789", "DE", "+4915123456789"),
        ("+49 (0)151 / 234-567-89", "US", "+4915123456789"),
        ("tel:+1-202-555-0123", "", "+12025550123"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("٠١٥١٢٣٤٥٦٧٨٩", "DE", "+4915123456789"),
    ],
)
def test_a_number_has_one_form_however_it_is_written(text: str, region: str, number: str) -> None:
    assert e164(text, region=region) == number


def test_a_mask_hides_all_but_the_country_and_the_end() -> None:
    assert [masked(one) for one in ("+4915123456789", "+12025550123")] == [
        "+49 … 789",
        "+1 … 123",
    ]


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("Europe/Berlin", "DE"),
        ("America/New_York", "US"),
        ("US/Eastern", "US"),
        ("Asia/Calcutta", "IN"),
        ("UTC", ""),
        ("Mars/X", ""),
    ],
)
def test_a_zone_is_in_a_country(zone: str, region: str) -> None:
    assert region_of(zone) == region


def test_most_zones_of_places_have_a_country() -> None:
    places = [name for name in zone_names() if "/" in name and not name.startswith("Etc/")]
    assert sum(bool(region_of(name)) for name in places) > 0.95 * len(places)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("STOP", "stop"),
        ("Stop!", "stop"),
        ("A r r ê t", ""),
        ("arrêt", "stop"),
        ("СТОП", "stop"),
        ("ＳＴＯＰ", "stop"),
        ("opt-out", "stop"),
        ("yes", "start"),
        ("Hilfe?", "help"),
        ("don't stop", ""),
        ("1", ""),
        ("stop " * 1_000, ""),
    ],
)
def test_a_word_counts_alone_and_in_any_dress(text: str, word: str) -> None:
    assert word_of(text) == word


def test_what_twilio_read_counts_more_than_the_text() -> None:
    assert [word_of("whatever", kind) for kind in ("STOP", "START", "HELP", "OTHER")] == [
        "stop",
        "start",
        "help",
        "",
    ]
