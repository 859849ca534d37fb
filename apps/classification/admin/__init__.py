"""The title rules with their versions, and whom they found. Verdicts are in events' stories."""

from apps.classification.admin.detections import DetectionAdmin
from apps.classification.admin.title_rules import TitleRulesAdmin

__all__ = ["DetectionAdmin", "TitleRulesAdmin"]
