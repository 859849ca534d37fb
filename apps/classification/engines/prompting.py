"""What a model is told: our orders in one place, a stranger's words in another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptText:
    """Our orders to a model. `version` is part of every cache key and of every verdict's story."""

    system: str
    version: str


CLASSIFY_PROMPT = PromptText(system="", version="classify-1")
INSIGHTS_PROMPT = PromptText(system="", version="insights-1")
