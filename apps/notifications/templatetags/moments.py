from datetime import datetime, timedelta

from django import template

from apps.notifications.engines.wording import span

register = template.Library()


@register.filter
def ago(moment: datetime, now: datetime) -> str:
    """ "just now", "9 min ago", "3 days ago"; static/inbox/moments.js goes on from there."""
    passed = now - moment
    return "just now" if passed < timedelta(minutes=1) else f"{span(passed)} ago"


@register.filter
def later_than(moment: datetime | None, before: datetime) -> str:
    """ "2 h later", or "never" for None."""
    return "never" if moment is None else f"{span(moment - before)} later"
