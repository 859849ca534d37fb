"""The words that are stored and shown: outcomes, reasons and what somebody can choose."""

from collections.abc import Mapping

from django.db.models import TextChoices

# The seeds' channels, by which a person may be told, and how people call them.
CHANNEL_NAMES: Mapping[str, str] = {
    "in_app": "Inbox",
    "web_push": "Push",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "email": "E-mail",
}


# Channels whose addresses are URLs that their people give.
WEBHOOK, SLACK, TEAMS = "webhook", "slack", "teams"
HOOKS = (WEBHOOK, SLACK, TEAMS)
# Channels whose addresses are phone numbers.
SMS, WHATSAPP = "sms", "whatsapp"
PHONES = (SMS, WHATSAPP)


class Outcome(TextChoices):
    NOTIFY_NOW = "notify_now"
    DIGEST = "digest"
    DEFER = "defer"
    DROP = "drop"


class Reason(TextChoices):
    """The step that settled the outcome. `urgent`, `vip` and `passed` are the ways to be told."""

    PASSED = "passed"
    URGENT = "urgent"
    VIP = "vip"
    NO_CONSENT = "no_consent"
    DISABLED = "disabled"
    EXPIRED = "expired"
    NO_CHANNEL = "no_channel"
    SILENCED = "silenced"
    INHIBITED = "inhibited"
    CATEGORY_MUTED = "category_muted"
    BELOW_MIN_URGENCY = "below_min_urgency"
    BELOW_RELEVANCE = "below_relevance"
    NOT_ASSIGNED = "not_assigned"
    REDUNDANT = "redundant"
    DAILY_CAP = "daily_cap"
    BUDGET = "budget"
    MIN_INTERVAL = "min_interval"
    SNOOZED = "snoozed"
    QUIET_HOURS = "quiet_hours"
    BATCHED = "batched"


class Hold(TextChoices):
    """Why a channel is not taken when a notification is told. No decision has it for its reason."""

    QUIET_HOURS = "channel_quiet_hours"
    CAP = "channel_cap"
    SEEN = "seen_elsewhere"


# Why a delivery waits whose notification its reader has snoozed by itself. Its own word: what ends
# a snooze of everything, or quiet hours, lets go of theirs only.
POSTPONED = "postponed"


class MootReason(TextChoices):
    """Why something held back was not told in the end."""

    MEETING_OVER = "meeting_over"
    CODE_LAPSED = "code_lapsed"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    SILENCED = "silenced"
    DISABLED = "disabled"


class ProposalKind(TextChoices):
    """What Vigil may propose to somebody who keeps dismissing things, from narrow to wide."""

    SILENCE_SENDER = "silence_sender"
    MUTE_CATEGORY = "mute_category"
    RAISE_MIN_URGENCY = "raise_min_urgency"
    DAILY_DIGEST = "daily_digest"


class QuietHoursPolicy(TextChoices):
    DEFER = "defer"
    DIGEST = "digest"
    DROP = "drop"


class Frequency(TextChoices):
    INSTANT = "instant"
    BATCH = "batch"
    DAILY = "daily"
    WEEKLY = "weekly"


class Bar(TextChoices):
    """Why a channel that somebody has is not used."""

    OFF = "off"
    TIER = "tier"
    NO_ADDRESS = "no_address"
    UNVERIFIED = "unverified"
    NO_CONSENT = "no_consent"
    TOPIC = "topic"


class OffReason(TextChoices):
    """Why an address is not sent to any more."""

    GONE = "gone"
    INVALID = "invalid"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    FAILING = "failing"
    BY_HAND = "by_hand"


class ReportKind(TextChoices):
    """What a provider says became of a message, in the order in which it may come to pass.

    A later one is never taken back by an earlier one that arrives after it.
    """

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"

    @property
    def rank(self) -> int:
        return list(ReportKind).index(self)

    @property
    def arrived(self) -> bool:
        """Whether the provider took it, whatever followed."""
        return self not in (ReportKind.FAILED, ReportKind.BOUNCED)


class Origin(TextChoices):
    """Where an effective preference comes from, from the widest to the most specific."""

    DEFAULT = "default"
    TIER = "tier"
    OWN = "own"
    CHANNEL = "channel"
    AURA = "aura"
