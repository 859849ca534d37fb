"""No function above fifty lines, no file above four hundred: an idea that grows gets a room."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MAX_FUNCTION_LINES = 50
MAX_FILE_LINES = 400
AIMED_FUNCTION_LINES = 30
AIMED_FILE_LINES = 250

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def _sources(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, FunctionNode):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _lines(path: Path) -> int:
    return path.read_text().count("\n")


@pytest.mark.parametrize(
    "path", _sources("apps", "config"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_file_or_function_is_too_long(path: Path) -> None:
    long = [name for name, lines in _functions(path) if lines > MAX_FUNCTION_LINES]
    assert _lines(path) <= MAX_FILE_LINES
    assert long == []


def test_what_is_aimed_for_is_the_rule_not_the_exception() -> None:
    paths = _sources("apps", "config")
    functions = [lines for path in paths for _, lines in _functions(path)]
    above = sum(lines > AIMED_FUNCTION_LINES for lines in functions)
    files_above = sum(_lines(path) > AIMED_FILE_LINES for path in paths)
    assert above <= len(functions) * 0.03
    assert files_above <= len(paths) * 0.02


def test_nothing_is_a_drawer() -> None:
    drawers = {"utils.py", "helpers.py", "misc.py", "common.py"}
    assert [path for path in _sources("apps", "config", "tests") if path.name in drawers] == []
