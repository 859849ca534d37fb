from apps.core.plugins import PluginTable
from apps.notifications.channels.email.providers.base import MailProvider

MAIL_PROVIDERS: PluginTable[MailProvider] = PluginTable(
    "mail provider",
    {
        "smtp": "apps.notifications.channels.email.providers.smtp.SmtpProvider",
        "sendgrid:main": "apps.notifications.channels.email.providers.sendgrid.SendGridProvider",
    },
)
