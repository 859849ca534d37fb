from django.contrib import admin
from unfold.decorators import display

from apps.classification.models import ModelCall, ModelSpend
from apps.core.admin import CorrelationSearch, ReadOnlyAdmin


@admin.register(ModelCall)
class ModelCallAdmin(CorrelationSearch, ReadOnlyAdmin):
    list_display = ("created_at", "provider", "model", "outcome", "latency_ms", "cost", "business")
    list_filter = ("outcome", "provider", "business")
    list_select_related = ("business",)

    def cost(self, call: ModelCall) -> str:
        return f"{call.cost_micros / 1_000_000:.6f} $"


@admin.register(ModelSpend)
class ModelSpendAdmin(ReadOnlyAdmin):
    list_display = (
        *("month", "business", "questions", "from_cache", "fallbacks", "calls", "tokens", "cost"),
    )
    list_filter = ("month", "business")
    list_select_related = ("business",)

    def cost(self, spend: ModelSpend) -> str:
        return f"{spend.cost_micros / 1_000_000:.2f} $"

    @display(description="From cache", ordering="kept")
    def from_cache(self, spend: ModelSpend) -> str:
        share = f" ({spend.kept / spend.questions:.0%})" if spend.questions else ""
        return f"{spend.kept}{share}"
