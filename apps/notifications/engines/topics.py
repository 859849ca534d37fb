"""Topics that somebody wants no more of through one channel, and still has in the inbox."""

from dataclasses import replace

from apps.notifications.types import Bar, BarredChannel, PreferenceValues


def on_topic(preference: PreferenceValues, category: str) -> PreferenceValues:
    """What holds for a thing of this category: channels that are muted for it are barred."""
    mute = {name for name, topics in preference.muted_topics.items() if category in topics}
    mute &= set(preference.channels)
    if not mute:
        return preference
    return replace(
        preference,
        channels=tuple(name for name in preference.channels if name not in mute),
        barred=(
            *preference.barred,
            *(BarredChannel(name=name, bar=Bar.TOPIC) for name in sorted(mute)),
        ),
    )
