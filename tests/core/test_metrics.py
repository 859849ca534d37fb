"""Figures are for machines that are allowed to see them."""

import pytest
from django.test import Client


def test_strangers_find_no_metrics(client: Client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.django_db
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
def test_the_machine_itself_sees_them(client: Client, peer: str) -> None:
    answer = client.get("/metrics", REMOTE_ADDR=peer)
    assert answer.status_code == 200
    assert b"python_info" in answer.content
