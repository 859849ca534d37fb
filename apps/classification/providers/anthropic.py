"""Anthropic's Messages API: the schema is the input of a tool the model must use.

Reference: https://docs.anthropic.com/en/api/messages, version 2023-06-01.
"""

import json
from typing import Final

from django.conf import settings

from apps.classification.engines.answers import DocumentT, UnreadableAnswer, checked
from apps.classification.engines.prompting import Prompt
from apps.classification.providers.base import Failure, ProviderError
from apps.classification.providers.structured import (
    Completion,
    StructuredProvider,
    charged,
    usage_of,
)
from apps.classification.providers.wire import exchange
from apps.core.http.types import Request
from apps.core.json_types import Json

_VERSION: Final = "2023-06-01"
_TOOL: Final = "answer"


class AnthropicProvider(StructuredProvider):
    """Asks ANTHROPIC_MODEL at ANTHROPIC_BASE_URL with ANTHROPIC_API_KEY."""

    def prepare(self) -> None:
        """Nothing to load: there is no SDK."""

    async def complete(
        self, prompt: Prompt, document: type[DocumentT], *, deadline_seconds: float
    ) -> Completion[DocumentT]:
        if not settings.ANTHROPIC_API_KEY:
            raise ProviderError(Failure.REFUSED, "ANTHROPIC_API_KEY is not set")
        request = _request(prompt, document, model=settings.ANTHROPIC_MODEL)
        _, message = await exchange(request, deadline_seconds=deadline_seconds)
        usage = usage_of(
            message,
            model=settings.ANTHROPIC_MODEL,
            prompt="input_tokens",
            completion="output_tokens",
        )
        with charged(usage):
            return Completion(document=checked(_tool_input(message), document), usage=usage)


def _request(prompt: Prompt, document: type[DocumentT], *, model: str) -> Request:
    body = {
        "model": model,
        "max_tokens": settings.MODEL_MAX_ANSWER_TOKENS,
        "system": prompt.system,
        "messages": [{"role": "user", "content": prompt.user}],
        "tools": [
            {
                "name": _TOOL,
                "description": "Gives the answer.",
                "input_schema": document.model_json_schema(),
            }
        ],
        "tool_choice": {"type": "tool", "name": _TOOL, "disable_parallel_tool_use": True},
    }
    return Request(
        method="POST",
        url=f"{settings.ANTHROPIC_BASE_URL.rstrip('/')}/v1/messages",
        headers={
            "Content-Type": "application/json",
            "X-Api-Key": settings.ANTHROPIC_API_KEY,
            "Anthropic-Version": _VERSION,
        },
        body=json.dumps(body, ensure_ascii=False).encode(),
    )


def _tool_input(message: Json) -> Json:
    """The input of the one use of our tool; words around it are the model's own affair."""
    if not isinstance(message, dict) or message.get("stop_reason") != "tool_use":
        raise UnreadableAnswer("The answer is not the use of a tool")
    content = message.get("content")
    blocks = content if isinstance(content, list) else []
    uses = [
        block for block in blocks if isinstance(block, dict) and block.get("type") == "tool_use"
    ]
    if len(uses) != 1 or uses[0].get("name") != _TOOL:
        raise UnreadableAnswer("The answer does not use the tool once")
    return uses[0].get("input")
