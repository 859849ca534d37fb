"""`/metrics`, for the same networks and token that may see the details of `/health`."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from apps.core.api.problems import problem_response
from apps.core.errors import NotFound
from apps.core.health import may_see_details


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format; strangers are told that there is nothing here."""
    if not may_see_details(request):
        return problem_response(NotFound())
    answer: HttpResponse = ExportToDjangoView(request)  # type: ignore[no-untyped-call]  # theirs
    return answer
