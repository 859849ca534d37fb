"""The containers run what `manage.py run` knows, and say how they are."""

import json
import re
from typing import Any

import pytest
import yaml

from config.bootstrap import processes
from config.bootstrap.layout import PROJECT

SERVICES: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
PROCESSES = {
    name: service["command"][3:]
    for name, service in SERVICES.items()
    if service["command"][:3] == ["python", "manage.py", "run"]
}


def test_every_process_has_its_service_and_no_other_is_run() -> None:
    action = next(each for each in processes.parser()._actions if each.dest == "process")
    assert sorted(PROCESSES) == sorted(action.choices or ())


@pytest.mark.parametrize("name", PROCESSES)
def test_a_service_runs_the_process_of_its_name(name: str) -> None:
    options = processes.parser().parse_args(PROCESSES[name])
    assert options.process == name


def test_web_is_reached_from_outside_its_container_on_the_port_that_is_published() -> None:
    options = processes.parser().parse_args(PROCESSES["web"])
    [published] = SERVICES["web"]["ports"]
    assert options.host == "0.0.0.0"  # inside a container
    assert published.endswith(f":{options.port}")
    assert SERVICES["web"]["healthcheck"]["test"][-1] == str(options.port)


def test_every_service_that_stays_says_how_it_is() -> None:
    checks = {name: service["healthcheck"] for name, service in SERVICES.items()}
    assert checks.pop("prepare") == {"disable": True}
    assert [name for name, check in checks.items() if not check["test"][0].startswith("CMD")] == []
    assert "config.bootstrap.health" in checks["web"]["test"]
    assert "celery@$$HOSTNAME" in checks["worker"]["test"][1]
    assert "PeriodicTask" in checks["beat"]["test"][-1]


@pytest.mark.parametrize("name", PROCESSES)
def test_what_must_be_there_first_is_waited_for(name: str) -> None:
    assert {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()} == {
        "prepare": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


def test_compose_before_its_second_version_reads_it_too() -> None:
    """1.29 knows neither a name at the top nor an env_file that may be missing."""
    document = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    known = {"services", "volumes"}
    assert [key for key in document if key not in known and not key.startswith("x-")] == []
    ours = [service for service in SERVICES.values() if "build" in service]
    assert [service["env_file"] for service in ours] == [".env"] * (len(PROCESSES) + 1)


def test_the_image_alone_is_a_web_process_with_the_same_check() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    check, command = re.findall(r"^(?: +CMD|CMD) (\[.*\])$", dockerfile, re.MULTILINE)
    assert json.loads(command) == SERVICES["web"]["command"]
    assert ["CMD", *json.loads(check)] == SERVICES["web"]["healthcheck"]["test"]
