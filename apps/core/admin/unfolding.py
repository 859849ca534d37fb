"""Unfold's admin classes under Django's types: its own contradict them wherever they meet."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.contrib.admin.options import InlineModelAdmin
    from django.contrib.admin.options import ModelAdmin as _ModelAdmin

    ModelAdmin = _ModelAdmin[Any]
    TabularInline = InlineModelAdmin[Any, Any]
    # What a mixin for ModelAdmins may count on.
    AdminMixin = ModelAdmin
else:
    from unfold.admin import ModelAdmin, TabularInline

    AdminMixin = object

__all__ = ["AdminMixin", "ModelAdmin", "TabularInline"]
