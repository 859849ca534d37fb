"""`manage.py check`: what can be known to be wrong before anything runs.

vigil.E001        a plug-in of a table does not load
vigil.E002        a round of deliveries may outlast its lease or its task
vigil.E010        an encrypted column is a key, unique or indexed (apps.core.fields)
vigil.E101–E109   production has an unsafe setting (apps.core.startup)
"""

from typing import Any

from django.conf import settings
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


@register("durable")
def check_delivery_times(**_: Any) -> list[CheckMessage]:
    """A round may begin its last send just before its end."""
    longest = settings.DELIVERY_ROUND_SECONDS + settings.SEND_DEADLINE_SECONDS
    if longest < min(settings.LEASE_SECONDS, settings.CELERY_TASK_SOFT_TIME_LIMIT):
        return []
    message = (
        f"DELIVERY_ROUND_SECONDS and SEND_DEADLINE_SECONDS together ({longest:g} s) must be less "
        "than LEASE_SECONDS and than CELERY_TASK_SOFT_TIME_LIMIT"
    )
    return [Error(message, id="vigil.E002")]


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
