"""One table per plug-in family: a name, a dotted path, loaded on first use.

A vendor's SDK costs tens of megabytes, so a plug-in's module is imported only when it is needed;
`apps.core.checks` loads every entry of every table once, at `manage.py check`.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Generic, TypeVar, cast

from django.utils.module_loading import import_string

PluginT = TypeVar("PluginT")

# Every table ever made, so that one system check can load them all.
TABLES: list["PluginTable[Any]"] = []


class UnknownPlugin(LookupError):
    """Raised by `PluginTable.get` for a name the table does not hold."""


class PluginTable(Generic[PluginT]):
    """`PluginTable("channel", {"console": "apps.….ConsoleChannel"}).get("console")` → an instance.

    Instances are made once per process and must hold no state of a request.
    """

    def __init__(self, family: str, entries: Mapping[str, str]) -> None:
        self.family = family
        self.entries = dict(entries)
        self._load = cache(self._load_uncached)
        TABLES.append(self)

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def get(self, name: str) -> PluginT:
        if name not in self.entries:
            raise UnknownPlugin(f"no {self.family} is called {name!r}")
        return self._load(name)

    def choices(self) -> list[tuple[str, str]]:
        """For a form field: every name with itself made readable."""
        return [(name, name.replace("_", " ").capitalize()) for name in self.entries]

    def _load_uncached(self, name: str) -> PluginT:
        return cast("PluginT", import_string(self.entries[name])())
