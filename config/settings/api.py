"""REST framework and its schema: JSON only, one error shape, no anonymous default."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.authentication.JwtAuthentication",
        "apps.accounts.authentication.ApiKeyAuthentication",
        "apps.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "apps.accounts.permissions.HasScope",
        "apps.accounts.permissions.IsMember",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.api.parsers.StrictJsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": None,
    # There is one format: `?format=` is a name like any other that a list does not know.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "apps.core.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Vigil",
    "DESCRIPTION": (
        "Watches what reaches people, judges what deserves an interruption, and says why."
    ),
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.api.documenting.document_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Category": "apps.classification.types.Category",
        "Channel": "apps.notifications.types.CHANNEL_NAMES",
        "SendableChannel": "apps.notifications.api.trying_views.SENDABLE",
        "HookChannel": "apps.notifications.types.choices.HOOKS",
        "PhoneChannel": "apps.notifications.types.choices.PHONES",
        "Urgency": "apps.classification.types.Urgency",
        "Frequency": "apps.notifications.types.Frequency",
        "EventKind": "apps.ingestion.types.EventKind",
        "FeedbackKind": "apps.notifications.models.Feedback.Kind",
        "DecisionOutcome": "apps.notifications.types.Outcome",
        "AttemptOutcome": "apps.notifications.models.DeliveryAttempt.Outcome",
        "DeliveryState": "apps.notifications.models.Delivery.State",
        "RawEventState": "apps.ingestion.models.RawEvent.State",
        "NotificationStatus": "apps.notifications.models.Notification.Status",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
