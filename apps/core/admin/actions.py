"""Buttons above one row's page. Each is a form of its own, posted with its token, never a link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from apps.core.admin.unfolding import AdminMixin


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectAction:
    """`method` names the admin's method (request, row) → response, or None to show the row again.

    `permission` is a whole permission, "app.codename". `shown` decides by the row.
    """

    slug: str
    label: str
    method: str
    permission: str
    icon: str = "play_arrow"
    hint: str = ""
    shown: Callable[[Any], bool] = lambda row: True


class ObjectActions(AdminMixin):
    """A ModelAdmin with `object_actions`."""

    object_actions: ClassVar[Sequence[ObjectAction]] = ()
    change_form_outer_before_template = "admin/object_actions.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.object_action_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_do"
        return [path("<path:object_id>/do/<slug:slug>/", view, name=name), *super().get_urls()]

    def object_action_view(self, request: HttpRequest, object_id: str, slug: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        chosen = next((action for action in self.object_actions if action.slug == slug), None)
        row = self.get_object(request, unquote(object_id))
        if chosen is None or row is None:
            raise Http404
        if not (self.has_view_permission(request, row) and _may(request, chosen)):
            raise PermissionDenied
        response: HttpResponse | None = getattr(self, chosen.method)(request, row)
        return response or redirect(self._page_of(row))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        offered = self._offered(request, object_id) if object_id else []
        context = {**(extra_context or {}), "object_actions": offered}
        response: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return response

    def _offered(self, request: HttpRequest, object_id: str) -> list[dict[str, Any]]:
        allowed = [action for action in self.object_actions if _may(request, action)]
        row = self.get_object(request, unquote(object_id)) if allowed else None
        if row is None:
            return []
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_do"
        return [
            {"action": action, "url": reverse(name, args=[row.pk, action.slug])}
            for action in allowed
            if action.shown(row)
        ]

    def _page_of(self, row: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])


def _may(request: HttpRequest, action: ObjectAction) -> bool:
    return request.user.has_perm(action.permission)
