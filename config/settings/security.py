"""Keys, cookies, headers. Start-up refuses production on any of the development values here."""

from config.env import env
from config.settings.base import PRODUCTION

DEVELOPMENT_SECRET = "development-only-secret-key-never-use-it-in-production"  # noqa: S105

SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_SECRET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if not PRODUCTION else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Key ring for encrypted columns, entries "id:base64 of 32 bytes": the first one encrypts, all
# decrypt.
FIELD_KEYS = env.list("FIELD_KEYS", default=["dev:ZGV2ZWxvcG1lbnQtb25seS1maWVsZC1rZXktMzItYnk="])
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", default="development-only-blind-index-key")

JWT_ISSUER = env.str("JWT_ISSUER", default="vigil")
JWT_AUDIENCE = env.str("JWT_AUDIENCE", default="vigil-api")
JWT_ACCESS_SECONDS = env.int("JWT_ACCESS_SECONDS", default=900)
JWT_REFRESH_SECONDS = env.int("JWT_REFRESH_SECONDS", default=1_209_600)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = env.list(
    "PASSWORD_HASHERS",
    default=["django.contrib.auth.hashers.ScryptPasswordHasher"],
)

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("COOKIES_SECURE", default=PRODUCTION)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
# Probes speak plain http from inside; what they may see is decided below.
SECURE_REDIRECT_EXEMPT = [r"^health"]
HEALTH_TOKEN = env.str("HEALTH_TOKEN", default="")
HEALTH_NETWORKS = env.list("HEALTH_NETWORKS", default=["127.0.0.0/8", "::1/128"])
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXY_COUNT", default=0) else None
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# Fault points kill the process at a named statement; tests set them, production refuses them.
FAULTPOINTS = env.str("FAULTPOINTS", default="")
