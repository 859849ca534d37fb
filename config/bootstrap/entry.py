"""What `manage.py` does with its arguments before Django, or instead of it."""

import importlib
import os
import sys
from collections.abc import Sequence

from config.bootstrap import console, processes, testing, up
from config.bootstrap.environment import EMBEDDED, RUN, TEST, Environment
from config.bootstrap.errors import SetupError
from config.bootstrap.handoff import adopt_running_instance

# Commands that start servers of their own where none are given.
STARTING = {"up", "test", "bench"}


def run(argv: Sequence[str]) -> None:
    """`argv` as in sys.argv. Ends the process with the right exit code."""
    command = argv[1] if len(argv) > 1 else "help"
    try:
        _refuse_windows()
        _check_options(command, argv[2:])
        enter_environment(command)
        _dispatch(command, argv)
    except SetupError as error:
        sys.exit(f"\nvigil: {error}")
    except KeyboardInterrupt:
        console.say("\nstopped")
        console.abandon()
        sys.exit(0 if command == "up" else 130)


def enter_environment(command: str) -> None:
    """Go on inside `.venv`, made ready first; VIGIL_MANAGED_ENV=off (containers) stays outside.

    Somebody who calls `.venv/bin/python` looks after it alone, except for what starts servers.
    """
    if os.environ.get("VIGIL_MANAGED_ENV") == "off":
        return
    environment = Environment()
    if not environment.is_current or command in STARTING:
        environment.ensure(wanted_files(command))
    if not environment.is_current:
        os.execv(environment.python, [str(environment.python), *sys.argv])


def wanted_files(command: str) -> list[str]:
    """The lock files a command needs; the servers' wheels only when a server is ours."""
    needed = [TEST if command == "test" else RUN]
    external = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    own_servers = command in STARTING and not external
    return [*needed, EMBEDDED] if own_servers else needed


def measures(argv: Sequence[str]) -> bool:
    """Whether a bench needs servers at all: to say what it can do, it needs none."""
    return {"-h", "--help"}.isdisjoint(argv)


def managed_elsewhere() -> bool:
    """Somebody else brought the servers: a container, a test run or the bench's own parent."""
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    return os.environ.get("VIGIL_MANAGED_ENV") == "off" or bool(given)


def _check_options(command: str, arguments: Sequence[str]) -> None:
    """Before minutes of installing: `--help` and a mistyped option answer at once."""
    parsers = {"up": up.parser, "run": processes.parser}
    if command in parsers:
        parsers[command]().parse_args(arguments)


def _dispatch(command: str, argv: Sequence[str]) -> None:
    if command == "up":
        code = up.main(argv[2:])
        console.abandon()
        sys.exit(code)
    if command == "test":
        sys.exit(testing.main(argv[2:]))
    if command == "bench" and measures(argv) and not managed_elsewhere():
        sys.exit(testing.bench(argv[2:]))
    adopt_running_instance()
    if command == "run":
        processes.main(argv[2:])
    _django(argv)


def _django(argv: Sequence[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    importlib.import_module("config.celery")  # or `shared_task` would find no application
    management = importlib.import_module("django.core.management")
    try:
        management.execute_from_command_line(list(argv))
    except Exception as error:
        explanation = explained(error)
        if explanation and "--traceback" not in argv:
            raise SetupError(explanation) from error
        raise


def explained(error: Exception) -> str:
    """What to tell instead of a stack trace; "" for what only its stack can explain."""
    exceptions = importlib.import_module("django.core.exceptions")
    database = importlib.import_module("django.db")
    if isinstance(error, exceptions.ImproperlyConfigured):
        return str(error)
    # Without a state no server has spoken: the way there is wrong, not the statement.
    unheard = isinstance(error, database.OperationalError) and (
        getattr(error.__cause__, "sqlstate", "") is None
    )
    if unheard:
        advice = "Start `python3 manage.py up`, or set DATABASE_URL to a running server."
        return f"{str(error).strip()}\n{advice}"
    return ""


def _refuse_windows() -> None:
    if sys.platform == "win32":
        raise SetupError("Windows is not supported; use WSL, or docker compose.")
