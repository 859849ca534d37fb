"""The one line of apps, for imports and for foreign keys alike."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model

ROOT = Path(settings.BASE_DIR)
LEVEL = {label.rpartition(".")[2]: level for level, label in enumerate(settings.STACK)}


def _own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in LEVEL]


def test_imports_keep_every_contract() -> None:
    lint = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout


def test_vendors_are_kept_out_of_every_room_but_the_plug_ins() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    vendors = next(each for each in contracts["contracts"] if "twilio" in str(each))
    closed = {name.removeprefix("apps.*.") for name in vendors["source_modules"]}
    plug_ins = {"channels", "sources", "providers"}
    files = {"__init__", "apps", "migrations", "signals", "data", "templatetags", "tiers"}
    whole = {"core", "accounts", "audit"}
    rooms = {
        path.stem
        for label in LEVEL.keys() - whole
        for path in (ROOT / "apps" / label).iterdir()
        if path.suffix == ".py" or path.is_dir()
    }
    assert {f"apps.{label}" for label in whole} < closed
    assert rooms - closed - plug_ins - files - {"__pycache__"} == set()


@pytest.mark.parametrize("model", _own_models(), ids=lambda model: model._meta.label)
def test_foreign_keys_point_down_the_stack(model: type[Model]) -> None:
    targets = {
        field.related_model._meta.app_label
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
    }
    upward = {label for label in targets if LEVEL.get(label, -1) > LEVEL[model._meta.app_label]}
    assert upward == set()


def test_core_owns_no_table_but_the_circuit_breakers() -> None:
    assert [model.__name__ for model in apps.get_app_config("core").get_models()] == [
        "CircuitBreaker"
    ]


@pytest.mark.parametrize("label", sorted(LEVEL))
def test_every_app_says_in_one_sentence_what_it_is(label: str) -> None:
    sentence = (ROOT / "apps" / label / "apps.py").read_text().splitlines()[0].strip('"')
    assert sentence.endswith(".")
    assert len(sentence.split()) <= 14
