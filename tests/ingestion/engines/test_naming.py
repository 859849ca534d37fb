import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ingestion.engines.naming import Names, named_in, names_of

ACME, HOLDINGS, ATT, YAHOO, STRASSE, TIMES = range(1, 7)
NAMES = names_of(
    [
        (ACME, "Acme"),
        (HOLDINGS, "Acme  Holdings"),
        (ATT, "AT&T"),
        (YAHOO, "Yahoo!"),
        (STRASSE, "Hauptstraße AG"),
        (TIMES, "New York Times"),
    ]
)


@pytest.mark.parametrize(
    ("title", "client"),
    [
        ("Acme raises $40M", ACME),
        ("Why ACME’s board left", ACME),
        ("Acme-owned mill closes", ACME),
        ("Acme Holdings buys a mill", HOLDINGS),
        ("acme\nholdings buys a mill", HOLDINGS),
        ("AT&T cuts prices", ATT),
        ("Yahoo launches a phone", YAHOO),
        ("HAUPTSTRASSE AG expands", STRASSE),
        ("Ａｃｍｅ opens in Tokyo", ACME),
        ("Acme, says Acme, is fine", ACME),
    ],
)
def test_a_headline_is_about_the_one_client_it_names(title: str, client: int) -> None:
    assert named_in(title, NAMES) == client


@pytest.mark.parametrize(
    "title",
    ["", "Acmeville votes", "Look at T-Mobile", "Holdings fall", "New York votes", "Times change"],
)
def test_parts_of_words_and_of_names_are_nobody(title: str) -> None:
    assert named_in(title, NAMES) is None


@pytest.mark.parametrize("title", ["Acme sues Acme Holdings", "Yahoo and AT&T part"])
def test_of_two_clients_it_is_neither(title: str) -> None:
    assert named_in(title, NAMES) is None


def test_two_clients_of_one_name_are_told_apart_by_nobody() -> None:
    assert named_in("Acme grows", names_of([(1, "Acme"), (2, "ACME")])) is None


@pytest.mark.parametrize("name", ["", "Box", "!!!!!", "  IBM  ", "A.B"])
def test_a_name_that_is_too_short_is_never_looked_for(name: str) -> None:
    assert names_of([(1, name)]) == Names(clients={}, most_words=0)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("McDonald's", "McDonald’s cuts prices"),
        ("L’Oréal", "L'Oréal opens a plant"),
        ("Coca-Cola", "Coca\u2011Cola buys a mill"),
        ("Acme Mills", "Acme\u200b Mi\u00adlls grows"),
    ],
)
def test_a_name_is_found_however_it_is_typeset(name: str, title: str) -> None:
    assert named_in(title, names_of([(1, name)])) == 1


@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_name_that_stands_apart_is_always_found(before: str, after: str) -> None:
    alone = names_of([(1, "Northwind Traders")])
    assert named_in(f"{before} - northwind TRADERS - {after}", alone) == 1
