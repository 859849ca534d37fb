"""The seeds' EmailLog and its summary."""

from typing import Any

from rest_framework import serializers

from apps.notifications.selectors.email_logs import EmailStatus, EmailType


class EmailLogSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    business_id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    event_id = serializers.UUIDField(allow_null=True, help_text="Null for a digest.")
    job_run_id = serializers.UUIDField(allow_null=True)
    email_type = serializers.ChoiceField(choices=EmailType.choices)
    recipient_email = serializers.CharField(help_text="Enough to recognize it by.")
    subject = serializers.CharField(help_text="A one-time code is hidden.")
    body_preview = serializers.CharField(help_text="Of one's own mails only.")
    sent_at = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(choices=EmailStatus.choices)
    error_message = serializers.CharField()
    retry_count = serializers.IntegerField(min_value=0)
    provider = serializers.CharField()
    provider_message_id = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    clicked_at = serializers.DateTimeField(allow_null=True)


class EmailTypesSerializer(serializers.Serializer[Any]):
    event_notification = serializers.IntegerField()
    digest = serializers.IntegerField()


class EmailFiguresSerializer(serializers.Serializer[Any]):
    total_emails = serializers.IntegerField()
    sent = serializers.IntegerField()
    failed = serializers.IntegerField()
    pending = serializers.IntegerField()
    bounced = serializers.IntegerField()
    opened = serializers.IntegerField()
    clicked = serializers.IntegerField()
    open_rate = serializers.FloatField(help_text="Percent of those sent.")
    click_rate = serializers.FloatField(help_text="Percent of those sent.")
    delivery_rate = serializers.FloatField(help_text="Percent of all.")
    by_type = EmailTypesSerializer()
