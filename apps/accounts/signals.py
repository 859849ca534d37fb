"""What happens here that others may want to write down (`apps.audit` stands above accounts).

Logins are Django's own `user_logged_in` and `user_login_failed`; a token login sends them without
a request.
"""

from django.dispatch import Signal

# A refresh token came a second time. Sends `user` and `family`, a UUID.
token_reused = Signal()

# Somebody consented to something, or withdrew it. Sends `consent`, the row, in its transaction.
consent_recorded = Signal()
