"""Going back, or forward, to a version of the title rules that exists."""

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.rules.models import SeniorityRuleSet


def activate(rule_set: SeniorityRuleSet, *, actor: User) -> bool:
    """Let this version judge from now on. False when it did already."""
    with transaction.atomic():
        versions = SeniorityRuleSet.objects.select_for_update().filter(business=rule_set.business)
        active = versions.filter(active=True).first()
        if active == rule_set:
            return False
        versions.filter(active=True).update(active=False)
        versions.filter(pk=rule_set.pk).update(active=True)
        record(
            [
                AuditDraft(
                    type=AuditType.CONFIG_CHANGED,
                    message=f"Title rules v{rule_set.version} made active",
                    business_id=rule_set.business_id,
                    actor_id=actor.pk,
                    subject=f"seniorityruleset:{rule_set.pk}",
                    correlation_id=correlation.current(),
                    metadata={"before": active.version if active else None},
                )
            ]
        )
    return True
