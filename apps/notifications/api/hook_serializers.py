"""Hooks as they go in and come out. A URL is never shown again, a secret once."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.api.serializers import StrictSerializer
from apps.core.http.types import MAX_URL_CHARACTERS
from apps.notifications.api.fields import InstantField
from apps.notifications.engines.hook_health import stage_told
from apps.notifications.engines.hook_secrets import former_until
from apps.notifications.models import Address
from apps.notifications.services.hook_health import disable_after
from apps.notifications.types import OffReason
from apps.notifications.types.choices import HOOKS


class NewHookSerializer(StrictSerializer):
    channel = serializers.ChoiceField(choices=HOOKS)
    url = serializers.CharField(
        trim_whitespace=False,
        help_text=f"https only, {MAX_URL_CHARACTERS} characters at most. Slack: the URL of an "
        "incoming webhook; Teams: of a workflow.",
    )

    def get_fields(self) -> dict[str, Any]:
        # `label` is a member of every field of the framework's.
        label = serializers.CharField(required=False, allow_blank=True, default="", max_length=80)
        return {**super().get_fields(), "label": label}


class RecoverSerializer(StrictSerializer):
    since = InstantField(help_text="What was given up since then is sent again.")


class HookSerializer(serializers.Serializer[Any]):
    """`url` is enough to recognize it by. `warned` is how near it is to being switched off."""

    id = serializers.UUIDField(source="public_id")
    channel = serializers.ChoiceField(choices=HOOKS)
    url = serializers.CharField(source="hint")
    active = serializers.SerializerMethodField()
    offReason = serializers.ChoiceField(  # noqa: N815  # camel case, as everything at this door
        source="off_reason", choices=OffReason.choices, allow_blank=True
    )
    offAt = serializers.DateTimeField(source="off_at", allow_null=True)  # noqa: N815  # as above
    failingSince = serializers.DateTimeField(  # noqa: N815  # as above
        source="failing_since", allow_null=True
    )
    warned = serializers.SerializerMethodField(
        help_text="0, or 50, 70, 90: percent of the time it may fail without a success."
    )
    lastUsedAt = serializers.DateTimeField(  # noqa: N815  # as above
        source="last_used_at", allow_null=True
    )
    formerSecretUntil = serializers.SerializerMethodField(  # noqa: N815  # as above
        help_text="Until then the former secret signs, too."
    )
    createdAt = serializers.DateTimeField(source="created_at")  # noqa: N815  # as above

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "label": serializers.CharField()}  # as above

    def get_active(self, hook: Address) -> bool:
        return hook.state == Address.State.ACTIVE

    def get_warned(self, hook: Address) -> int:
        return stage_told(hook.failing_since, hook.warned_at, disable_after=disable_after())

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_formerSecretUntil(self, hook: Address) -> datetime | None:  # noqa: N802  # as above
        return former_until(hook.details or {}, timezone.now())


class HooksSerializer(serializers.Serializer[Any]):
    hooks = HookSerializer(many=True)


class SecretSerializer(serializers.Serializer[Any]):
    hook = HookSerializer()
    secret = serializers.CharField(
        help_text="Of a webhook: what it signs with. It is shown this once."
    )


class RecoveredSerializer(serializers.Serializer[Any]):
    requeued = serializers.IntegerField(help_text="So many are sent again.")
    expired = serializers.IntegerField(help_text="So many are too old to be told.")
    more = serializers.BooleanField(help_text="There are more: ask again.")
