from apps.notifications.models.address import Address
from apps.notifications.models.decision import Decision
from apps.notifications.models.delivery import Delivery, DeliveryAttempt
from apps.notifications.models.digest import Digest, DigestItem, DigestRound
from apps.notifications.models.feedback import Feedback
from apps.notifications.models.message_template import MessageTemplate
from apps.notifications.models.move import Move
from apps.notifications.models.notification import Notification
from apps.notifications.models.phone import InboundText, WhatsAppTemplate
from apps.notifications.models.preference import ChannelPreference, Preference
from apps.notifications.models.presence import Presence
from apps.notifications.models.proposal import Proposal
from apps.notifications.models.report import ProviderReport
from apps.notifications.models.spend import SpendCap, SpendCounter, SpendPeriod
from apps.notifications.models.tally import Tally
from apps.notifications.models.waking import Waking

__all__ = [
    "Address",
    "ChannelPreference",
    "Decision",
    "Delivery",
    "DeliveryAttempt",
    "Digest",
    "DigestItem",
    "DigestRound",
    "Feedback",
    "InboundText",
    "MessageTemplate",
    "Move",
    "Notification",
    "Preference",
    "Presence",
    "Proposal",
    "ProviderReport",
    "SpendCap",
    "SpendCounter",
    "SpendPeriod",
    "Tally",
    "Waking",
    "WhatsAppTemplate",
]
