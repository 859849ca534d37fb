"""The title rules and prompts with their versions, whom they found and what models were asked.

Verdicts are in events' stories.
"""

from apps.classification.admin.detections import DetectionAdmin
from apps.classification.admin.model_calls import ModelCallAdmin, ModelSpendAdmin
from apps.classification.admin.prompts import PromptAdmin
from apps.classification.admin.title_rules import TitleRulesAdmin

__all__ = ["DetectionAdmin", "ModelCallAdmin", "ModelSpendAdmin", "PromptAdmin", "TitleRulesAdmin"]
