from collections.abc import Iterator

import pytest

from apps.core import plugins
from apps.core.plugins import PluginTable, UnknownPlugin


class Console:
    """A plug-in that counts how often it is made."""

    made = 0

    def __init__(self) -> None:
        type(self).made += 1


@pytest.fixture
def table() -> Iterator[PluginTable[Console]]:
    Console.made = 0
    made = PluginTable[Console](
        "channel",
        {"console": f"{__name__}.Console", "web_push": "apps.nowhere.Missing"},
    )
    yield made
    plugins.TABLES.remove(made)


def test_an_unknown_name_is_refused_with_its_family(table: PluginTable[Console]) -> None:
    with pytest.raises(UnknownPlugin, match="no channel is called 'fax'"):
        table.get("fax")


def test_a_wrong_path_fails_when_the_plugin_is_wanted(table: PluginTable[Console]) -> None:
    with pytest.raises(ImportError):
        table.get("web_push")


def test_making_a_table_loads_nothing(table: PluginTable[Console]) -> None:
    assert Console.made == 0


def test_a_plugin_is_made_once(table: PluginTable[Console]) -> None:
    assert table.get("console") is table.get("console")
    assert Console.made == 1


def test_a_table_lists_its_names_in_order(table: PluginTable[Console]) -> None:
    assert list(table) == ["console", "web_push"]


@pytest.mark.parametrize(("name", "held"), [("console", True), ("fax", False)])
def test_a_table_knows_what_it_holds(table: PluginTable[Console], name: str, held: bool) -> None:
    assert (name in table) is held


def test_choices_are_readable(table: PluginTable[Console]) -> None:
    assert table.choices() == [("console", "Console"), ("web_push", "Web push")]


def test_every_table_is_known_to_the_system_check(table: PluginTable[Console]) -> None:
    assert table in plugins.TABLES
