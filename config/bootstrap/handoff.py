"""How `python3 manage.py shell` in a second terminal finds the servers of a running `up`."""

import os
from collections.abc import Mapping, MutableMapping

from config.bootstrap.identity import server_user
from config.bootstrap.keys import load_keys
from config.bootstrap.layout import Layout, data_directory, layout_for
from config.bootstrap.locks import is_locked


def publish(layout: Layout, values: Mapping[str, str]) -> None:
    fresh = layout.handoff.with_suffix(".new")
    fresh.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    fresh.replace(layout.handoff)


def withdraw(layout: Layout) -> None:
    layout.handoff.unlink(missing_ok=True)


def adopt_running_instance(environ: MutableMapping[str, str] = os.environ) -> None:
    """Fill in the URLs of a running `up` and the keys of its data folder, where they are not set.

    Production gets neither: there every value is somebody's decision.
    """
    if environ.get("VIGIL_ENVIRONMENT") == "production":
        return
    data = data_directory()
    layout = layout_for(data, server_user(data / "pgdata"))
    found = load_keys(layout.keys)
    if "DATABASE_URL" not in environ and is_locked(layout.lock):
        found |= _read(layout)
    for name, value in found.items():
        environ.setdefault(name, value)


def _read(layout: Layout) -> dict[str, str]:
    try:
        lines = layout.handoff.read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)
