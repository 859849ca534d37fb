from apps.rules.models.inhibition import Inhibition
from apps.rules.models.keyword_rule import KeywordRule
from apps.rules.models.seniority_rule_set import SeniorityRuleSet
from apps.rules.models.silence import Silence
from apps.rules.models.vip_sender import VipSender

__all__ = ["Inhibition", "KeywordRule", "SeniorityRuleSet", "Silence", "VipSender"]
