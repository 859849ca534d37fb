"""The title rules and prompts with their versions and shadows, whom they found, what models were
asked, and the golden set.

Verdicts are in events' stories.
"""

from apps.classification.admin.detections import DetectionAdmin
from apps.classification.admin.golden_cases import GoldenCaseAdmin
from apps.classification.admin.model_calls import ModelCallAdmin, ModelSpendAdmin
from apps.classification.admin.prompts import PromptAdmin
from apps.classification.admin.title_rules import TitleRulesAdmin
from apps.classification.admin.title_shadows import ShadowTitleAdmin

__all__ = [
    "DetectionAdmin",
    "GoldenCaseAdmin",
    "ModelCallAdmin",
    "ModelSpendAdmin",
    "PromptAdmin",
    "ShadowTitleAdmin",
    "TitleRulesAdmin",
]
