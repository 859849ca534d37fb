"""Columns that only this program can read: `bytea` in PostgreSQL, an ordinary value in Python.

A value is bound to its `table.column`: a migration that renames either must re-encrypt. Nothing can
be looked up but `isnull`; whoever needs equality keeps a `apps.core.crypto.blind_index` beside it.
"""

import json
from typing import Any, NoReturn, TypeVar

import django_stubs_ext
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.db.models.expressions import Combinable, Expression

from apps.core import crypto

# Lets a field class be subscripted at run time, as the type checker already does.
django_stubs_ext.monkeypatch()

SetT_contra = TypeVar("SetT_contra", contravariant=True)
GetT_co = TypeVar("GetT_co", covariant=True)


class EncryptedField(models.Field[SetT_contra, GetT_co]):
    """Base of the encrypted fields: subclasses turn a value into bytes and back.

    The field object keeps no state of a value, so threads share it safely. NULL stays NULL.
    """

    def encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def decode(self, plaintext: bytes) -> Any:
        raise NotImplementedError

    @property
    def context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_prep_value(self, value: Any) -> bytes | None:
        """The token to store; writers that bypass the ORM call this too."""
        value = super().get_prep_value(value)
        if value is None:
            return None
        return crypto.encrypt(self.encode(value), context=self.context)

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        return value if prepared else self.get_prep_value(value)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if hasattr(value, "as_sql"):
            return value
        return self.get_db_prep_value(value, connection, prepared=False)

    def from_db_value(
        self, value: Any, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Any:
        if value is None:
            return None
        return self.decode(crypto.decrypt(bytes(value), context=self.context))

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: it supports isnull, not {lookup_name}")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.name} is encrypted: it supports isnull, not {lookup_name}")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_is_no_key()]

    def _check_is_no_key(self) -> list[checks.CheckMessage]:
        if not (self.unique or getattr(self, "db_index", False)):
            return []
        message = "an encrypted column can be neither a key, nor unique, nor indexed"
        return [checks.Error(message, obj=self, id="vigil.E010")]


class EncryptedTextField(
    EncryptedField[SetT_contra, GetT_co], models.TextField[SetT_contra, GetT_co]
):
    """`str` in Python. An empty string is stored as an encrypted empty string."""

    _pyi_private_set_type: str | Combinable
    _pyi_private_get_type: str

    def to_python(self, value: Any) -> Any:
        if isinstance(value, bytes | memoryview):
            # The schema editor fills a new column of this internal type with b"".
            return bytes(value).decode()
        return super().to_python(value)

    def encode(self, value: str) -> bytes:
        return value.encode()

    def decode(self, plaintext: bytes) -> str:
        return plaintext.decode()


class EncryptedBinaryField(
    EncryptedField[SetT_contra, GetT_co], models.BinaryField[SetT_contra, GetT_co]
):
    """`bytes` in Python."""

    _pyi_private_set_type: bytes | bytearray | memoryview | Combinable
    _pyi_private_get_type: bytes

    def encode(self, value: bytes | bytearray | memoryview) -> bytes:
        return bytes(value)

    def decode(self, plaintext: bytes) -> bytes:
        return plaintext


class EncryptedJSONField(
    EncryptedField[SetT_contra, GetT_co], models.JSONField[SetT_contra, GetT_co]
):
    """Any JSON value in Python. `None` is NULL, never a JSON null at the top level."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, cls=self.encoder, separators=(",", ":")).encode()

    def decode(self, plaintext: bytes) -> Any:
        return json.loads(plaintext, cls=self.decoder)
