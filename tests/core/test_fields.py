from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from apps.core.crypto import DecryptionError
from apps.core.fields import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField
from tests.core.encrypted_model import Letter, letter_table, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _table(db: None) -> Iterator[None]:
    with letter_table():
        yield


@pytest.mark.parametrize("lookup", ["phone", "phone__exact", "phone__icontains", "phone__in"])
def test_looking_up_an_encrypted_value_is_refused(lookup: str) -> None:
    with pytest.raises(FieldError, match="encrypted"):
        Letter.objects.filter(**{lookup: ["x"]})


def test_a_path_into_an_encrypted_document_is_refused() -> None:
    with pytest.raises(FieldError, match="encrypted"):
        Letter.objects.filter(document__key="x")


def test_a_value_copied_into_another_column_does_not_decrypt() -> None:
    Letter.objects.create(phone="+49 171")
    Letter.objects.update(note=models.F("phone"))
    with pytest.raises(DecryptionError):
        Letter.objects.get()


@isolate_apps("apps.core")
@pytest.mark.parametrize(
    "field",
    [
        EncryptedTextField(unique=True),
        EncryptedTextField(db_index=True),
        EncryptedTextField(primary_key=True),
    ],
)
def test_an_encrypted_column_cannot_be_indexed(field: models.Field[Any, Any]) -> None:
    class Indexed(models.Model):
        phone = field

        class Meta:
            app_label = "core"

    assert "vigil.E010" in {error.id for error in Indexed.check()}


def test_the_database_never_sees_the_text() -> None:
    Letter.objects.create(phone="+49 171", raw=b"+49 172", document={"phone": "+49 173"})
    columns = [stored("phone")[0], stored("raw")[0], stored("document")[0]]
    assert not [value for value in columns if value is None or b"+49" in value]


@pytest.mark.parametrize("text", ["", "plain", "Grüße 👋", "a\nb", "x" * 100_000])
def test_a_text_comes_back_as_it_was(text: str) -> None:
    Letter.objects.create(phone=text)
    assert Letter.objects.get().phone == text


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", bytearray(b"ab"), memoryview(b"ab")])
def test_bytes_come_back_as_bytes(raw: bytes) -> None:
    Letter.objects.create(phone="", raw=raw)
    assert Letter.objects.get().raw == bytes(raw)


@pytest.mark.parametrize("document", [{}, [], 0, False, "", {"a": [1, 2.5, None, "ü"]}])
def test_a_document_comes_back_as_it_was(document: Any) -> None:
    Letter.objects.create(phone="", document=document)
    assert Letter.objects.get().document == document


def test_nothing_is_null_and_found_by_isnull() -> None:
    Letter.objects.create(phone="a")
    Letter.objects.create(phone="b", note="")
    assert stored("note")[0] is None
    assert Letter.objects.get(note__isnull=True).phone == "a"
    assert Letter.objects.get(note__isnull=False).note == ""


def test_bulk_writes_and_updates_encrypt_too() -> None:
    letters = Letter.objects.bulk_create([Letter(phone="a"), Letter(phone="b")])
    letters[0].phone = "c"
    Letter.objects.bulk_update(letters, ["phone"])
    Letter.objects.filter(pk=letters[1].pk).update(phone="d")
    assert list(Letter.objects.order_by("id").values_list("phone", flat=True)) == ["c", "d"]


def test_a_new_column_with_a_default_fills_the_rows_there_are() -> None:
    Letter.objects.create(phone="a")
    field = EncryptedTextField(default="", blank=True)
    field.set_attributes_from_name("extra")
    field.model = Letter
    with connection.schema_editor() as editor:
        editor.add_field(Letter, field)
    token = stored("extra")[0]
    assert field.from_db_value(token, models.Value(""), connection) == ""


@pytest.mark.parametrize(
    "field",
    [EncryptedTextField(blank=True), EncryptedBinaryField(null=True), EncryptedJSONField()],
)
def test_a_migration_can_write_the_field_down(field: models.Field[Any, Any]) -> None:
    text, imports = MigrationWriter.serialize(field)
    assert text.startswith(f"apps.core.fields.{type(field).__name__}(")
    assert "import apps.core.fields" in imports


def test_the_column_is_bytea() -> None:
    types = {field.db_type(connection) for field in Letter._meta.fields if field.name != "id"}
    assert types == {"bytea"}
