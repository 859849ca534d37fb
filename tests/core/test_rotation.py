import base64
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from apps.core import crypto
from apps.core.services import rotation
from tests.core.encrypted_model import Letter, letter_table, stored

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def _letters(db: None, settings: Settings) -> Iterator[None]:
    """Seven letters of the old key, and a new key in front of it."""
    with letter_table():
        settings.FIELD_KEYS = [OLD]
        Letter.objects.bulk_create([Letter(phone=str(number)) for number in range(7)])
        settings.FIELD_KEYS = [NEW, OLD]
        yield


@pytest.fixture
def phone() -> rotation.EncryptedColumn:
    return rotation.encrypted_columns([Letter])[0]


def test_an_unreadable_row_is_counted_and_the_others_are_rotated(
    phone: rotation.EncryptedColumn, settings: Settings
) -> None:
    settings.FIELD_KEYS = ["lost:" + base64.b64encode(b"l" * 32).decode()]
    Letter.objects.create(phone="unreadable")
    settings.FIELD_KEYS = [NEW, OLD]
    batches = list(rotation.rotate(phone))
    assert [(batch.rotated, batch.unreadable) for batch in batches] == [(7, 1)]
    assert rotation.rows_left(phone) == 1


def test_an_interrupted_rotation_continues(phone: rotation.EncryptedColumn) -> None:
    next(rotation.rotate(phone, batch_rows=3))
    assert rotation.rows_left(phone) == 4
    assert [batch.rotated for batch in rotation.rotate(phone, batch_rows=3)] == [3, 1]
    assert rotation.rows_left(phone) == 0


def test_rotated_rows_need_only_the_new_key(
    phone: rotation.EncryptedColumn, settings: Settings
) -> None:
    list(rotation.rotate(phone, batch_rows=2))
    settings.FIELD_KEYS = [NEW]
    values = Letter.objects.order_by("id").values_list("phone", flat=True)
    assert list(values) == [str(number) for number in range(7)]


def test_a_row_of_the_new_key_is_left_alone(phone: rotation.EncryptedColumn) -> None:
    list(rotation.rotate(phone))
    before = stored("phone")
    assert list(rotation.rotate(phone)) == []
    assert stored("phone") == before


def test_null_columns_have_nothing_to_rotate() -> None:
    note = rotation.encrypted_columns([Letter])[1]
    assert note.context == "test_letter.note"
    assert rotation.rows_left(note) == 0


def test_every_encrypted_column_is_found() -> None:
    names = [column.column for column in rotation.encrypted_columns([Letter])]
    assert names == ["phone", "note", "raw", "document"]


@pytest.fixture
def _only_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = rotation.encrypted_columns([Letter])
    monkeypatch.setattr(rotation, "encrypted_columns", lambda: columns)


@pytest.mark.usefixtures("_only_letters")
def test_the_command_fails_while_rows_are_left(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match="7 rows left"):
        call_command("rotate_keys")
    assert "test_letter.phone: 0 of 7, 7 unreadable" in capsys.readouterr().out


@pytest.mark.usefixtures("_only_letters")
def test_a_dry_run_only_counts(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rotate_keys", "--dry-run")
    assert "test_letter.phone: 7 rows left" in capsys.readouterr().out
    current = crypto.current_header()
    assert [(token or b"").startswith(current) for token in stored("phone")] == [False] * 7


@pytest.mark.usefixtures("_only_letters")
def test_the_command_reports_nothing_left(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rotate_keys")
    output = capsys.readouterr().out
    assert "test_letter.phone: 7 of 7" in output
    assert "test_letter.phone: 0 rows left" in output
