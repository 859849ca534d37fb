"""What every page of the operators' console is built from."""

from apps.core.admin.actions import ObjectAction
from apps.core.admin.bases import ConsoleAdmin, ConsoleInline, ReadOnlyAdmin, ReadOnlyInline
from apps.core.admin.forms import GuardedForm, TryItForm, clean_zone, refusals
from apps.core.admin.paginator import EstimatingPaginator
from apps.core.admin.search import CorrelationSearch
from apps.core.admin.widgets import SecretInput

__all__ = [
    "ConsoleAdmin",
    "ConsoleInline",
    "CorrelationSearch",
    "EstimatingPaginator",
    "GuardedForm",
    "ObjectAction",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "SecretInput",
    "TryItForm",
    "clean_zone",
    "refusals",
]
