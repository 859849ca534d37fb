"""What the pages of prompts and of title rules share: versions, one active, one in shadow."""

import difflib
from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.classification.models import PromptVersion
from apps.core.admin import ObjectAction
from apps.rules.models import SeniorityRuleSet

STATE_LABELS = {"active": "success", "in shadow": "info"}


def state_of(version: PromptVersion | SeniorityRuleSet) -> str:
    if version.active:
        return "active"
    return "in shadow" if version.shadow else "–"


def shadow_actions(permission: str, *, on: str, off: str) -> tuple[ObjectAction, ObjectAction]:
    """The buttons for `put_in_shadow` and `take_out_of_shadow`, with the hint of each."""
    return (
        ObjectAction(
            slug="shadow",
            label="Put in shadow",
            method="put_in_shadow",
            permission=permission,
            icon="visibility_off",
            hint=on,
            shown=lambda version: not version.active and not version.shadow,
        ),
        ObjectAction(
            slug="unshadow",
            label="Take out of shadow",
            method="take_out_of_shadow",
            permission=permission,
            icon="visibility",
            hint=off,
            shown=lambda version: version.shadow,
        ),
    )


def difference_of(active: Sequence[str], this: Sequence[str]) -> SafeString | str:
    """Line by line."""
    text = "\n".join(difflib.unified_diff(active, this, "active", "this", "", "", 2, ""))
    return format_html("<pre>{}</pre>", text) if text else "the same"
