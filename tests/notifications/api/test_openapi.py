from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from tests.conftest import JsonClient


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The whole document; making it fails on the first warning."""
    file = Path(tmp_path_factory.mktemp("openapi")) / "schema.yml"
    call_command("spectacular", "--fail-on-warn", "--validate", file=str(file))
    return yaml.safe_load(file.read_text())


def operations(document: Any) -> list[tuple[str, Any]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_has_a_summary(document: Any) -> None:
    assert [name for name, operation in operations(document) if not operation.get("summary")] == []


def test_every_operation_refers_to_the_one_problem(document: Any) -> None:
    reference = {"$ref": "#/components/responses/Problem"}
    without = [
        name
        for name, operation in operations(document)
        if operation["responses"].get("default") != reference
    ]
    assert without == []


def test_only_what_brings_its_own_or_is_public_needs_no_credential(document: Any) -> None:
    public = {name for name, operation in operations(document) if not operation.get("security")}
    assert public == {
        "post /api/auth/token",
        "post /api/auth/refresh",
        "post /api/notifications/push/act",
        "get /.well-known/vigil-push",
    }


def test_all_ways_in_are_named(document: Any) -> None:
    schemes = document["components"]["securitySchemes"]
    assert schemes.keys() == {"accessToken", "apiKey", "cookieAuth"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/schema", "/docs"])
def test_the_document_is_served(anonymous: JsonClient, path: str) -> None:
    assert anonymous.get(path, headers={"Accept": "*/*"}).status_code == 200
