import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.bootstrap import handoff
from config.bootstrap.handoff import adopt_running_instance
from config.bootstrap.keys import ensure_keys
from config.bootstrap.layout import Layout, create
from config.bootstrap.locks import try_lock
from config.bootstrap.servers import locate

URL = "postgresql://postgres@/vigil?host=/run"


@pytest.fixture
def layout(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.setenv("VIGIL_DATA_DIR", str(open_folder))
    result, user = locate(open_folder)
    create(result, user)
    handoff.publish(result, {"DATABASE_URL": URL})
    return result


@pytest.fixture
def _running(layout: Layout) -> Iterator[None]:
    descriptor = try_lock(layout.lock)
    assert descriptor is not None
    yield
    os.close(descriptor)


@pytest.mark.usefixtures("layout")
def test_what_a_killed_instance_left_is_not_believed() -> None:
    environment: dict[str, str] = {}
    adopt_running_instance(environment)
    assert "DATABASE_URL" not in environment


@pytest.mark.usefixtures("_running")
def test_a_given_database_is_kept() -> None:
    environment = {"DATABASE_URL": "postgresql://postgres@db/vigil"}
    adopt_running_instance(environment)
    assert environment == {"DATABASE_URL": "postgresql://postgres@db/vigil"}


@pytest.mark.usefixtures("_running")
def test_production_never_adopts_anything(layout: Layout) -> None:
    ensure_keys(layout.keys)
    environment = {"VIGIL_ENVIRONMENT": "production"}
    adopt_running_instance(environment)
    assert environment == {"VIGIL_ENVIRONMENT": "production"}


@pytest.mark.usefixtures("_running")
def test_a_second_terminal_finds_the_servers_and_the_keys(layout: Layout) -> None:
    keys = ensure_keys(layout.keys)
    environment: dict[str, str] = {}
    adopt_running_instance(environment)
    assert environment == {"DATABASE_URL": URL, **keys}
