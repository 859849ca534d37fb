"""JSON lines on standard output, redacted, each with the correlation id it belongs to."""

from config.env import env

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
LOGGING_CONFIG = None  # apps.core.logs configures structlog and the standard library together

PROMETHEUS_METRIC_NAMESPACE = ""
