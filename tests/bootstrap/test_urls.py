from pathlib import Path

import environ
import pytest

from config.bootstrap.urls import database_url, redis_url, shift_redis_database
from config.settings.celery import broker_url

SOCKETS = Path("/run/vigil/sockets")


def test_django_reads_the_database_url_as_a_socket() -> None:
    settings = environ.Env().db_url_config(database_url(SOCKETS))
    assert settings["NAME"] == "vigil"
    assert settings["USER"] == "postgres"
    assert settings["OPTIONS"]["host"] == "/run/vigil/sockets"


def test_celery_understands_the_redis_url() -> None:
    url = "redis+socket:///run/vigil/sockets/redis.sock?virtual_host=0"
    assert broker_url(redis_url(SOCKETS)) == url


@pytest.mark.parametrize(
    ("url", "shifted"),
    [
        ("unix:///run/redis.sock?db=0", "unix:///run/redis.sock?db=3"),
        ("unix:///run/redis.sock?db=4", "unix:///run/redis.sock?db=7"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?db=3"),
        ("redis://localhost:6379/0", "redis://localhost:6379/3"),
        ("redis://:secret@localhost:6379", "redis://:secret@localhost:6379/3"),
        ("rediss://cache.internal:6380/2?timeout=1", "rediss://cache.internal:6380/5?timeout=1"),
    ],
)
def test_a_redis_database_is_shifted_in_every_spelling(url: str, shifted: str) -> None:
    assert shift_redis_database(url, 3) == shifted
