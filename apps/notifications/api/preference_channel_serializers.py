"""Preferences of channels as seed 001 shapes them: `/api/notifications/preferences`."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers

from apps.core.api.serializers import StrictSerializer
from apps.core.hashing import canonical_json
from apps.notifications.api.fields import WallField, ZoneField
from apps.notifications.api.preference_serializers import SourcesField
from apps.notifications.selectors.preferences import ChannelSetting
from apps.notifications.services.channel_preferences import UNLIMITED
from apps.notifications.types import CHANNEL_NAMES

# What the services call things → what this door does.
NAMES: Mapping[str, str] = {
    "quiet_hours": "settings.quietHours",
    "max_per_day": "settings.maxPerDay",
    "priority_threshold": "settings.priorityThreshold",
    "metadata": "settings.metadata",
}

_MAX_COUNT = 2**31 - 1
_MAX_METADATA_BYTES = 4_096

_QUIET = ("quiet_hours_enabled", "quiet_start", "quiet_end", "time_zone")
_SOURCES: Mapping[str, str] = {
    "enabled": "enabled",
    "quiet_hours": "quietHours",
    "time_zone": "quietHours.timezone",
    "max_per_day": "maxPerDay",
    "priority_threshold": "priorityThreshold",
}


class ChannelQuietHoursSerializer(StrictSerializer):
    """From `start` until `end` on the clocks of `timezone`; `end` may be on the next day."""

    enabled = serializers.BooleanField(source="quiet_hours_enabled")
    start = WallField(source="quiet_start", allow_null=True, required=False)
    end = WallField(source="quiet_end", allow_null=True, required=False)
    timezone = ZoneField(source="time_zone", required=False, help_text="IANA name.")


class ChannelSettingsSerializer(StrictSerializer):
    """What is left out stays; null unsays it, and what is set more widely holds."""

    enabled = serializers.BooleanField()
    quietHours = ChannelQuietHoursSerializer(  # noqa: N815  # the seed's name
        required=False, allow_null=True
    )
    maxPerDay = serializers.IntegerField(  # noqa: N815  # as above
        source="max_per_day",
        min_value=UNLIMITED,
        max_value=_MAX_COUNT,
        required=False,
        allow_null=True,
        help_text="0 mutes; -1 is no limit, for tiers that have none.",
    )
    priorityThreshold = serializers.IntegerField(  # noqa: N815  # as above
        source="priority_threshold", min_value=1, max_value=10, required=False, allow_null=True
    )
    metadata = serializers.DictField(
        required=False, allow_null=True, help_text="What the channel itself must know."
    )

    def validate_metadata(self, value: Any) -> Any:
        if value is not None and len(canonical_json(value)) > _MAX_METADATA_BYTES:
            raise serializers.ValidationError(f"At most {_MAX_METADATA_BYTES} bytes of JSON.")
        return value


class ChannelChangeSerializer(StrictSerializer):
    auraId = serializers.UUIDField(  # noqa: N815  # the seed's name
        required=False, allow_null=True, help_text="Without one: for all auras."
    )
    channel = serializers.ChoiceField(choices=[*CHANNEL_NAMES])
    settings = ChannelSettingsSerializer()

    def columns(self) -> dict[str, Any]:
        """The validated settings as `set_channel` takes them."""
        changes = dict(self.validated_data["settings"])
        if "quietHours" in changes:
            quiet = changes.pop("quietHours")
            changes |= dict.fromkeys(_QUIET) if quiet is None else quiet
        return changes


class _QuietAnswerSerializer(serializers.Serializer[Any]):
    enabled = serializers.BooleanField()
    start = WallField(allow_null=True)
    end = WallField(allow_null=True)
    timezone = serializers.CharField()


class ChannelPreferenceSerializer(serializers.Serializer[Any]):
    """What holds for one channel. `id` and times are null where nothing is stored for just it."""

    id = serializers.UUIDField(allow_null=True)
    auraId = serializers.UUIDField(allow_null=True)  # noqa: N815  # the seed's name
    channel = serializers.ChoiceField(choices=[*CHANNEL_NAMES])
    enabled = serializers.BooleanField()
    quietHours = _QuietAnswerSerializer()  # noqa: N815  # as above
    maxPerDay = serializers.IntegerField(  # noqa: N815  # as above
        allow_null=True, help_text="Null is no limit."
    )
    priorityThreshold = serializers.IntegerField()  # noqa: N815  # as above
    metadata = serializers.DictField()
    createdAt = serializers.DateTimeField(allow_null=True)  # noqa: N815  # as above
    updatedAt = serializers.DateTimeField(allow_null=True)  # noqa: N815  # as above
    sources = SourcesField()


class ChannelPreferencesSerializer(serializers.Serializer[Any]):
    # The seed's name is no name in Python: `global`.
    byAura = serializers.DictField(  # noqa: N815  # the seed's name
        child=serializers.ListField(child=ChannelPreferenceSerializer()),
        help_text="Id of the aura → what holds for it.",
    )

    def get_fields(self) -> dict[str, Any]:
        general = serializers.ListField(child=ChannelPreferenceSerializer())
        return {"global": general, **super().get_fields()}


def document(settings: Sequence[ChannelSetting], *, explain: bool) -> dict[str, Any]:
    """`channel_settings` as the seed's GetPreferencesResponse."""
    by_aura: dict[str, list[Any]] = {}
    for item in settings:
        if item.aura_id is not None:
            by_aura.setdefault(str(item.aura_id), []).append(_entry(item, explain=explain))
    general = [_entry(item, explain=explain) for item in settings if item.aura_id is None]
    return {"global": general, "byAura": by_aura}


def _entry(item: ChannelSetting, *, explain: bool) -> dict[str, Any]:
    values, row = item.values, item.row
    quiet = values.quiet_hours
    entry = {
        "id": row and row.public_id,
        "auraId": item.aura_id,
        "channel": item.channel,
        "enabled": values.enabled,
        "quietHours": {
            "enabled": quiet.enabled,
            "start": quiet.start,
            "end": quiet.end,
            "timezone": values.time_zone,
        },
        "maxPerDay": values.max_per_day,
        "priorityThreshold": values.priority_threshold,
        "metadata": (row and row.metadata) or {},
        "createdAt": row and row.created_at,
        "updatedAt": row and row.updated_at,
    }
    sources = {_SOURCES[name]: origin for name, origin in values.sources.items()}
    return {**ChannelPreferenceSerializer(entry).data, **({"sources": sources} if explain else {})}
