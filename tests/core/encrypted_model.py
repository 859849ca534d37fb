"""A model with every encrypted field, outside the registry, and its table for one test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.db import connection, models
from django.test.utils import isolate_apps

from apps.core.fields import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField

with isolate_apps("apps.core"):

    class Letter(models.Model):
        phone = EncryptedTextField()
        note = EncryptedTextField(null=True, blank=True)
        raw = EncryptedBinaryField(null=True)
        document = EncryptedJSONField(null=True)

        # Said aloud: the type checker's plug-in does not see a model inside a block.
        objects: ClassVar[models.Manager["Letter"]] = models.Manager()

        class Meta:
            app_label = "core"
            db_table = "test_letter"


@contextmanager
def letter_table() -> Iterator[None]:
    """Inside a test's transaction, which takes the table away again."""
    with connection.schema_editor() as editor:
        editor.create_model(Letter)
    yield


def stored(column: str) -> list[bytes | None]:
    """The raw bytes of one column, in key order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_letter ORDER BY id")
        return [None if value is None else bytes(value) for (value,) in cursor.fetchall()]
