"""What people write down about what matters. The title rules' page lies above: it judges."""

from apps.rules.admin.inhibitions import InhibitionAdmin
from apps.rules.admin.keyword_rules import KeywordRuleAdmin
from apps.rules.admin.silences import SilenceAdmin
from apps.rules.admin.vips import VipSenderAdmin

__all__ = ["InhibitionAdmin", "KeywordRuleAdmin", "SilenceAdmin", "VipSenderAdmin"]
