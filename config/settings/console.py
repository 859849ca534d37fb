"""The operators' console: django-unfold's look, and our navigation in the pipeline's own order."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _style(_: HttpRequest) -> str:
    return static("admin/console.css")


def _allows(permission: str) -> Callable[[HttpRequest], bool]:
    def allowed(request: HttpRequest) -> bool:
        return request.user.has_perm(permission)

    return allowed


def _page(title: str, icon: str, model: str) -> dict[str, Any]:
    """A line of the sidebar: the list of "app_model", for those who may see it."""
    app, _, name = model.rpartition("_")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{model}_changelist"),
        "permission": _allows(f"{app}.view_{name}"),
    }


def _group(title: str, *pages: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(pages)}


FORMAT_MODULE_PATH = "config.formats"

# The permission of the model that importing and exporting its rows asks for.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "add"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"

UNFOLD = {
    "SITE_TITLE": "Vigil",
    "SITE_HEADER": "Vigil",
    "SITE_SUBHEADER": "Operators' console",
    "SITE_SYMBOL": "notifications_active",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [_style],
    "DASHBOARD_CALLBACK": "apps.pipeline.admin.dashboard.dashboard",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [
                    {"title": "Overview", "icon": "monitoring", "link": reverse_lazy("admin:index")}
                ],
            },
            _group(
                "Facts",
                _page("Events", "timeline", "ingestion_event"),
                _page("Raw events", "move_to_inbox", "ingestion_rawevent"),
                _page("Sources", "sensors", "ingestion_source"),
            ),
            _group(
                "Rules",
                _page("VIP senders", "star", "rules_vipsender"),
                _page("Silences", "notifications_off", "rules_silence"),
                _page("Inhibitions", "notifications_paused", "rules_inhibition"),
                _page("Keyword rules", "match_word", "rules_keywordrule"),
                _page("Title rules", "badge", "rules_seniorityruleset"),
            ),
            _group(
                "Judgement",
                _page("Detections", "person_search", "classification_detection"),
                _page("Titles in shadow", "visibility_off", "classification_shadowtitle"),
                _page("Prompts", "prompt_suggestion", "classification_promptversion"),
                _page("Questions to models", "psychology", "classification_modelcall"),
                _page("Model spending", "payments", "classification_modelspend"),
                _page("Golden set", "rule", "classification_goldencase"),
                _page("Decisions", "rule", "notifications_decision"),
            ),
            _group(
                "Telling",
                _page("Notifications", "notifications", "notifications_notification"),
                _page("Digests", "summarize", "notifications_digest"),
                _page("Deliveries", "send", "notifications_delivery"),
                _page("Addresses", "contact_mail", "notifications_address"),
                _page("Templates", "edit_note", "notifications_messagetemplate"),
                _page("Preferences", "tune", "notifications_preference"),
                _page("Channels", "settings_input_antenna", "notifications_channelpreference"),
                _page("WhatsApp templates", "chat", "notifications_whatsapptemplate"),
                _page("Spend caps", "savings", "notifications_spendcap"),
                _page("Message spending", "payments", "notifications_spendcounter"),
            ),
            _group(
                "Work",
                _page("Dead letters and tasks", "report", "pipeline_task"),
                _page("Workers", "favorite", "pipeline_heartbeat"),
                _page("Circuit breakers", "electric_bolt", "core_circuitbreaker"),
                _page("Beat table", "schedule", "django_celery_beat_periodictask"),
            ),
            _group(
                "People",
                _page("Users", "person", "accounts_user"),
                _page("Groups", "group", "auth_group"),
                _page("Businesses", "domain", "accounts_business"),
                _page("Clients", "handshake", "accounts_client"),
                _page("Linked accounts", "link", "accounts_linkedaccount"),
                _page("Auras", "auto_awesome", "accounts_aura"),
                _page("Consents", "handshake", "accounts_consent"),
                _page("API keys", "key", "accounts_apikey"),
            ),
            _group("Audit", _page("Audit trail", "history", "audit_auditevent")),
        ],
    },
}
