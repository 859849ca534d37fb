"""Leaving a channel, or a topic on it, by the link of a message: its token is all the proof."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Consent, User
from apps.accounts.selectors import business_of
from apps.core.errors import Forbidden, NotFound
from apps.notifications.channels import CHANNELS
from apps.notifications.models import ChannelPreference, Notification
from apps.notifications.models.preference import OWN_SWITCHES
from apps.notifications.selectors.reading import preference_of
from apps.notifications.services.channel_preferences import mute_topic, switch_channel
from apps.notifications.services.consenting import set_consent
from apps.notifications.services.links import Purpose, ticket_of
from apps.notifications.types import CHANNEL_NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a link's reader may leave, and has left. `topic` is "" for a digest, or what is gone.

    `needs_consent`: coming back takes a word behind the log-in.
    """

    user: User
    channel: str
    topic: str
    topic_label: str
    left: bool
    topic_left: bool

    @property
    def label(self) -> str:
        return CHANNEL_NAMES.get(self.channel, self.channel.replace("_", " ").capitalize())

    @property
    def needs_consent(self) -> bool:
        return self.channel in CHANNELS and CHANNELS.get(self.channel).needs_consent


def place_of(token: str) -> Place:
    """Raises NotFound for what is no link of ours, or of somebody who is here no more."""
    ticket = ticket_of(token, Purpose.UNSUBSCRIBE)
    user = User.objects.filter(pk=ticket.user_id, is_active=True).first()
    if user is None:
        raise NotFound(code="unknown_link")
    try:
        business_of(user)
    except Forbidden:
        raise NotFound(code="unknown_link") from None
    told = Notification.objects.filter(user=user, public_id=ticket.key).only("category").first()
    rows = ChannelPreference.objects.filter(user=user, channel=ticket.channel, aura=None)
    row = rows.first() or ChannelPreference(user=user, channel=ticket.channel)
    own = OWN_SWITCHES.get(ticket.channel)
    return Place(
        user=user,
        channel=ticket.channel,
        topic=told.category if told else "",
        topic_label=told.get_category_display().lower() if told else "",
        left=not row.enabled or (own is not None and not getattr(preference_of(user), own)),
        topic_left=told is not None and told.category in row.muted_topics,
    )


def leave(place: Place, *, now: datetime) -> None:
    """Nothing more through this channel; the inbox keeps everything. A second time is none."""
    switch_channel(place.user, place.channel, enabled=False)
    if place.needs_consent:
        _withdraw(place, now)


def come_back(place: Place) -> None:
    """Consent that was withdrawn stays so: whoever has a mail is not yet its reader."""
    switch_channel(place.user, place.channel, enabled=True)


def leave_topic(place: Place) -> None:
    """Nothing more of this topic through this channel. Raises NotFound where it is not known."""
    _mute(place, muted=True)


def come_back_to_topic(place: Place) -> None:
    _mute(place, muted=False)


def _mute(place: Place, *, muted: bool) -> None:
    if not place.topic:
        raise NotFound("What this message was about is not known any more", code="unknown_topic")
    mute_topic(place.user, place.channel, place.topic, muted=muted)


def _withdraw(place: Place, now: datetime) -> None:
    page = Consent.Source.PAGE
    set_consent(place.user, place.channel, granted=False, source=page, now=now)
