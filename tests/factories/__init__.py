"""Rows for tests: plain functions with keyword arguments. What a test does not care about is filled
in; whatever it does care about, it says.
"""

from tests.factories.accounts import (
    make_api_key,
    make_assignment,
    make_aura,
    make_business,
    make_client,
    make_linked_account,
    make_membership,
    make_refresh_token,
    make_user,
)
from tests.factories.audit import make_audit_event
from tests.factories.classification import (
    make_classification,
    make_detection,
    make_golden_case,
    make_model_call,
    make_model_spend,
    make_prompt,
    make_seniority_state,
)
from tests.factories.ingestion import (
    make_event,
    make_profile_value,
    make_raw_event,
    make_source,
    make_source_secret,
    make_watched_field,
)
from tests.factories.notifications import (
    make_attempt,
    make_channel_preference,
    make_decision,
    make_delivery,
    make_digest,
    make_digest_item,
    make_feedback,
    make_notification,
    make_preference,
    make_round,
    make_tally,
    make_waiting,
)
from tests.factories.pipeline import make_heartbeat, make_task
from tests.factories.rules import (
    make_keyword_rule,
    make_seniority_rule_set,
    make_silence,
    make_vip,
)

__all__ = [
    "make_api_key",
    "make_assignment",
    "make_attempt",
    "make_audit_event",
    "make_aura",
    "make_business",
    "make_channel_preference",
    "make_classification",
    "make_client",
    "make_decision",
    "make_delivery",
    "make_detection",
    "make_digest",
    "make_digest_item",
    "make_event",
    "make_feedback",
    "make_golden_case",
    "make_heartbeat",
    "make_keyword_rule",
    "make_linked_account",
    "make_membership",
    "make_model_call",
    "make_model_spend",
    "make_notification",
    "make_preference",
    "make_profile_value",
    "make_prompt",
    "make_raw_event",
    "make_refresh_token",
    "make_round",
    "make_seniority_rule_set",
    "make_seniority_state",
    "make_silence",
    "make_source",
    "make_source_secret",
    "make_tally",
    "make_task",
    "make_user",
    "make_vip",
    "make_waiting",
    "make_watched_field",
]
