from apps.core.plugins import PluginTable
from apps.notifications.channels.base import Channel

CHANNELS: PluginTable[Channel] = PluginTable(
    "channel",
    {
        "in_app": "apps.notifications.channels.in_app.InAppChannel",
        "email": "apps.notifications.channels.email.channel.EmailChannel",
        "console": "apps.notifications.channels.console.ConsoleChannel",
    },
)
