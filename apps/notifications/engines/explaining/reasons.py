"""Why somebody was told or was not, in few words: the short form of `steps`."""

from collections.abc import Mapping

from apps.classification.types import Method
from apps.notifications.types import Reason

_SENTENCES: Mapping[str, str] = {
    Reason.PASSED: "It passed every filter you set.",
    Reason.URGENT: "It is urgent, so it did not wait.",
    Reason.VIP: "A person on your VIP list sent it.",
    Reason.NO_CONSENT: "You have withdrawn your consent to be told things.",
    Reason.DISABLED: "Notifications are switched off.",
    Reason.EXPIRED: "It was no longer worth telling.",
    Reason.NO_CHANNEL: "None of your channels can be used.",
    Reason.SILENCED: "It was silenced when it came.",
    Reason.INHIBITED: "Something you had been told of says enough.",
    Reason.CATEGORY_MUTED: "You muted this category.",
    Reason.BELOW_MIN_URGENCY: "It is less urgent than what you asked for.",
    Reason.BELOW_RELEVANCE: "It is less relevant than what you asked for.",
    Reason.NOT_ASSIGNED: "It is about a client you do not look after.",
    Reason.REDUNDANT: "You had just been told something alike.",
    Reason.DAILY_CAP: "Your daily limit was reached.",
    Reason.BUDGET: "Your interruption budget was kept for what is worth more.",
    Reason.MIN_INTERVAL: "It came too soon after the last interruption.",
    Reason.SNOOZED: "You had snoozed everything.",
    Reason.QUIET_HOURS: "It came in your quiet hours.",
    Reason.BATCHED: "You asked to be told in batches.",
}

_METHODS: Mapping[str, str] = {
    Method.FAST_PATH: "Fast path",
    Method.RULES: "Rules",
    Method.LLM: "Language model",
    Method.CACHE: "Language model, remembered",
    Method.FALLBACK: "Rules, as the model did not answer",
}


def sentence(reason: str) -> str:
    """One sentence; a reason of another version, unknown here, is spelled out.

    >>> sentence("of_tomorrow")
    'Of tomorrow.'
    """
    return _SENTENCES.get(reason) or f"{reason.replace('_', ' ').capitalize()}."


def method(name: str) -> str:
    """How a verdict was reached; a method of another version is spelled out."""
    return _METHODS.get(name) or name.replace("_", " ").capitalize()
