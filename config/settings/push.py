"""Push: the key that browsers know this installation by, and where they may say they are reached.

Without VAPID_PRIVATE_KEY nobody can be told by push; `manage.py up` makes one of its own.
"""

import re

from django.core.exceptions import ImproperlyConfigured

from config.bootstrap.keys import is_vapid_key
from config.env import env
from config.settings.base import PUBLIC_URL

# base64url of the 32 bytes of a P-256 private key. A browser's subscription holds for it alone.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")
if VAPID_PRIVATE_KEY and not is_vapid_key(VAPID_PRIVATE_KEY):
    raise ImproperlyConfigured(
        "VAPID_PRIVATE_KEY must be a private key of P-256: 43 characters, base64url of 32 bytes."
    )
# Whom a push service writes to when something is wrong with what it is sent.
VAPID_SUBJECT = env.str(
    "VAPID_SUBJECT",
    default=PUBLIC_URL if PUBLIC_URL.startswith("https://") else "mailto:operator@vigil.example",
)
if not re.fullmatch(r"(mailto:|https://)[!-~]+", VAPID_SUBJECT):
    raise ImproperlyConfigured('VAPID_SUBJECT must begin with "mailto:" or "https://".')

# Hosts of push services; "*.example.org" is every host below example.org. Endpoints come from
# browsers, so that this list is what keeps them from being any address at all.
PUSH_HOSTS = env.list(
    "PUSH_HOSTS",
    default=[
        "fcm.googleapis.com",
        "android.googleapis.com",
        "*.push.services.mozilla.com",
        "*.notify.windows.com",
        "*.push.apple.com",
    ],
)
# How long the buttons of a push message work without a page; afterwards they open one.
PUSH_ACTION_SECONDS = env.int("PUSH_ACTION_SECONDS", default=86_400)
