from apps.classification.models.classification import Classification
from apps.classification.models.detection import Detection, SeniorityState

__all__ = ["Classification", "Detection", "SeniorityState"]
