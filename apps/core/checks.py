"""`manage.py check`: what can be known to be wrong before anything runs.

vigil.E001        a plug-in of a table does not load
vigil.E010        an encrypted column is a key, unique or indexed (apps.core.fields)
vigil.E101–E108   production has an unsafe setting (apps.core.startup)
"""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from apps.core import plugins
from apps.core.startup import unsafe_settings


@register("plugins")
def check_plugins(**_: Any) -> list[CheckMessage]:
    """One error for every entry of every table that cannot be imported and made."""
    return [
        error
        for table in plugins.TABLES
        for name in table
        if (error := _load_error(table, name)) is not None
    ]


@register(Tags.security)
def check_production(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"{unsafe.name} {unsafe.reason}", id=unsafe.check_id) for unsafe in unsafe_settings()
    ]


def _load_error(table: plugins.PluginTable[Any], name: str) -> CheckMessage | None:
    try:
        table.get(name)
    except Exception as error:  # whatever a module does while it is imported
        message = f"{table.family} {name!r} does not load: {type(error).__name__}: {error}"
        return Error(message, hint=table.entries[name], id="vigil.E001")
    return None
