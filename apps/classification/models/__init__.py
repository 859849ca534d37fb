from apps.classification.models.classification import Classification
from apps.classification.models.detection import Detection, SeniorityState
from apps.classification.models.golden_case import GoldenCase

__all__ = ["Classification", "Detection", "GoldenCase", "SeniorityState"]
