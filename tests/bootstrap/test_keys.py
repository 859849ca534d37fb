import base64
import json
from pathlib import Path

import pytest

from config.bootstrap.keys import P256_ORDER, ensure_keys, is_vapid_key, load_keys


def encoded(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


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


@pytest.mark.parametrize(
    "text",
    ["", "A" * 43, "A" * 42, "A" * 44, "+" * 43, encoded(P256_ORDER), encoded(2**256 - 1)],
    ids=["none", "nought", "short", "long", "base64", "the order", "the most"],
)
def test_what_is_no_private_key_of_the_curve_is_told_apart(text: str) -> None:
    assert not is_vapid_key(text)


def test_a_push_key_is_a_private_key_of_the_curve(tmp_path: Path) -> None:
    assert is_vapid_key(ensure_keys(tmp_path / "keys.json")["VAPID_PRIVATE_KEY"])
    assert is_vapid_key(encoded(1))
    assert is_vapid_key(encoded(P256_ORDER - 1))


def test_an_older_file_gets_the_key_it_lacks_and_keeps_the_others(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    old = {**ensure_keys(path)}
    del old["VAPID_PRIVATE_KEY"]
    path.write_text(json.dumps(old))
    new = ensure_keys(path)
    assert {name: new[name] for name in old} == old
    assert is_vapid_key(new["VAPID_PRIVATE_KEY"])


def test_what_others_keep_in_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text('{"JWT_PRIVATE_KEY": "theirs", "SECRET_KEY": "ours"}')
    assert ensure_keys(path)["SECRET_KEY"] == "ours"
    assert json.loads(path.read_text())["JWT_PRIVATE_KEY"] == "theirs"
