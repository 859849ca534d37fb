from apps.core.plugins import PluginTable
from apps.notifications.channels.base import Channel

CHANNELS: PluginTable[Channel] = PluginTable(
    "channel",
    {
        "in_app": "apps.notifications.channels.in_app.InAppChannel",
        "console": "apps.notifications.channels.console.ConsoleChannel",
        "web_push": "apps.notifications.channels.web_push.WebPushChannel",
    },
)
