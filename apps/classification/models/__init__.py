from apps.classification.models.classification import Classification
from apps.classification.models.detection import Detection, SeniorityState
from apps.classification.models.golden_case import GoldenCase
from apps.classification.models.insight import Insight
from apps.classification.models.model_call import ModelAnswer, ModelCall, ModelSpend
from apps.classification.models.prompt_version import PromptVersion, ShadowVerdict
from apps.classification.models.shadow_title import ShadowTitle

__all__ = [
    "Classification",
    "Detection",
    "GoldenCase",
    "Insight",
    "ModelAnswer",
    "ModelCall",
    "ModelSpend",
    "PromptVersion",
    "SeniorityState",
    "ShadowTitle",
    "ShadowVerdict",
]
