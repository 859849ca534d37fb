"""The embedded pair, each half only where no URL was given."""

import contextlib
import os
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

from config.bootstrap import layout as layouts
from config.bootstrap import postgres, valkey
from config.bootstrap.binaries import find_postgres, find_valkey
from config.bootstrap.console import Phase, say
from config.bootstrap.copies import reachable_postgres, reachable_program
from config.bootstrap.errors import SetupError
from config.bootstrap.identity import ServerUser, server_user
from config.bootstrap.layout import Layout
from config.bootstrap.ledger import BROKER, DATABASE
from config.bootstrap.spawning import Command, server_environment
from config.bootstrap.supervisor import Service, Supervisor
from config.bootstrap.tail import LOUD_BROKER, LOUD_DATABASE
from config.bootstrap.urls import database_url, redis_url

DATABASE_PATIENCE_SECONDS = 90.0  # recovery after a crash may take its time
BROKER_PATIENCE_SECONDS = 30.0
EXTERNAL = "given by {variable}"


def locate(data: Path) -> tuple[Layout, ServerUser]:
    """The layout of a data folder and the user its servers run as."""
    user = server_user(data / "pgdata")
    layout = layouts.layout_for(data, user)
    return layout, server_user(layout.pgdata)


def start_pair(
    supervisor: Supervisor,
    layout: Layout,
    user: ServerUser,
    *,
    durable: bool,
    given: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """Start what `given` names no URL for, and return DATABASE_URL and REDIS_URL of those.

    `durable=False` is for tests: faster, and worthless after a crash of the machine.
    """
    urls = {}
    with Phase(DATABASE) as phase:
        if given.get("DATABASE_URL"):
            phase.done(EXTERNAL.format(variable="DATABASE_URL"))
        else:
            _start_database(supervisor, layout, user, phase, durable=durable)
            urls["DATABASE_URL"] = database_url(layout.sockets)
    with Phase(BROKER) as phase:
        if given.get("REDIS_URL"):
            phase.done(EXTERNAL.format(variable="REDIS_URL"))
        else:
            _start_broker(supervisor, layout, user, phase, durable=durable)
            urls["REDIS_URL"] = redis_url(layout.sockets)
    return urls


def erase(layout: Layout) -> None:
    """Delete what the servers wrote, and nothing else that may lie in the folder."""
    for folder in (layout.pgdata, layout.home / "pgdata.new", layout.valkey, layout.logs):
        shutil.rmtree(folder, ignore_errors=True)
    for leftover in layout.home.glob("valkey.unreadable-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if layout.home != layout.data:
        with contextlib.suppress(OSError):
            shutil.rmtree(layout.home)


def _start_database(
    supervisor: Supervisor, layout: Layout, user: ServerUser, phase: Phase, *, durable: bool
) -> None:
    phase.update("looking for PostgreSQL")
    existing = postgres.data_major(layout.pgdata)
    installed = reachable_postgres(find_postgres(existing), user)
    if existing is None:
        phase.update(f"creating a PostgreSQL {installed.version} database")
        postgres.initialize(installed, layout.pgdata, user)
    phase.update(f"starting PostgreSQL {installed.version}")
    argv = postgres.server_argv(installed, layout.pgdata, layout.sockets, durable=durable)
    child = supervisor.start(
        Service(
            command=Command(
                name=DATABASE,
                argv=argv,
                cwd=layout.home,
                env=server_environment(),
                user=user,
                stop_signal=signal.SIGINT,
            ),
            before_start=lambda: postgres.clear_stale_files(layout.pgdata),
            is_ready=lambda pid: postgres.is_ready(layout.pgdata, pid),
            loud=LOUD_DATABASE,
        )
    )
    supervisor.wait_ready(child, phase, patience=DATABASE_PATIENCE_SECONDS)
    phase.done(f"PostgreSQL {installed.version} in {layout.pgdata}")


def _start_broker(
    supervisor: Supervisor, layout: Layout, user: ServerUser, phase: Phase, *, durable: bool
) -> None:
    program = reachable_program(find_valkey(), user)
    service = _broker_service(program, layout, user, durable=durable)
    phase.update(f"starting {program.name}")
    child = supervisor.start(service)
    try:
        supervisor.wait_ready(child, phase, patience=BROKER_PATIENCE_SECONDS)
    except SetupError:
        aside = valkey.set_aside(layout.valkey)
        if child.running or aside is None:
            raise
        say(f"  its data could not be loaded and is now {aside}; starting empty")
        supervisor.wait_ready(supervisor.start(service), phase, patience=BROKER_PATIENCE_SECONDS)
    phase.done(f"{program.name} in {layout.valkey}")


def _broker_service(program: Path, layout: Layout, user: ServerUser, *, durable: bool) -> Service:
    def make_folder() -> None:
        layout.valkey.mkdir(exist_ok=True, mode=0o700)
        user.own(layout.valkey)

    return Service(
        command=Command(
            name=BROKER,
            argv=valkey.server_argv(program, layout.valkey, layout.sockets, durable=durable),
            cwd=layout.home,
            env=server_environment(),
            user=user,
        ),
        before_start=make_folder,
        is_ready=lambda pid: valkey.is_ready(layout.sockets),
        loud=LOUD_BROKER,
    )
