"""Which of the existing versions of the title rules judges, and which one in its shadow."""

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.rules.models import SeniorityRuleSet


def activate(rule_set: SeniorityRuleSet, *, actor: User) -> bool:
    """Let this version judge from now on: a promotion, or a way back. False when it did already."""
    with transaction.atomic():
        versions = _versions_like(rule_set)
        active = versions.filter(active=True).first()
        if active == rule_set:
            return False
        versions.filter(active=True).update(active=False)
        versions.filter(pk=rule_set.pk).update(active=True, shadow=False)
        _record(rule_set, "made active", actor, before=active)
    return True


def set_shadow(rule_set: SeniorityRuleSet, *, on: bool, actor: User) -> bool:
    """Let this version judge in the shadow of the active one, or no more. False for no change."""
    with transaction.atomic():
        versions = _versions_like(rule_set)
        row = versions.get(pk=rule_set.pk)
        if row.shadow == on or (on and row.active):
            return False
        before = versions.filter(shadow=True).first()
        versions.filter(shadow=True).update(shadow=False)
        versions.filter(pk=row.pk).update(shadow=on)
        _record(row, "put in shadow" if on else "taken out of shadow", actor, before=before)
    return True


def _versions_like(rule_set: SeniorityRuleSet) -> QuerySet[SeniorityRuleSet]:
    return SeniorityRuleSet.objects.select_for_update().filter(business=rule_set.business)


def _record(
    rule_set: SeniorityRuleSet, what: str, actor: User, *, before: SeniorityRuleSet | None
) -> None:
    """`before` is the version in whose place it comes."""
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message=f"Title rules v{rule_set.version} {what}",
                business_id=rule_set.business_id,
                actor_id=actor.pk,
                subject=f"seniorityruleset:{rule_set.pk}",
                correlation_id=correlation.current(),
                metadata={"before": before.version if before else None},
            )
        ]
    )
