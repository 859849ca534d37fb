"""The one line of apps, for imports and for foreign keys alike."""

import subprocess
import sys
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
