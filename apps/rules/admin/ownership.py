"""Whom an entry is for: one person of a business, or all of it."""

from typing import Any

from apps.core.admin import GuardedForm, refusals
from apps.rules.services import vip_lists


class OwnedForm(GuardedForm):
    """Of a model with `business` and `user`, who works there if there is one."""

    def clean_user(self) -> Any:
        user, business = self.cleaned_data["user"], self.cleaned_data.get("business")
        if business:
            with refusals():
                vip_lists.check_list(business, user)
        return user
