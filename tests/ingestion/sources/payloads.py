"""Recorded and documented bodies, each in a file that names its source."""

import json
from dataclasses import dataclass
from pathlib import Path

from apps.core.json_types import Json

ROOT = Path(__file__).parents[2] / "fixtures" / "webhooks"
LIMIT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    source: str
    headers: dict[str, str]
    body: Json


def payload(source: str, case: str) -> Payload:
    return Payload(**json.loads((ROOT / source / f"{case}.json").read_text()))


def cases(source: str) -> list[str]:
    return sorted(path.stem for path in (ROOT / source).glob("*.json"))
