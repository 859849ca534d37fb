from apps.core.plugins import PluginTable
from apps.notifications.channels.base import Channel

CHANNELS: PluginTable[Channel] = PluginTable(
    "channel",
    {
        "in_app": "apps.notifications.channels.in_app.InAppChannel",
        "email": "apps.notifications.channels.email.channel.EmailChannel",
        "console": "apps.notifications.channels.console.ConsoleChannel",
        "web_push": "apps.notifications.channels.web_push.WebPushChannel",
        "webhook": "apps.notifications.channels.webhook.WebhookChannel",
        "slack": "apps.notifications.channels.slack.SlackChannel",
        "teams": "apps.notifications.channels.teams.TeamsChannel",
        "automation_anywhere": "apps.notifications.channels.automation_anywhere.EmailBot",
        "automation_anywhere_chat": "apps.notifications.channels.automation_anywhere.TeamsBot",
    },
)
