"""What becomes of questions to models, as a machine reads it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import Business
from apps.classification.models import ModelSpend


def figures(client: Client) -> dict[str, float]:
    lines = client.get("/metrics").content.decode().splitlines()
    ours = (line.split() for line in lines if line.startswith("vigil_model_"))
    return {name: float(value) for name, value in ours}


@pytest.mark.django_db
def test_where_no_model_was_ever_asked_everything_is_nothing(client: Client) -> None:
    assert set(figures(client).values()) == {0.0}


def test_months_and_tenants_are_summed(
    client: Client, northwind: Business, southbank: Business
) -> None:
    for business, month in ((northwind, 2), (northwind, 3), (southbank, 3)):
        ModelSpend.objects.create(
            business=business, month=date(2026, month, 1), questions=5, kept=2, fallbacks=1, calls=2
        )
    shown = figures(client)
    assert shown["vigil_model_questions_total"] == 15
    assert shown["vigil_model_kept_total"] == 6
    assert shown["vigil_model_fallbacks_total"] == 3


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_takes_only_these_figures_with_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    answer: Any = client.get("/metrics")
    monkeypatch.undo()
    connection.close()
    assert answer.status_code == 200
    assert b"python_info" in answer.content
    assert b"vigil_model_" not in answer.content
