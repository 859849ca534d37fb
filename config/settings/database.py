"""PostgreSQL and Redis. `manage.py up` and `manage.py test` set both URLs when nobody else did."""

from config.env import env

DATABASE_URL = env.str("DATABASE_URL", default="postgresql://postgres@localhost/vigil")
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")

_statement_timeout_ms = env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=10_000)
_lock_timeout_ms = env.int("DATABASE_LOCK_TIMEOUT_MS", default=2_000)
_idle_in_transaction_timeout_ms = env.int("DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS", default=15_000)
_tcp_timeout_ms = env.int("DATABASE_TCP_TIMEOUT_MS", default=15_000)

DATABASES = {
    "default": {
        **env.db_url_config(DATABASE_URL),
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE_SECONDS", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **env.db_url_config(DATABASE_URL).get("OPTIONS", {}),
            "connect_timeout": env.int("DATABASE_CONNECT_TIMEOUT_SECONDS", default=3),
            # A server that is gone without a word answers nothing, not even statement_timeout.
            "tcp_user_timeout": _tcp_timeout_ms,
            "keepalives_idle": max(1, _tcp_timeout_ms // 2_000),
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "options": (
                f"-c statement_timeout={_statement_timeout_ms}"
                f" -c lock_timeout={_lock_timeout_ms}"
                f" -c idle_in_transaction_session_timeout={_idle_in_transaction_timeout_ms}"
            ),
        },
    }
}

# Redis holds rate limits and hints only, so a lost cache costs speed, never a fact.
REDIS_SOCKET_TIMEOUT_MS = env.int("REDIS_SOCKET_TIMEOUT_MS", default=250)
