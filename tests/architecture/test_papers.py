"""Documents that drift are worse than none: these say what the code says."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.core import plugins
from apps.core.errors import NUMBERS

ROOT = Path(settings.BASE_DIR)
READS = re.compile(r'(?:env\.[a-z_]+|environ\.get)\(\s*"([A-Z_]+)"')
SUBSTITUTED = re.compile(r"\$\{([A-Z_]+)")
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))


def _read_by_code() -> set[str]:
    sources = [
        ROOT / "config" / "asgi.py",
        ROOT / "config" / "celery.py",
        *(ROOT / "config" / "settings").glob("*.py"),
        *(ROOT / "config" / "bootstrap").glob("*.py"),
    ]
    read = {name for path in sources for name in READS.findall(path.read_text())}
    return read - {"PATH"}  # the machine's, not ours


def _in_the_example() -> set[str]:
    example = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", example, re.MULTILINE))


def test_every_environment_variable_is_in_the_example() -> None:
    assert _read_by_code() - _in_the_example() == set()


def test_every_variable_of_the_example_is_read() -> None:
    read_by_compose = set(SUBSTITUTED.findall((ROOT / "docker-compose.yml").read_text()))
    assert _in_the_example() - _read_by_code() - read_by_compose == set()


def test_no_number_is_set_that_nothing_reads() -> None:
    """What only pretends to be adjustable is worse than a constant."""
    numbers = (ROOT / "config" / "settings" / "limits.py").read_text()
    code = "".join(path.read_text() for path in (ROOT / "apps").rglob("*.py"))
    code += "".join(
        path.read_text() for path in (ROOT / "config").rglob("*.py") if path.name != "limits.py"
    )
    named = re.findall(r"^([A-Z][A-Z_]+) = ", numbers, re.MULTILINE)
    assert [name for name in named if not re.search(rf"\b{name}\b", code)] == []


def test_every_direct_dependency_earns_a_line() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    listed = project.partition("dependencies = [")[2].partition("]\n\n")[0]
    names = re.findall(r'^\s+"([A-Za-z0-9-]+)', listed, re.MULTILINE)
    page = (ROOT / "docs" / "dependencies.md").read_text().lower()
    assert [name for name in names if f"| {name.lower()} |" not in page] == []


@pytest.mark.parametrize("table", plugins.TABLES, ids=lambda table: table.family)
def test_every_plug_in_has_a_line(table: plugins.PluginTable[object]) -> None:
    page = (ROOT / "docs" / "plugins.md").read_text()
    assert [name for name in table if f"`{name}`" not in page] == []


def test_every_numbered_error_code_is_documented() -> None:
    page = (ROOT / "docs" / "errors.md").read_text()
    assert [code for code, number in NUMBERS.items() if f"| {number} | `{code}`" not in page] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_addresses(path: Path) -> None:
    text = path.read_text()
    pins = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)
    assert re.findall(r"://|^-|find-links|index-url", text, re.MULTILINE) == []
    assert text.count("--hash=sha256:") >= len(pins) > 0


def test_every_architecture_decision_is_listed() -> None:
    index = (ROOT / "docs" / "architecture.md").read_text()
    decisions = [path.name for path in (ROOT / "docs" / "adr").glob("*.md")]
    assert [name for name in decisions if name not in index] == []
