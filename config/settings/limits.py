"""Every number of the seeds, each one a setting with its unit in the name."""

from config.env import env

# The door
WEBHOOK_MAX_BYTES = env.int("WEBHOOK_MAX_BYTES", default=1_048_576)
WEBHOOK_READ_DEADLINE_SECONDS = env.float("WEBHOOK_READ_DEADLINE_SECONDS", default=10.0)
WEBHOOK_TOLERANCE_SECONDS = env.int("WEBHOOK_TOLERANCE_SECONDS", default=300)
WEBHOOK_QUEUE_LIMIT = env.int("WEBHOOK_QUEUE_LIMIT", default=2_000)
WEBHOOK_BATCH_ROWS = env.int("WEBHOOK_BATCH_ROWS", default=200)
INBOX_HIGH_WATER_ROWS = env.int("INBOX_HIGH_WATER_ROWS", default=100_000)
SOURCE_CACHE_SECONDS = env.int("SOURCE_CACHE_SECONDS", default=1)

RATE_LIMIT_USER_PER_MINUTE = env.int("RATE_LIMIT_USER_PER_MINUTE", default=100)
RATE_LIMIT_SOURCE_PER_MINUTE = env.int("RATE_LIMIT_SOURCE_PER_MINUTE", default=1_000)
RATE_LIMIT_GLOBAL_PER_MINUTE = env.int("RATE_LIMIT_GLOBAL_PER_MINUTE", default=10_000)
RATE_LIMIT_COMMUNITY_IP_PER_MINUTE = env.int("RATE_LIMIT_COMMUNITY_IP_PER_MINUTE", default=100)
RATE_LIMIT_TEST_PER_MINUTE = env.int("RATE_LIMIT_TEST_PER_MINUTE", default=5)
RATE_LIMIT_LOGIN_PER_MINUTE = env.int("RATE_LIMIT_LOGIN_PER_MINUTE", default=10)
# How many proxies of ours stand in front; the client's address is that many steps from the right.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# Facts
DEDUP_WINDOW_SECONDS = env.int("DEDUP_WINDOW_SECONDS", default=300)
CONTENT_MAX_CHARACTERS = env.int("CONTENT_MAX_CHARACTERS", default=10_000)

# Judgement
CALENDAR_PROXIMITY_MINUTES = env.int("CALENDAR_PROXIMITY_MINUTES", default=15)
REDUNDANCY_WINDOW_SECONDS = env.int("REDUNDANCY_WINDOW_SECONDS", default=1_800)
BATCH_INTERVAL_SECONDS = env.int("BATCH_INTERVAL_SECONDS", default=1_800)
MIN_NOTIFICATION_INTERVAL_SECONDS = env.int("MIN_NOTIFICATION_INTERVAL_SECONDS", default=300)
# A batch goes when its reader usually reads, if that is no further away than this.
SMART_BATCH_MAX_DELAY_SECONDS = env.int("SMART_BATCH_MAX_DELAY_SECONDS", default=14_400)
# Who was at their inbox within this time is told through other channels a grace later, and only if
# it is unread by then. 0 asks nobody.
PRESENCE_WINDOW_SECONDS = env.int("PRESENCE_WINDOW_SECONDS", default=60)
SEEN_GRACE_SECONDS = env.int("SEEN_GRACE_SECONDS", default=120)
NOTIFICATION_LIFETIME_SECONDS = env.int("NOTIFICATION_LIFETIME_SECONDS", default=604_800)
# Of what was decided in the last 30 days, a preview of preferences decides the newest again.
PREVIEW_MAX_EVENTS = env.int("PREVIEW_MAX_EVENTS", default=2_000)
# Feedback is looked at when it is given; this finds what has become stale.
PROPOSALS_INTERVAL_SECONDS = env.int("PROPOSALS_INTERVAL_SECONDS", default=3_600)

# Models: a name of apps.classification.providers, or none; a budget of 0 is no limit.
CLASSIFIER_PROVIDER = env.str("CLASSIFIER_PROVIDER", default="")
CLASSIFICATION_CACHE_SECONDS = env.int("CLASSIFICATION_CACHE_SECONDS", default=3_600)
LLM_TIMEOUT_SECONDS = env.float("LLM_TIMEOUT_SECONDS", default=5.0)
LLM_BATCH_ROWS = env.int("LLM_BATCH_ROWS", default=64)
LLM_MONTHLY_BUDGET_MICROS = env.int("LLM_MONTHLY_BUDGET_MICROS", default=0)
# From this relevance on, 0 to 1, a model explains an event after it was told.
INSIGHT_RELEVANCE = env.float("INSIGHT_RELEVANCE", default=0.7)
INSIGHT_TIMEOUT_SECONDS = env.float("INSIGHT_TIMEOUT_SECONDS", default=10.0)

# Digests
DIGEST_MAX_ITEMS = env.int("DIGEST_MAX_ITEMS", default=50)
DIGEST_CHUNK_ITEMS = env.int("DIGEST_CHUNK_ITEMS", default=10)

# Durable work
DRAIN_BATCH_ROWS = env.int("DRAIN_BATCH_ROWS", default=300)
DRAIN_SWEEP_SECONDS = env.int("DRAIN_SWEEP_SECONDS", default=5)
LEASE_SECONDS = env.int("LEASE_SECONDS", default=60)
MAX_CLAIMS = env.int("MAX_CLAIMS", default=6)
DELIVERY_ROUND_SECONDS = env.float("DELIVERY_ROUND_SECONDS", default=20.0)
DELIVERY_CONCURRENCY = env.int("DELIVERY_CONCURRENCY", default=64)
SEND_DEADLINE_SECONDS = env.float("SEND_DEADLINE_SECONDS", default=12.0)
RETRY_SCHEDULE_SECONDS = env.list(
    "RETRY_SCHEDULE_SECONDS", cast=float, default=[1, 5, 15, 60, 300, 1_800, 7_200]
)

# Channels everybody is told through besides the inbox; per-person choice comes with preferences.
# Of one channel: so many browsers, numbers or hooks may one person have.
ADDRESSES_PER_CHANNEL = env.int("ADDRESSES_PER_CHANNEL", default=20)
EXTRA_CHANNELS = env.list("EXTRA_CHANNELS", default=[])

# Outgoing HTTP: exact "host:port" entries that may be private, plain http, ports besides 443.
HTTP_ALLOW_PRIVATE = env.list("HTTP_ALLOW_PRIVATE", default=[])
HTTP_ALLOW_HTTP = env.bool("HTTP_ALLOW_HTTP", default=False)
HTTP_EXTRA_PORTS = env.list("HTTP_EXTRA_PORTS", cast=int, default=[])
