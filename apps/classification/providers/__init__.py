"""Models that judge: one file and one line each."""

from apps.classification.providers.base import Provider
from apps.core.plugins import PluginTable

PROVIDERS: PluginTable[Provider] = PluginTable(
    "provider",
    {
        "openai": "apps.classification.providers.openai.OpenAIProvider",
        "anthropic": "apps.classification.providers.anthropic.AnthropicProvider",
        "mock": "apps.classification.providers.mock.MockProvider",
    },
)
