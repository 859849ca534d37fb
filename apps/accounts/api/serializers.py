from typing import Any

from rest_framework import serializers

from apps.core.api.serializers import StrictSerializer


class LoginSerializer(StrictSerializer):
    """The longest password is limited because hashing one costs memory and time."""

    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1_024, trim_whitespace=False, write_only=True)


class RefreshSerializer(StrictSerializer):
    refresh = serializers.CharField(max_length=200)


class TokenPairSerializer(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="Goes into `Authorization: Bearer`.")
    refresh = serializers.CharField(help_text="Good for one call of /api/auth/refresh.")
    token_type = serializers.CharField(default="Bearer")
    expires_in = serializers.IntegerField(help_text="Seconds until the access token ends.")
