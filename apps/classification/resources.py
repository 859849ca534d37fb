"""The golden set as CSV: what was judged and what would have been right, without any content."""

from typing import Any

from import_export import fields, resources

from apps.classification.models import GoldenCase
from apps.core.formulas import inert


def _of(column: str, attribute: str) -> Any:
    return fields.Field(attribute, column)  # type: ignore[no-untyped-call]  # import-export carries no types


class GoldenCaseResource(resources.ModelResource):
    """Contents stay in the database, encrypted: `classifier report` judges them there."""

    id = _of("id", "public_id")
    event = _of("event", "event__public_id")
    business = _of("business", "business__slug")
    author = _of("author", "author__email")

    class Meta:
        model = GoldenCase
        fields = (
            "id",
            "event",
            "business",
            "kind",
            "judged_at",
            "judged_method",
            "judged_urgency",
            "judged_category",
            "expected_urgency",
            "expected_category",
            "origin",
            "author",
            "created_at",
        )
        export_order = fields

    def export_field(self, field: Any, instance: GoldenCase, **kwargs: Any) -> Any:
        value = super().export_field(field, instance, **kwargs)  # type: ignore[no-untyped-call]  # as above
        return inert(value) if isinstance(value, str) else value
