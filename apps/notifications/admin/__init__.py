"""What people want to be told, and what they were told."""

from apps.notifications.admin.addresses import AddressAdmin
from apps.notifications.admin.digests import DigestAdmin
from apps.notifications.admin.feedback import FeedbackAdmin, ProposalAdmin
from apps.notifications.admin.message_templates import MessageTemplateAdmin
from apps.notifications.admin.messaging import (
    SpendCapAdmin,
    SpendCounterAdmin,
    WhatsAppTemplateAdmin,
)
from apps.notifications.admin.preferences import ChannelPreferenceAdmin, PreferenceAdmin
from apps.notifications.admin.telling import DecisionAdmin, DeliveryAdmin, NotificationAdmin

__all__ = [
    "AddressAdmin",
    "ChannelPreferenceAdmin",
    "DecisionAdmin",
    "DeliveryAdmin",
    "DigestAdmin",
    "FeedbackAdmin",
    "MessageTemplateAdmin",
    "NotificationAdmin",
    "PreferenceAdmin",
    "ProposalAdmin",
    "SpendCapAdmin",
    "SpendCounterAdmin",
    "WhatsAppTemplateAdmin",
]
