"""`field__any_of=values`: what `__in` asks, with all values in one array.

Django binds and parses a placeholder for each value of `__in`; for the hundreds of values of a
batch that costs more than the query (docs/performance.md).
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignObject, Lookup
from django.db.models.sql.compiler import SQLCompiler


@ForeignObject.register_lookup
@Field.register_lookup
class AnyOf(Lookup[Any]):
    """`column = ANY(array)`. Like `__in`, an empty collection finds nothing without asking."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        prepare = self.lhs.output_field.get_db_prep_value
        values = [prepare(value, connection) for value in self.rhs]
        if not values:
            raise EmptyResultSet
        return f"{column} = ANY(%s)", (*parameters, values)
