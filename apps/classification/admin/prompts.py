"""The versions of our orders to a model: written, compared, tried in shadow, promoted."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.decorators import display

from apps.accounts.permissions import caller_of
from apps.classification.admin.golden_lines import sentence
from apps.classification.admin.versions import STATE_LABELS, difference_of, shadow_actions, state_of
from apps.classification.models import PromptVersion
from apps.classification.services import prompts
from apps.classification.services.golden_trying import try_beside_active
from apps.core.admin import ConsoleAdmin, ObjectAction, refusals
from apps.core.errors import InvalidInput

CHANGE = "classification.change_promptversion"


def _active_text() -> str:
    return prompts.text_of(PromptVersion.objects.filter(active=True).first()).system


class PromptForm(forms.ModelForm[PromptVersion]):
    """A new version; its number is given when it is saved."""

    class Meta:
        model = PromptVersion
        fields = ("system", "note")

    def clean_system(self) -> str:
        system: str = self.cleaned_data["system"]
        with refusals():
            prompts.check(system)
        return system


@admin.register(PromptVersion)
class PromptAdmin(ConsoleAdmin):
    form = PromptForm
    list_display = ("name", "state", "note", "author", "created_at", "agreement")
    list_display_links = ("name",)
    list_select_related = ("author",)
    object_actions = (
        ObjectAction(
            slug="activate",
            label="Ask with it",
            method="make_active",
            permission=CHANGE,
            icon="publish",
            hint="Models are asked with this version from now on; the others stay.",
            shown=lambda prompt: not prompt.active,
        ),
        ObjectAction(
            slug="to-code",
            label="Back to the code's",
            method="go_back_to_code",
            permission=CHANGE,
            icon="undo",
            hint="Models are asked with the prompt in the code again; every version stays.",
            shown=lambda prompt: prompt.active,
        ),
        *shadow_actions(
            CHANGE,
            on="Asked beside the active one; nobody is told of it, and it costs as much again.",
            off="It is asked no more; what it said stays.",
        ),
        ObjectAction(
            slug="golden",
            label="Try on the golden set",
            method="try_on_golden_set",
            permission=CHANGE,
            icon="rule",
            hint="Asks a model about the latest cases, with this version and the active one.",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromptVersion]:
        agreed = Q(verdicts__priority=F("verdicts__live_priority"))
        versions: QuerySet[PromptVersion] = super().get_queryset(request)
        return versions.annotate(said=Count("verdicts"), agreed=Count("verdicts", filter=agreed))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return "system", "note"
        return "name", "state", "author", "note", "system", "agreement", "difference"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new version begins as a copy of what models are asked with now."""
        return {"system": _active_text()}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="Version", ordering="version")
    def name(self, prompt: PromptVersion) -> str:
        return f"v{prompt.version}"

    @display(description="State", label=STATE_LABELS)
    def state(self, prompt: PromptVersion) -> str:
        return state_of(prompt)

    @display(description="Agreed in shadow")
    def agreement(self, prompt: Any) -> str:
        return f"{prompt.agreed} of {prompt.said}" if prompt.said else "–"

    @display(description="Against the active version")
    def difference(self, prompt: PromptVersion) -> SafeString | str:
        return difference_of(_active_text().splitlines(), prompt.system.splitlines())

    def save_model(self, request: HttpRequest, obj: PromptVersion, form: Any, change: bool) -> None:
        """`obj` becomes the new version, so that the answer leads there."""
        made = prompts.save_version(obj.system, note=obj.note, author=caller_of(request))
        obj.pk, obj.version = made.pk, made.version
        messages.info(request, f"Saved as v{made.version}. It is not asked with yet.")

    def make_active(self, request: HttpRequest, prompt: PromptVersion) -> None:
        if prompts.activate(prompt, actor=caller_of(request)):
            messages.success(request, f"Models are asked with v{prompt.version} from now on.")

    def go_back_to_code(self, request: HttpRequest, prompt: PromptVersion) -> None:
        if prompts.return_to_code(actor=caller_of(request)):
            messages.success(request, "Models are asked with the prompt in the code again.")

    def put_in_shadow(self, request: HttpRequest, prompt: PromptVersion) -> None:
        if prompts.set_shadow(prompt, on=True, actor=caller_of(request)):
            messages.success(request, f"v{prompt.version} is asked in shadow from now on.")

    def take_out_of_shadow(self, request: HttpRequest, prompt: PromptVersion) -> None:
        if prompts.set_shadow(prompt, on=False, actor=caller_of(request)):
            messages.success(request, f"v{prompt.version} is asked no more.")

    def try_on_golden_set(self, request: HttpRequest, prompt: PromptVersion) -> None:
        try:
            found = try_beside_active(prompt, now=timezone.now())
        except InvalidInput as error:
            messages.error(request, str(error.detail))
        else:
            messages.info(request, sentence(found))
