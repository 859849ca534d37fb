"""Mail through an SMTP server: SMTP_HOST, with STARTTLS unless SMTP_SECURITY says otherwise."""

from django.conf import settings

from apps.notifications.channels.email.providers.base import MailErrand
from apps.notifications.channels.email.providers.smtp_session import SmtpSession


class SmtpProvider:
    def configured(self) -> bool:
        return bool(settings.SMTP_HOST)

    def errand(self) -> MailErrand:
        return SmtpSession()
