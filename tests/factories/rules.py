from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.accounts.models import Business, User
from apps.core.crypto import blind_index
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.rules.models import Inhibition, KeywordRule, SeniorityRuleSet, Silence, VipSender
from tests.factories.values import number


def make_vip(
    *,
    business: Business,
    user: User | None = None,
    address: str = "carla@acme.example",
    **values: Any,
) -> VipSender:
    """On `user`'s own list, or on everybody's in the business."""
    return VipSender.objects.create(
        business=business,
        user=user,
        address=address,
        address_index=blind_index(address, context=MAILBOX_CONTEXT),
        **values,
    )


def make_keyword_rule(
    *, business: Business, user: User | None = None, pattern: str = "invoice", **values: Any
) -> KeywordRule:
    return KeywordRule.objects.create(business=business, user=user, pattern=pattern, **values)


def make_seniority_rule_set(
    *, document: dict[str, Any], business: Business | None = None, **values: Any
) -> SeniorityRuleSet:
    values.setdefault("version", number())
    return SeniorityRuleSet.objects.create(business=business, document=document, **values)


def make_silence(
    *, business: Business, user: User | None = None, sender: str = "", **values: Any
) -> Silence:
    """For an hour from now, for `user` or for everybody in the business."""
    values.setdefault("expires_at", timezone.now() + timedelta(hours=1))
    index = blind_index(sender, context=MAILBOX_CONTEXT) if sender else None
    return Silence.objects.create(
        business=business, user=user, sender=sender, sender_index=index, **values
    )


def make_inhibition(
    *,
    business: Business,
    user: User | None = None,
    source_sender: str = "",
    target_sender: str = "",
    **values: Any,
) -> Inhibition:
    """What is a risk inhibits messages about the same client, for an hour."""
    values.setdefault("source_category", "risk")
    values.setdefault("target_category", "message")
    values.setdefault("equal", ["client"])
    for side, sender in (("source", source_sender), ("target", target_sender)):
        values[f"{side}_sender"] = sender
        values[f"{side}_sender_index"] = (
            blind_index(sender, context=MAILBOX_CONTEXT) if sender else None
        )
    return Inhibition.objects.create(business=business, user=user, **values)
