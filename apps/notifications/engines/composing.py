"""The words of one notification: what matters comes first, and fits a lock screen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.classification.types import Category, SecurityCode, Verdict
from apps.ingestion.types import ProfileChange
from apps.notifications.engines.wording import cut, one_line, span

TITLE_LIMIT = 120
BODY_LIMIT = 500
# Outsiders' texts are looked at no further than this: a body never shows more.
_CONTENT_LIMIT = 4_000
_NAME_LIMIT = 40
_GROUPED_FROM = 6
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Plain text without control or bidi characters; title ≤ 120, body ≤ 500 characters."""

    title: str
    body: str


def compose(
    verdict: Verdict,
    fact_title: str,
    fact_content: str,
    sender_name: str,
    *,
    now: datetime,
    starts_at: datetime | None = None,
    change: ProfileChange | None = None,
) -> Message:
    """Words for one fact at `now`, the moment of telling: "in 15 min" goes stale when held back.

    `starts_at` is the meeting's, `change` the profile's, where the fact has one. Titles are never
    empty; any text may be hostile.
    """
    subject = one_line(fact_title[:_CONTENT_LIMIT])
    content = one_line(fact_content[:_CONTENT_LIMIT])
    sender = one_line(sender_name[:_CONTENT_LIMIT])
    if verdict.code is not None:
        return _code(verdict.code, subject, sender, now)
    if verdict.category == Category.MEETING and starts_at is not None:
        return _meeting(subject, content, sender, starts_at - now)
    if verdict.category == Category.LEADERSHIP and change is not None:
        return _leadership(change, subject, content)
    return _plain(verdict.category, subject, content, sender)


def _code(code: SecurityCode, subject: str, sender: str, now: datetime) -> Message:
    left = code.expires_at - now
    lapse = f"It lapses in {span(left)}." if left > _NOTHING else "It has lapsed."
    origin = f"From {cut(sender, _NAME_LIMIT)}." if sender else ""
    value = cut(one_line(code.value), _NAME_LIMIT)
    return _message(f"{_grouped(value)} is your code", origin, lapse, subject)


def _meeting(subject: str, content: str, sender: str, ahead: timedelta) -> Message:
    when = f"starts in {span(ahead)}" if ahead > _NOTHING else f"started {span(-ahead)} ago"
    name = cut(subject or "A meeting", TITLE_LIMIT - len(when) - 1)
    inviter = f"With {cut(sender, _NAME_LIMIT)}." if sender else ""
    return _message(f"{name} {when}", inviter, content)


def _leadership(change: ProfileChange, subject: str, content: str) -> Message:
    name = cut(one_line(change.person_name), _NAME_LIMIT) or "Somebody"
    role, former = one_line(change.value), one_line(change.old_value or "")
    if role:
        return _message(f"{name} is now {role}", f"Before: {former}." if former else "", content)
    if former:
        return _message(f"{name} is no longer {former}", content)
    return _message(subject or f"{name} changed roles", content)


def _plain(category: Category, subject: str, content: str, sender: str) -> Message:
    name = cut(sender, _NAME_LIMIT)
    if subject:
        return _message(f"{name}: {subject}" if name else subject, content)
    return _message(f"Message from {name}" if name else str(category.label), content)


def _message(title: str, *sentences: str) -> Message:
    body = " ".join(sentence for sentence in sentences if sentence)
    return Message(title=cut(title, TITLE_LIMIT), body=cut(body, BODY_LIMIT))


def _grouped(value: str) -> str:
    """ "482913" as "482 913", read aloud more easily; anything but long numbers stays whole."""
    if not value.isdecimal() or len(value) < _GROUPED_FROM:
        return value
    size = next((size for size in (3, 4) if len(value) % size == 0), len(value))
    return " ".join(value[at : at + size] for at in range(0, len(value), size))
