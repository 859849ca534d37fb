import base64
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from apps.core.checks import check_delivery_times, check_plugins, check_production
from apps.core.plugins import PluginTable
from apps.core.startup import refuse_unsafe_production, unsafe_settings

# Where what is wrong is another setting than the one that shows it.
NAMED = {"EXTRA_CHANNELS": "VAPID_PRIVATE_KEY"}


@pytest.fixture
def production(settings: Settings) -> Settings:
    """Settings with which production starts."""
    settings.PRODUCTION = True
    settings.DEBUG = False
    settings.SECRET_KEY = "s" * 50
    settings.FIELD_KEYS = ["k1:" + base64.b64encode(b"k" * 32).decode()]
    settings.BLIND_INDEX_KEY = "b" * 32
    settings.ALLOWED_HOSTS = ["vigil.example.com"]
    settings.SECURE_SSL_REDIRECT = True
    settings.FAULTPOINTS = ""
    settings.PUBLIC_URL = "https://vigil.example.com"
    return settings


@pytest.mark.parametrize(
    ("name", "value", "check_id"),
    [
        ("SECRET_KEY", "development-only-secret-key-never-use-it-in-production", "vigil.E101"),
        ("SECRET_KEY", "s" * 49, "vigil.E101"),
        ("FIELD_KEYS", [], "vigil.E102"),
        ("FIELD_KEYS", ["k1:nonsense"], "vigil.E102"),
        ("FIELD_KEYS", ["dev:ZGV2ZWxvcG1lbnQtb25seS1maWVsZC1rZXktMzItYnk="], "vigil.E102"),
        ("BLIND_INDEX_KEY", "", "vigil.E103"),
        ("BLIND_INDEX_KEY", "development-only-blind-index-key", "vigil.E103"),
        ("DEBUG", True, "vigil.E104"),
        ("ALLOWED_HOSTS", [], "vigil.E105"),
        ("ALLOWED_HOSTS", ["vigil.example.com", "*"], "vigil.E105"),
        ("SECURE_SSL_REDIRECT", False, "vigil.E106"),
        ("FAULTPOINTS", "P4", "vigil.E107"),
        ("PUBLIC_URL", "http://vigil.example.com", "vigil.E108"),
        ("EXTRA_CHANNELS", ["web_push"], "vigil.E109"),
    ],
)
def test_production_refuses_an_unsafe_setting(
    production: Settings, name: str, value: Any, check_id: str
) -> None:
    setattr(production, name, value)
    (error,) = check_production()
    assert error.id == check_id
    with pytest.raises(ImproperlyConfigured, match=NAMED.get(name, name)):
        refuse_unsafe_production()


def test_all_reasons_are_given_at_once(production: Settings) -> None:
    production.DEBUG = True
    production.FAULTPOINTS = "P4"
    with pytest.raises(ImproperlyConfigured, match=r"(?s)DEBUG.*FAULTPOINTS"):
        refuse_unsafe_production()


@pytest.mark.parametrize("old", ["development-only-old-key-32-bytes!!"[:32]])
def test_a_development_key_is_refused_in_any_place(production: Settings, old: str) -> None:
    production.FIELD_KEYS = [
        *production.FIELD_KEYS,
        "old:" + base64.b64encode(old.encode()).decode(),
    ]
    assert [found.name for found in unsafe_settings()] == ["FIELD_KEYS"]


@pytest.mark.usefixtures("production")
def test_production_starts_with_safe_settings() -> None:
    refuse_unsafe_production()
    assert check_production() == []


def test_development_starts_with_its_defaults(settings: Settings) -> None:
    settings.PRODUCTION = False
    settings.DEBUG = True
    refuse_unsafe_production()
    assert check_production() == []


@pytest.mark.parametrize(
    ("entry", "exception"),
    [
        ("apps.core.nowhere.Thing", "ModuleNotFoundError"),
        ("apps.core.plugins.Nothing", "ImportErr"),
    ],
)
def test_a_plugin_that_does_not_load_is_an_error(
    monkeypatch: pytest.MonkeyPatch, entry: str, exception: str
) -> None:
    monkeypatch.setattr("apps.core.plugins.TABLES", [])
    PluginTable[object]("channel", {"broken": entry, "fine": "builtins.object"})
    (error,) = check_plugins()
    assert error.id == "vigil.E001"
    assert "channel 'broken'" in error.msg
    assert exception in error.msg


def test_a_round_of_deliveries_that_may_outlast_its_lease_is_an_error(settings: Settings) -> None:
    assert check_delivery_times() == []
    settings.DELIVERY_ROUND_SECONDS = settings.LEASE_SECONDS
    (error,) = check_delivery_times()
    assert error.id == "vigil.E002"
