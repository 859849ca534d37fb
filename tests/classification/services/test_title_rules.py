from pathlib import Path

import pytest

from apps.accounts.models import Business
from apps.classification.services import title_rules
from apps.classification.types import Level

pytestmark = pytest.mark.django_db


def test_stored_rules_are_read_without_the_file_of_defaults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    title_rules.ensure_defaults()
    monkeypatch.setattr(title_rules, "DEFAULTS", tmp_path / "nothing.json")
    assert title_rules.active_title_rules([])[None].level("CTO").level is Level.CSUITE


def test_without_stored_rules_the_defaults_judge(northwind: Business) -> None:
    rules = title_rules.active_title_rules([northwind.pk])
    assert rules.keys() == {None}
    assert rules[None].level("CTO").level is Level.CSUITE
