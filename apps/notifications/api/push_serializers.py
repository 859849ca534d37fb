"""A browser's subscription, in the names browsers give it."""

from typing import Any

from rest_framework import serializers

from apps.core.api.serializers import StrictSerializer
from apps.notifications.channels.push_tokens import MAX_TOKEN_CHARACTERS
from apps.notifications.services.pushing import ACTIONS

# Longer ones are refused as no address of a push service, by the client's own limit.
_MOST_ENDPOINT = 8_192


class PushKeysSerializer(StrictSerializer):
    p256dh = serializers.CharField(max_length=200, help_text="65 bytes in base64url.")
    auth = serializers.CharField(max_length=100, help_text="16 bytes in base64url.")


class PushSubscriptionSerializer(StrictSerializer):
    """What `PushSubscription.toJSON()` gives."""

    endpoint = serializers.CharField(max_length=_MOST_ENDPOINT)
    expirationTime = serializers.FloatField(  # noqa: N815  # the browsers' name
        required=False,
        allow_null=True,
        help_text="Not used: the push service tells when it has ended.",
    )
    keys = PushKeysSerializer()


class SubscribeSerializer(StrictSerializer):
    subscription = PushSubscriptionSerializer()
    userAgent = serializers.CharField(  # noqa: N815  # the seed's name
        required=False, max_length=1_000, help_text="`User-Agent` of the request, if left out."
    )


class UnsubscribeSerializer(StrictSerializer):
    endpoint = serializers.CharField(max_length=_MOST_ENDPOINT)


class SubscribedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    browser = serializers.CharField(source="label")
    service = serializers.CharField(source="hint", help_text="The push service's host.")
    createdAt = serializers.DateTimeField(source="created_at")  # noqa: N815  # as in the history


class PushKeySerializer(serializers.Serializer[Any]):
    publicKey = serializers.CharField(  # noqa: N815  # goes with applicationServerKey
        help_text="65 bytes in base64url, for `applicationServerKey`."
    )


class PushActionSerializer(StrictSerializer):
    token = serializers.CharField(max_length=MAX_TOKEN_CHARACTERS)
    action = serializers.ChoiceField(choices=ACTIONS)
