"""Mail: who it is from, which provider carries it, and what providers tell of it afterwards.

A provider is asked only when it is configured: SMTP by SMTP_HOST, SendGrid by SENDGRID_API_KEY, and
either only with SMTP_FROM_EMAIL.
"""

import re

from django.core.exceptions import ImproperlyConfigured

from config.env import env

# The preferred one first; the next is asked while the first one's breaker is open.
EMAIL_PROVIDERS = env.list("EMAIL_PROVIDERS", default=["smtp", "sendgrid:main"])
# Of every mail, whichever provider carries it. The seeds' names.
SMTP_FROM_EMAIL = env.str("SMTP_FROM_EMAIL", default="")
if SMTP_FROM_EMAIL and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", SMTP_FROM_EMAIL):
    raise ImproperlyConfigured("SMTP_FROM_EMAIL must be a mail address alone, without a name.")
SMTP_FROM_NAME = env.str("SMTP_FROM_NAME", default="Vigil")
EMAIL_REPLY_TO = env.str("EMAIL_REPLY_TO", default="")
# A mailbox somebody reads, for List-Unsubscribe besides the link; "" leaves it out.
EMAIL_UNSUBSCRIBE_MAILBOX = env.str("EMAIL_UNSUBSCRIBE_MAILBOX", default="")
EMAIL_POSTAL_ADDRESS = env.str("EMAIL_POSTAL_ADDRESS", default="")
# Opens and clicks are told only of people who consented to that, and only with this on.
EMAIL_TRACKING = env.bool("EMAIL_TRACKING", default=False)
EMAIL_CONNECTIONS = env.int("EMAIL_CONNECTIONS", default=16)

SMTP_HOST = env.str("SMTP_HOST", default="")
SMTP_PORT = env.int("SMTP_PORT", default=587)
SMTP_USERNAME = env.str("SMTP_USERNAME", default="")
SMTP_PASSWORD = env.str("SMTP_PASSWORD", default="")
# "starttls" insists on it, "tls" speaks TLS from the first byte (port 465), "none" is for a relay
# on this very machine.
SMTP_SECURITY = env.str("SMTP_SECURITY", default="starttls")
if SMTP_SECURITY not in ("starttls", "tls", "none"):
    # A word that nobody knows must not come to mean "in the open".
    raise ImproperlyConfigured('SMTP_SECURITY must be "starttls", "tls" or "none".')
SMTP_CA_FILE = env.str("SMTP_CA_FILE", default="")
SMTP_BOUNCE_EMAIL = env.str("SMTP_BOUNCE_EMAIL", default="")

SENDGRID_API_KEY = env.str("SENDGRID_API_KEY", default="")
SENDGRID_HOST = env.str("SENDGRID_HOST", default="https://api.sendgrid.com")
# Verification keys of the event webhook: several while one is replaced.
SENDGRID_EVENT_KEYS = env.list("SENDGRID_EVENT_KEYS", default=[])
SENDGRID_EVENT_TOLERANCE_SECONDS = env.int("SENDGRID_EVENT_TOLERANCE_SECONDS", default=300)
