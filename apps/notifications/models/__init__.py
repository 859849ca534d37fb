from apps.notifications.models.decision import Decision
from apps.notifications.models.delivery import Delivery, DeliveryAttempt
from apps.notifications.models.digest import Digest, DigestItem, DigestRound
from apps.notifications.models.feedback import Feedback
from apps.notifications.models.move import Move
from apps.notifications.models.notification import Notification
from apps.notifications.models.preference import ChannelPreference, Preference
from apps.notifications.models.presence import Presence
from apps.notifications.models.proposal import Proposal
from apps.notifications.models.tally import Tally
from apps.notifications.models.waking import Waking

__all__ = [
    "ChannelPreference",
    "Decision",
    "Delivery",
    "DeliveryAttempt",
    "Digest",
    "DigestItem",
    "DigestRound",
    "Feedback",
    "Move",
    "Notification",
    "Preference",
    "Presence",
    "Proposal",
    "Tally",
    "Waking",
]
