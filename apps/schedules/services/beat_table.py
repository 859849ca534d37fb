"""Keeping django-celery-beat's table in step with ours, without touching rows of others."""

from django_celery_beat.models import IntervalSchedule, PeriodicTask

from apps.schedules.beat import TICKS


def sync() -> list[str]:
    """Create or correct our entries by name; operators' own entries stay. Returns what changed."""
    changed = []
    for tick in TICKS:
        interval, _ = IntervalSchedule.objects.get_or_create(
            every=tick.every_seconds, period=IntervalSchedule.SECONDS
        )
        wanted = {
            "task": tick.task,
            "interval_id": interval.pk,
            "queue": tick.queue,
            "expire_seconds": max(60, tick.every_seconds),
        }
        entry = PeriodicTask.objects.filter(name=tick.name).first()
        if entry is None:
            PeriodicTask.objects.create(name=tick.name, **wanted)
        elif any(getattr(entry, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(entry, name, value)
            entry.save()
        else:
            continue
        changed.append(tick.name)
    return changed
