"""The versions of our orders to a model: one asks, one may ask in its shadow, all are kept."""

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.classification.engines.prompting import CLASSIFY_PROMPT, PromptText
from apps.classification.models import PromptVersion
from apps.core import correlation
from apps.core.errors import InvalidInput

MAX_CHARACTERS = 20_000
# So many of the newest are named where somebody asks for one that does not exist.
_MOST_NAMED = 10
# A version's number fits into an integer of PostgreSQL.
_MOST_DIGITS = 9


def text_of(prompt: PromptVersion | None) -> PromptText:
    """What a model is told; the prompt in the code where no version was ever made active."""
    if prompt is None:
        return CLASSIFY_PROMPT
    return PromptText(system=prompt.system, version=f"classify-v{prompt.version}")


def named(version: str) -> PromptText | None:
    """The text of "code" (the one in the code), "active", or "v2"; None for no such version."""
    if version == "code":
        return text_of(None)
    if version == "active":
        return text_of(PromptVersion.objects.filter(active=True).first())
    number = version.removeprefix("v")
    known = number.isdecimal() and len(number) <= _MOST_DIGITS
    prompt = PromptVersion.objects.filter(version=number).first() if known else None
    return text_of(prompt) if prompt else None


def names() -> list[str]:
    """What `named` knows; of many versions the newest."""
    newest = PromptVersion.objects.values_list("version", flat=True)[:_MOST_NAMED]
    return ["code", "active", *(f"v{number}" for number in sorted(newest))]


def check(system: str) -> None:
    """Raises InvalidInput for orders that are none."""
    if not system.strip() or len(system) > MAX_CHARACTERS:
        problem = f"The orders need 1 to {MAX_CHARACTERS} characters."
        raise InvalidInput(fields={"system": problem})


def save_version(system: str, *, note: str, author: User | None) -> PromptVersion:
    """Keep `system` as the next version; it neither asks nor shadows yet. Raises InvalidInput."""
    check(system)
    with transaction.atomic():
        latest = PromptVersion.objects.select_for_update().order_by("-version").first()
        prompt = PromptVersion.objects.create(
            version=latest.version + 1 if latest else 1, system=system, note=note, author=author
        )
        _record(prompt, "written", author)
    return prompt


def activate(prompt: PromptVersion, *, actor: User) -> bool:
    """Ask with this version from now on: a promotion, or a way back. False when it did already."""
    with transaction.atomic():
        row = PromptVersion.objects.select_for_update().get(pk=prompt.pk)
        if row.active:
            return False
        PromptVersion.objects.filter(active=True).update(active=False)
        PromptVersion.objects.filter(pk=row.pk).update(active=True, shadow=False)
        _record(row, "made active", actor)
    return True


def return_to_code(*, actor: User) -> bool:
    """Ask with the prompt in the code again, as before the first promotion. False when it is so."""
    with transaction.atomic():
        row = PromptVersion.objects.select_for_update().filter(active=True).first()
        if row is None:
            return False
        PromptVersion.objects.filter(pk=row.pk).update(active=False)
        _record(row, "made inactive: back to the code's prompt", actor)
    return True


def set_shadow(prompt: PromptVersion, *, on: bool, actor: User) -> bool:
    """Let this version ask in the shadow of the active one, or no more. False for no change."""
    with transaction.atomic():
        row = PromptVersion.objects.select_for_update().get(pk=prompt.pk)
        if row.shadow == on or (on and row.active):
            return False
        PromptVersion.objects.filter(shadow=True).update(shadow=False)
        PromptVersion.objects.filter(pk=row.pk).update(shadow=on)
        _record(row, "put in shadow" if on else "taken out of shadow", actor)
    return True


def _record(prompt: PromptVersion, what: str, actor: User | None) -> None:
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message=f"Prompt v{prompt.version} {what}",
                actor_id=actor.pk if actor else None,
                subject=f"promptversion:{prompt.pk}",
                correlation_id=correlation.current(),
            )
        ]
    )
