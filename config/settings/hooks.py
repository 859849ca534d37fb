"""Channels that post to a URL: webhooks, Slack, Teams, and an Automation Anywhere control room."""

from django.core.exceptions import ImproperlyConfigured

from config.env import env

# Webhooks: how long an old secret signs beside its successor, and how long an endpoint may fail.
WEBHOOK_ROTATION_OVERLAP_SECONDS = env.int("WEBHOOK_ROTATION_OVERLAP_SECONDS", default=86_400)
WEBHOOK_DISABLE_AFTER_HOURS = env.int("WEBHOOK_DISABLE_AFTER_HOURS", default=120)
# What one call to "recover" sends again at most, how far back it reaches, how often it is allowed.
HOOK_RECOVER_MAX_ROWS = env.int("HOOK_RECOVER_MAX_ROWS", default=1_000)
HOOK_RECOVER_MAX_DAYS = env.int("HOOK_RECOVER_MAX_DAYS", default=30)
HOOK_RECOVER_PER_MINUTE = env.int("HOOK_RECOVER_PER_MINUTE", default=6)

# Hosts of Slack's incoming webhooks and of Teams Workflows; ".example" is every name below it.
SLACK_HOOK_HOSTS = env.list("SLACK_HOOK_HOSTS", default=["hooks.slack.com", "hooks.slack-gov.com"])
TEAMS_HOOK_HOSTS = env.list(
    "TEAMS_HOOK_HOSTS", default=[".logic.azure.com", ".api.powerplatform.com"]
)

# Automation Anywhere: without a control room, a user and a bot it is not set up.
AA_CONTROL_ROOM_URL = env.str("AA_CONTROL_ROOM_URL", default="")
AA_USERNAME = env.str("AA_USERNAME", default="")
AA_API_KEY = env.str("AA_API_KEY", default="")
AA_PASSWORD = env.str("AA_PASSWORD", default="")
AA_MULTIPLE_LOGIN = env.bool("AA_MULTIPLE_LOGIN", default=False)
AA_AUTH_PATH = env.str("AA_AUTH_PATH", default="/v2/authentication")
AA_DEPLOY_VERSION = env.str("AA_DEPLOY_VERSION", default="v3")
if AA_DEPLOY_VERSION not in ("v3", "v4"):
    raise ImproperlyConfigured("AA_DEPLOY_VERSION is v3 or v4")
AA_DEPLOY_PATH = env.str("AA_DEPLOY_PATH", default="")
AA_EMAIL_BOT_ID = env.int("AA_EMAIL_BOT_ID", default=0)
AA_TEAMS_BOT_ID = env.int("AA_TEAMS_BOT_ID", default=0)
AA_RUN_AS_USER_IDS = env.list("AA_RUN_AS_USER_IDS", cast=int, default=[])
AA_POOL_IDS = env.list("AA_POOL_IDS", cast=int, default=[])
