"""A pytest plugin (`-p tests.plugins.servers`): a bare `pytest` finds its servers running.

It acts when it is imported, before pytest-django reads the settings. `manage.py test` has set both
URLs by then, so nothing starts twice. With xdist the controller starts the pair, the workers find
its URLs in their environment, and each takes a Redis database of its own.
"""

import atexit
import os
from contextlib import ExitStack

from config.bootstrap.throwaway import throwaway_pair
from config.bootstrap.urls import shift_redis_database

URLS = ("DATABASE_URL", "REDIS_URL")
WORKER_VARIABLE = "PYTEST_XDIST_WORKER"
OWN_DATABASE_VARIABLE = "VIGIL_TEST_REDIS_SHIFTED"


def start_missing_servers() -> None:
    """They stop when this process ends, and die with it when it is killed."""
    if all(os.environ.get(name) for name in URLS):
        return
    stack = ExitStack()
    os.environ.update(stack.enter_context(throwaway_pair()))
    owner = os.getpid()
    atexit.register(lambda: stack.close() if os.getpid() == owner else None)


def take_own_redis_database() -> None:
    """Worker gwN uses the database N + 1 further than the given one."""
    worker = os.environ.get(WORKER_VARIABLE, "")
    if worker and os.environ.get(OWN_DATABASE_VARIABLE) != worker:
        steps = int(worker.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = shift_redis_database(os.environ["REDIS_URL"], steps)
        os.environ[OWN_DATABASE_VARIABLE] = worker


start_missing_servers()
take_own_redis_database()
