import sys
from pathlib import Path

import pytest

from config.bootstrap import processes
from config.bootstrap.errors import SetupError
from config.bootstrap.identity import ServerUser
from config.bootstrap.layout import Layout, create, layout_for
from config.bootstrap.servers import erase
from config.bootstrap.up import Options, application_commands, child_environment, main, parser
from config.settings.celery import QUEUES

ADDRESS = "http://127.0.0.1:8123"
URLS = {"DATABASE_URL": "postgresql://postgres@/vigil?host=/run"}


@pytest.fixture
def layout(open_folder: Path) -> Layout:
    result = layout_for(open_folder / "data", ServerUser())
    create(result, ServerUser())
    return result


def options(*arguments: str) -> Options:
    return Options(**vars(parser().parse_args(arguments)))


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty", "8_0", "²"])
def test_a_port_that_cannot_be_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options("--port", port)
    assert "argument --port: must be a number between 1 and 65535" in capsys.readouterr().err


def test_a_reset_without_a_terminal_needs_a_yes(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIL_DATA_DIR", str(layout.data))
    layout.pgdata.mkdir(parents=True, exist_ok=True)
    with pytest.raises(SetupError, match="--yes"):
        main(["--reset"])
    assert layout.pgdata.exists()


def test_a_reset_deletes_only_what_the_servers_wrote(layout: Layout) -> None:
    layout.pgdata.mkdir(parents=True, exist_ok=True)
    layout.valkey.mkdir(parents=True, exist_ok=True)
    (layout.data / "diary.txt").write_text("mine")
    layout.keys.write_text("{}")
    erase(layout)
    assert {path.name for path in layout.data.iterdir()} >= {"diary.txt", "keys.json"}
    assert not layout.pgdata.exists()
    assert not layout.valkey.exists()


def test_what_was_set_outside_wins(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "outside")
    monkeypatch.setenv("PUBLIC_URL", "https://vigil.example.org")
    environment = child_environment(layout, URLS, ADDRESS)
    assert environment["SECRET_KEY"] == "outside"
    assert environment["PUBLIC_URL"] == "https://vigil.example.org"


def test_children_get_the_servers_the_keys_and_the_address(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    environment = child_environment(layout, URLS, ADDRESS)
    assert environment["DATABASE_URL"] == URLS["DATABASE_URL"]
    assert environment["PUBLIC_URL"] == ADDRESS
    assert environment["FIELD_KEYS"].startswith("local:")


def test_without_the_demo_nothing_trickles() -> None:
    assert set(application_commands(options("--no-demo"), 8123, ADDRESS)) == {
        "web",
        "worker",
        "beat",
    }


def test_the_demo_talks_to_the_port_that_was_found() -> None:
    demo = application_commands(options(), 8123, ADDRESS)["demo"]
    assert demo[-2:] == ["--url", ADDRESS]


def test_the_worker_serves_every_queue_there_is() -> None:
    command = processes.worker(sys.executable, concurrency=2)
    assert command[command.index("-Q") + 1].split(",") == QUEUES
