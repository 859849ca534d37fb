"""A proposal in words: what was noticed, what would change, and what it would have done."""

from collections.abc import Mapping

from apps.notifications.engines.learning import LOOKBACK, SILENCE_LASTS
from apps.notifications.engines.opinions import Counts
from apps.notifications.types import ProposalKind


def noticed(kind: ProposalKind, category: str, sender: str, counts: Counts) -> str:
    """One sentence. `category` is its label, "" where the kind has none, and so is `sender`.

    >>> noticed(ProposalKind.MUTE_CATEGORY, "News", "", Counts(told=9, dismissed=8))
    'Of 9 news notifications in the last 30 days you dismissed 8, and called none helpful.'
    """
    opinions = [
        words
        for count, words in (
            (counts.dismissed, f"dismissed {counts.dismissed}"),
            (counts.less_like_this, f"wanted less like {counts.less_like_this}"),
        )
        if count
    ]
    what = _WHAT[kind].format(word=category.lower(), sender=sender)
    said = f"you {' and '.join(opinions)}, and called {counts.helpful or 'none'} helpful"
    return f"Of {counts.told} {what} in the last {LOOKBACK.days} days {said}."


def will_change(kind: ProposalKind, category: str, sender: str) -> str:
    """One sentence, in the future.

    >>> will_change(ProposalKind.MUTE_CATEGORY, "News", "")
    'News is muted for you. VIPs still get through.'
    """
    return _CHANGES[kind].format(
        category=category, word=category.lower(), sender=sender, days=SILENCE_LASTS.days
    )


def has_changed(kind: ProposalKind, category: str, sender: str) -> str:
    """The same in few words, once it is accepted."""
    return _DONE[kind].format(category=category, word=category.lower(), sender=sender)


def turned(kind: ProposalKind, category: str, sender: str, since: Counts) -> str:
    """One sentence on what was said once it was accepted, of what was told all the same.

    >>> turned(ProposalKind.MUTE_CATEGORY, "News", "", Counts(helpful=5, dismissed=1))
    'Of the news notifications you still got since, you called 5 helpful and dismissed 1.'
    """
    what = _STILL[kind].format(word=category.lower(), sender=sender)
    others = since.dismissed + since.less_like_this
    return f"Of {what}, you called {since.helpful} helpful and dismissed {others or 'none'}."


def would_have(now: int, then: int, *, urgent_later: int) -> str:
    """One sentence on the interruptions as it is `now` and `then`, with the change.

    >>> would_have(44, 31, urgent_later=0)
    'The last 30 days would have had 31 interruptions instead of 44, and nothing urgent later.'
    """
    counts = f"{then} {'interruption' if then == 1 else 'interruptions'} instead of {now}"
    things = f"{urgent_later} urgent thing{'' if urgent_later == 1 else 's'}"
    later = things if urgent_later else "nothing urgent"
    return f"The last {LOOKBACK.days} days would have had {counts}, and {later} later."


_WHAT: Mapping[ProposalKind, str] = {
    ProposalKind.SILENCE_SENDER: "{word} notifications from {sender}",
    ProposalKind.MUTE_CATEGORY: "{word} notifications",
    ProposalKind.RAISE_MIN_URGENCY: "notifications of low urgency",
    ProposalKind.DAILY_DIGEST: "notifications that were not urgent",
}
_STILL: Mapping[ProposalKind, str] = {
    ProposalKind.SILENCE_SENDER: "what {sender} still told you since",
    ProposalKind.MUTE_CATEGORY: "the {word} notifications you still got since",
    ProposalKind.RAISE_MIN_URGENCY: "what is of low urgency and was still told you since",
    ProposalKind.DAILY_DIGEST: "what came in your digests since",
}
_CHANGES: Mapping[ProposalKind, str] = {
    ProposalKind.SILENCE_SENDER: (
        "For {days} days you are told nothing of the category {word} from {sender} any more, "
        "unless it is urgent."
    ),
    ProposalKind.MUTE_CATEGORY: "{category} is muted for you. VIPs still get through.",
    ProposalKind.RAISE_MIN_URGENCY: (
        "You are told nothing of low urgency any more. VIPs still get through."
    ),
    ProposalKind.DAILY_DIGEST: (
        "What is not urgent comes once a day, in your daily digest. Urgent things and VIPs still "
        "come at once."
    ),
}
_DONE: Mapping[ProposalKind, str] = {
    ProposalKind.SILENCE_SENDER: (
        "What {sender} sends of the category {word} is silenced, unless it is urgent."
    ),
    ProposalKind.MUTE_CATEGORY: "{category} is muted.",
    ProposalKind.RAISE_MIN_URGENCY: "What is of low urgency is no longer told.",
    ProposalKind.DAILY_DIGEST: "What is not urgent comes in your daily digest.",
}
