import base64
import json
from pathlib import Path

import pytest

from config.bootstrap.keys import ensure_keys, load_keys


def test_a_file_that_is_not_json_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{half")
    with pytest.raises(json.JSONDecodeError):
        ensure_keys(path)
    assert path.read_text() == "{half"


def test_no_file_means_no_keys(tmp_path: Path) -> None:
    assert load_keys(tmp_path / "keys.json") == {}


def test_keys_are_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    assert ensure_keys(path) == ensure_keys(path) == load_keys(path)


def test_only_the_owner_may_read_the_keys(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys.json")
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_field_key_is_an_identifier_and_32_bytes(tmp_path: Path) -> None:
    identifier, _, encoded = ensure_keys(tmp_path / "keys.json")["FIELD_KEYS"].partition(":")
    assert identifier == "local"
    assert len(base64.b64decode(encoded)) == 32


def test_what_others_keep_in_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text('{"JWT_PRIVATE_KEY": "theirs", "SECRET_KEY": "ours"}')
    assert ensure_keys(path)["SECRET_KEY"] == "ours"
    assert json.loads(path.read_text())["JWT_PRIVATE_KEY"] == "theirs"
