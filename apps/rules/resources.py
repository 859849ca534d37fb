"""VIP lists as CSV: one row for each sender, found again by list and address."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from apps.accounts.models import Business, User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.errors import InvalidInput
from apps.core.formulas import inert, restored
from apps.rules.models import VipSender
from apps.rules.services import vip_lists

ROWS_AT_MOST = 2_000


class _Known(ForeignKeyWidget):
    """A row of another table by its natural key; an unknown key is the row's error, in words."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        try:
            return super().clean(value, row, **kwargs)  # type: ignore[no-untyped-call]  # no types
        except self.model.DoesNotExist:
            noun = self.model._meta.verbose_name
            raise ValueError(f"There is no {noun} {str(value)[:100]!r}.") from None


def _by_key(column: str, model: type[Model], key: str) -> Any:
    widget = _Known(model, key)  # type: ignore[no-untyped-call]  # import-export carries no types
    return fields.Field(column, column, widget)  # type: ignore[no-untyped-call]  # as above


class VipResource(resources.ModelResource):
    """All rows or none. `user` empty means the shared list; a repeated row is folded into one."""

    business = _by_key("business", Business, "slug")
    user = _by_key("user", User, "email")

    class Meta:
        model = VipSender
        fields = ("business", "user", "address", "label", "priority")
        import_id_fields = ("business", "user", "address")
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        if len(dataset) > ROWS_AT_MOST:
            raise ValueError(f"At most {ROWS_AT_MOST} rows at a time, not {len(dataset)}.")

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        for name, value in row.items():
            row[name] = restored(str(value or "").strip())
        row["priority"] = row.get("priority") or VipSender._meta.get_field("priority").default

    def get_instance(self, instance_loader: Any, row: Any) -> VipSender | None:
        business = self.fields["business"].clean(row)
        user = self.fields["user"].clean(row)
        try:
            return vip_lists.find(business, user, row["address"]) if business else None
        except InvalidInput:
            return None

    def import_instance(self, instance: VipSender, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)  # type: ignore[no-untyped-call]  # no types
        try:
            vip_lists.written_address(instance, row["address"])
            vip_lists.check_list(instance.business, instance.user)
        except InvalidInput as error:
            raise ValidationError(dict(error.fields)) from error

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        super().after_import(dataset, result, **kwargs)  # type: ignore[no-untyped-call]  # no types
        if kwargs.get("dry_run") or result.has_errors():
            return
        actor = kwargs.get("user")
        counts = {name: count for name, count in result.totals.items() if count}
        record(
            [
                AuditDraft(
                    type=AuditType.CONFIG_CHANGED,
                    message="VIP senders imported",
                    actor_id=actor.pk if actor else None,
                    subject="vipsender",
                    correlation_id=correlation.current(),
                    metadata=counts,
                )
            ]
        )

    def export_field(self, field: Any, instance: VipSender, **kwargs: Any) -> Any:
        value = super().export_field(field, instance, **kwargs)  # type: ignore[no-untyped-call]  # no types
        return inert(value) if isinstance(value, str) else value
