"""Reads of rules: for whole batches, and what people may see of them."""

from apps.rules.selectors.inhibitions import (
    Inhibitions,
    PastInhibitions,
    inhibitions,
    past_inhibitions,
)
from apps.rules.selectors.judging import (
    KeywordSets,
    PastSilences,
    Silences,
    VipKey,
    keyword_sets,
    own_snoozes,
    past_silences,
    silences,
    snoozed_until_of,
    title_rules_in_use,
    vips,
    visible_silences,
    visible_vips,
)

__all__ = [
    "Inhibitions",
    "KeywordSets",
    "PastInhibitions",
    "PastSilences",
    "Silences",
    "VipKey",
    "inhibitions",
    "keyword_sets",
    "own_snoozes",
    "past_inhibitions",
    "past_silences",
    "silences",
    "snoozed_until_of",
    "title_rules_in_use",
    "vips",
    "visible_silences",
    "visible_vips",
]
