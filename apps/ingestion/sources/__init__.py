"""Who may send: one file each, one line here."""

from apps.core.plugins import PluginTable
from apps.ingestion.sources.base import Source

SOURCES: PluginTable[Source] = PluginTable(
    "source",
    {
        "composio": "apps.ingestion.sources.composio.ComposioSource",
        "community": "apps.ingestion.sources.community.CommunitySource",
        "generic": "apps.ingestion.sources.generic.GenericSource",
        "mock": "apps.ingestion.sources.mock.MockSource",
    },
)
