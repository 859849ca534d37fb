"""Title rules and whom they found, and the golden set. Verdicts are in events' stories."""

from apps.classification.admin.detections import DetectionAdmin
from apps.classification.admin.golden_cases import GoldenCaseAdmin
from apps.classification.admin.title_rules import TitleRulesAdmin

__all__ = ["DetectionAdmin", "GoldenCaseAdmin", "TitleRulesAdmin"]
