"""The operators' console: django-unfold's look and our navigation."""

UNFOLD = {
    "SITE_TITLE": "Vigil",
    "SITE_HEADER": "Vigil",
    "SITE_SUBHEADER": "Operators' console",
    "SITE_SYMBOL": "notifications_active",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
}
