"""The error answers of the OpenAPI document, described once and referred to by every operation."""

from typing import Any

_REFERENCE = {"$ref": "#/components/responses/Problem"}

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is the word to decide by, `number` the seeds' own number.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "number": {"type": "integer"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "request_id": {"type": "string", "format": "uuid"},
    },
}


def document_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A drf-spectacular post-processing hook: `default` of every operation is a problem."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components.setdefault("responses", {})["Problem"] = {
        "description": "Every error has this shape.",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for path in result.get("paths", {}).values():
        for operation in path.values():
            operation["responses"].setdefault("default", _REFERENCE)
    return result
