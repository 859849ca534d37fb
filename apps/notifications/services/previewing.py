"""What other preferences would have made of the last weeks: the live path, and nothing written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from apps.accounts.models import Business, User
from apps.accounts.selectors import business_of
from apps.notifications import selectors
from apps.notifications.engines import replaying
from apps.notifications.engines.replaying import Figures, Later, Occurrence, Setting
from apps.notifications.models import Preference
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.preference_rows import assign, check_changes, check_quiet_hours
from apps.notifications.services.recipients import pace_of
from apps.notifications.types import Decision, Frequency, PreferenceValues
from apps.rules.types import ActiveSilence

DAYS = 30
LATER_ROWS = 20
# What the first of those days has to know of the one before: what was told, and how often.
_LEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterEvent:
    """Something urgent that would come later; `due_then` None is never. The title is masked."""

    id: str
    title: str
    due_now: datetime
    due_then: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`now` is what today's preferences would have made of the events, `then` the changed ones.

    `later` holds the newest LATER_ROWS of `later_count`. `cut`: there were more than
    PREVIEW_MAX_EVENTS, and only the newest were looked at.
    """

    days: int
    events: int
    now: Figures
    then: Figures
    later: tuple[LaterEvent, ...]
    later_count: int
    cut: bool


def preview(
    user: User,
    changes: Mapping[str, Any],
    *,
    now: datetime,
    silence: ActiveSilence | None = None,
) -> Preview:
    """Both replays meet the same events, under the same silences and assignments.

    Takes `changes`, and refuses them, as `preferences.update` does. `silence` is tried beside them:
    `then` it held all the time.
    """
    business = business_of(user)
    row = selectors.preference_of(user)
    today = selectors.effective_of(row, business, needs=needs_in_use())
    _try_on(row, changes)
    changed = selectors.effective_of(row, business, needs=needs_in_use())
    since = now - timedelta(days=DAYS)
    occurrences, cut = selectors.occurrences_of(
        business,
        user,
        since=since - _LEAD,
        limit=settings.PREVIEW_MAX_EVENTS,
        with_subjects=silence is not None,
    )
    tried = replaying.silenced(occurrences, silence) if silence else occurrences
    lead = sum(one.at < since for one in occurrences)
    before = replaying.replay(occurrences, _setting(user, today, now=now))[lead:]
    after = replaying.replay(tried, _setting(user, changed, now=now))[lead:]
    return _compared(business, occurrences[lead:], before, after, cut=cut and not lead)


def _try_on(row: Preference, changes: Mapping[str, Any]) -> None:
    check_changes(changes)
    assign(row, changes)
    check_quiet_hours(row)


def _compared(
    business: Business,
    counted: Sequence[Occurrence],
    before: Sequence[Decision],
    after: Sequence[Decision],
    *,
    cut: bool,
) -> Preview:
    later = replaying.later(counted, before, after)
    return Preview(
        days=DAYS,
        events=len(counted),
        now=replaying.figures(counted, before),
        then=replaying.figures(counted, after),
        later=_shown(business, later[:LATER_ROWS]),
        later_count=len(later),
        cut=cut,
    )


def _setting(user: User, preference: PreferenceValues, *, now: datetime) -> Setting:
    batched = preference.frequency is Frequency.BATCH
    reads = selectors.reads_by_hour({user.pk: preference.time_zone} if batched else {})
    budgeted = preference.interruption_budget is not None
    helpful = selectors.helpful_rates({user.pk} if budgeted else set(), now=now)
    return Setting(
        preference=preference,
        pace=pace_of(preference),
        reads_by_hour=reads.get(user.pk, ()),
        helpful_rates=helpful.get(user.pk, {}),
        told_at_most=selectors.TOLD_LOOKBACK_ROWS,
        fired_at_most=selectors.FIRED_LOOKBACK_ROWS,
    )


def _shown(business: Business, later: Sequence[Later]) -> tuple[LaterEvent, ...]:
    titles = selectors.masked_titles(business, {one.event_id for one in later})
    return tuple(
        LaterEvent(id=event_id, title=title, due_now=one.due_now, due_then=one.due_then)
        for one in later
        for event_id, title in (titles[one.event_id],)
    )
