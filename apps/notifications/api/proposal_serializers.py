"""Proposals as the other documents under `/api/notifications/` are shaped."""

from typing import Any

from rest_framework import serializers

from apps.notifications.models import Proposal
from apps.notifications.types import ProposalKind


class NowAndThenSerializer(serializers.Serializer[Any]):
    """As it is today, and with the change."""

    now = serializers.IntegerField()
    then = serializers.IntegerField()


class EvidenceSerializer(serializers.Serializer[Any]):
    """Of the last 30 days, and of what the change is about."""

    told = serializers.IntegerField()
    read = serializers.IntegerField()
    helpful = serializers.IntegerField()
    dismissed = serializers.IntegerField()
    lessLikeThis = serializers.IntegerField(  # noqa: N815  # camel case, as everything at this door
        source="less_like_this"
    )


class SinceSerializer(serializers.Serializer[Any]):
    """Of what the change is about and what was told since it was accepted."""

    helpful = serializers.IntegerField()
    dismissed = serializers.IntegerField()
    lessLikeThis = serializers.IntegerField(source="less_like_this")  # noqa: N815  # as above


class TriedSerializer(serializers.Serializer[Any]):
    """What the change would have made of the last 30 days."""

    days = serializers.IntegerField()
    events = serializers.IntegerField()
    interruptions = NowAndThenSerializer()
    digested = NowAndThenSerializer()
    deferred = NowAndThenSerializer()
    dropped = NowAndThenSerializer()
    laterCount = serializers.IntegerField(  # noqa: N815  # as above
        source="later_count", help_text="Urgent things that would have come later, or never."
    )
    cut = serializers.BooleanField(help_text="Only the newest events were looked at.")


class ProposalSerializer(serializers.Serializer[Any]):
    """`category` and `sender` are empty where it is about no single one."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=ProposalKind.choices)
    status = serializers.ChoiceField(choices=Proposal.Status.choices)
    category = serializers.CharField()
    sender = serializers.CharField()
    noticed = serializers.CharField(help_text="Why, in a sentence.")
    willChange = serializers.CharField(  # noqa: N815  # as above
        source="will_change", help_text="What acceptance changes, in a sentence."
    )
    effect = serializers.CharField(help_text="What it would have done, in a sentence.")
    change = serializers.DictField(
        help_text="What acceptance writes: preferences, or the matchers of a silence."
    )
    evidence = EvidenceSerializer()
    preview = TriedSerializer()
    doubt = serializers.CharField(
        help_text='Why a change that was accepted might be undone, in a sentence; "" for others.'
    )
    since = SinceSerializer(allow_null=True)
    createdAt = serializers.DateTimeField(source="created_at")  # noqa: N815  # as above
    decidedAt = serializers.DateTimeField(  # noqa: N815  # as above
        source="decided_at", allow_null=True
    )
