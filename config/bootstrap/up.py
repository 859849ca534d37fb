"""`python3 manage.py up`: servers, tables, demo, web, worker and beat in one process tree."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.bootstrap import handoff, processes, servers
from config.bootstrap.console import Phase, say
from config.bootstrap.errors import SetupError, Stopped
from config.bootstrap.health import is_healthy
from config.bootstrap.identity import ServerUser
from config.bootstrap.keys import ensure_keys
from config.bootstrap.layout import PROJECT, Layout, create, data_directory
from config.bootstrap.ledger import Ledger, stop_survivors
from config.bootstrap.locks import try_lock
from config.bootstrap.ports import HIGHEST_PORT, free_port
from config.bootstrap.spawning import Command
from config.bootstrap.supervisor import Service, Supervisor

DEFAULT_PORT = 8000
WEB_PATIENCE_SECONDS = 120.0
PROBE_SECONDS = 1.0
DEATHS_BEFORE_GIVING_UP = 3
GRACEFUL_SECONDS = 2
ANYWHERE = {"0.0.0.0", "::", ""}
PAGES = {"inbox": "/inbox/", "console": "/admin/", "API docs": "/docs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    host: str
    port: int
    demo: bool
    reset: bool
    yes: bool


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(prog="manage.py up", description=__doc__)
    result.add_argument("--host", default="127.0.0.1", help="address to listen on")
    result.add_argument("--port", type=_port, default=DEFAULT_PORT, help="or the next free one")
    result.add_argument("--no-demo", dest="demo", action="store_false", help="no demo data")
    result.add_argument("--reset", action="store_true", help="first delete the embedded data")
    result.add_argument("--yes", action="store_true", help="do not ask before --reset")
    return result


def main(arguments: Sequence[str]) -> int:
    """Run until told to stop; the exit code is 0 then. Raises SetupError for everything else."""
    options = Options(**vars(parser().parse_args(arguments)))
    layout, user = servers.locate(data_directory())
    create(layout, user)
    lock = try_lock(layout.lock)
    if lock is None:
        raise SetupError(f"another instance already runs with the data in {layout.data}.")
    try:
        return _main_with_lock(options, layout, user)
    finally:
        os.close(lock)


def _main_with_lock(options: Options, layout: Layout, user: ServerUser) -> int:
    ledger = Ledger(layout.ledger)
    orphans = stop_survivors(ledger)
    if orphans:
        say(f"  stopped what an earlier start left running: {', '.join(orphans)}")
    if options.reset:
        layout, user = _reset(options, layout)
    supervisor = Supervisor(ledger, layout.logs)
    supervisor.install_signal_handlers()
    try:
        _start_and_watch(options, supervisor, layout, user)
    except Stopped:
        say("\n  stopping …")
    finally:
        handoff.withdraw(layout)
        supervisor.stop()
    say("  stopped")
    return 0


def _start_and_watch(
    options: Options, supervisor: Supervisor, layout: Layout, user: ServerUser
) -> None:
    port = free_port(options.host, options.port)
    if port != options.port:
        say(f"  port {options.port} is taken, using {port}")
    urls = servers.start_pair(supervisor, layout, user, durable=True)
    address = f"http://{'127.0.0.1' if options.host in ANYWHERE else options.host}:{port}"
    environment = child_environment(layout, urls, address)
    handoff.publish(layout, {**urls, "PUBLIC_URL": environment["PUBLIC_URL"]})
    notes = _prepare(options, supervisor, environment)
    for name, argv in application_commands(options, port, address).items():
        supervisor.start(_application(name, argv, environment))
    _wait_until_served(supervisor, port)
    _announce(address, notes, layout)
    supervisor.run()


def child_environment(layout: Layout, urls: Mapping[str, str], address: str) -> dict[str, str]:
    """What was set outside wins; keys, addresses and the data folder are filled in."""
    return {
        "PUBLIC_URL": address,
        # Its key is made below: whoever allows it in their browser is told by push.
        "EXTRA_CHANNELS": "web_push",
        **ensure_keys(layout.keys),
        **os.environ,
        **urls,
        "VIGIL_DATA_DIR": str(layout.data),
        "VIGIL_MANAGED_ENV": "off",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }


def application_commands(options: Options, port: int, address: str) -> dict[str, list[str]]:
    """The processes of the product by name, in the order they start."""
    python = sys.executable
    web = processes.web(python, host=options.host, port=port, graceful=GRACEFUL_SECONDS)
    commands = {
        "web": web,
        "worker": processes.worker(python, concurrency=processes.concurrency()),
        "beat": processes.beat(python),
    }
    if options.demo:
        commands["demo"] = [python, "manage.py", "demo", "--trickle", "--url", address]
    return commands


def _application(name: str, argv: Sequence[str], environment: Mapping[str, str]) -> Service:
    return Service(command=Command(name=name, argv=argv, cwd=PROJECT, env=environment))


def _prepare(options: Options, supervisor: Supervisor, environment: Mapping[str, str]) -> list[str]:
    """Tables and first rows; what the command printed for people is shown at the end."""
    demo = ["--demo"] if options.demo else []
    argv = [sys.executable, "manage.py", "prepare", "--verbosity", "0", *demo]
    with Phase("tables") as phase:
        phase.update("migrating and seeding" if options.demo else "migrating")
        child = supervisor.start(_application("prepare", argv, environment))
        supervisor.wait_finished(child, phase)
        phase.done("ready, with the demo" if options.demo else "ready")
    lines = child.tail.path.read_text(errors="replace").splitlines()
    return [line for line in lines if not line.startswith("{")]


def _wait_until_served(supervisor: Supervisor, port: int) -> None:
    with Phase("web") as phase:
        phase.update("starting web, worker and beat")
        web = supervisor.children["web"]
        while not is_healthy(port, timeout=PROBE_SECONDS):
            supervisor.tick()
            if web.deaths >= DEATHS_BEFORE_GIVING_UP or phase.elapsed > WEB_PATIENCE_SECONDS:
                raise SetupError(supervisor.failure(web))
            phase.update()
            supervisor.pause()
        phase.done("served")


def _announce(address: str, notes: Sequence[str], layout: Layout) -> None:
    say()
    for line in [*notes, ""]:
        say(line)
    for name, path in PAGES.items():
        say(f"  {name:<12} {address}{path}")
    say(f"  {'logs':<12} {layout.logs}")
    say("\n  Ctrl-C stops everything.\n")


def _reset(options: Options, layout: Layout) -> tuple[Layout, ServerUser]:
    """Only the embedded servers' data goes: a given database is never touched."""
    if not options.yes:
        _confirm(layout)
    servers.erase(layout)
    say(f"  deleted the embedded data in {layout.home}")
    fresh, user = servers.locate(layout.data)
    create(fresh, user)
    return fresh, user


def _confirm(layout: Layout) -> None:
    if not sys.stdin.isatty():
        raise SetupError("--reset deletes data; without a terminal to ask on it needs --yes.")
    answer = input(f"  Delete the embedded database in {layout.home}? Type yes: ")
    if answer.strip().lower() != "yes":
        raise SetupError("nothing was deleted.")


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"must be a number between 1 and {HIGHEST_PORT}")
    return number
