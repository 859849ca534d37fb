from apps.core.plugins import PluginTable
from apps.notifications.channels.base import Channel

CHANNELS: PluginTable[Channel] = PluginTable(
    "channel",
    {
        "in_app": "apps.notifications.channels.in_app.InAppChannel",
        "sms": "apps.notifications.channels.sms.SmsChannel",
        "whatsapp": "apps.notifications.channels.whatsapp.WhatsAppChannel",
        "console": "apps.notifications.channels.console.ConsoleChannel",
    },
)
