import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.bootstrap import servers
from config.bootstrap.layout import create
from config.bootstrap.ledger import Ledger
from config.bootstrap.supervisor import Supervisor
from tests.bootstrap.instances import Instance


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A short path that an unprivileged server user can reach too, unlike `tmp_path` under root."""
    folder = Path(tempfile.mkdtemp(prefix="vigil-unit-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def folder() -> str:
    """The name of an instance's data folder; parametrize it where the name matters."""
    return "data"


@pytest.fixture
def instance(open_folder: Path, folder: str) -> Iterator[Instance]:
    layout, user = servers.locate(open_folder / folder)
    create(layout, user)
    supervisor = Supervisor(Ledger(layout.ledger), layout.logs)
    yield Instance(layout=layout, user=user, supervisor=supervisor)
    supervisor.stop()
    shutil.rmtree(layout.sockets, ignore_errors=True)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder
