"""Every filter switched on for the bench's people: what a settled tenant's tables look like."""

from datetime import time

from apps.accounts.models import Business, Client, User
from apps.classification.types import Category
from apps.core.crypto import blind_index
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.notifications.models import ChannelPreference, Preference
from apps.notifications.types import Frequency
from apps.pipeline.bench.world import SLUG
from apps.rules.models import KeywordRule, VipSender

KEYWORDS = 40
CLIENTS = 50


def furnish() -> None:
    """Preferences, caps, important senders, words and clients. Once per scratch database."""
    business = Business.objects.get(slug=SLUG)
    if KeywordRule.objects.filter(business=business).exists():
        return
    people = list(User.objects.filter(memberships__business=business).order_by("id"))
    Preference.objects.bulk_create(_preference(user, n) for n, user in enumerate(people))
    ChannelPreference.objects.bulk_create(
        ChannelPreference(user=user, channel="in_app", max_per_day=1_000_000) for user in people
    )
    VipSender.objects.bulk_create(_vip(business, user, n) for n, user in enumerate(people))
    KeywordRule.objects.bulk_create(
        KeywordRule(business=business, pattern=f"codeword{n}", priority=6) for n in range(KEYWORDS)
    )
    Client.objects.bulk_create(
        Client(business=business, name=f"Client {n}", domains=[f"client{n}.example"])
        for n in range(CLIENTS)
    )


def _preference(user: User, number: int) -> Preference:
    """A third each: told at once, told half-hourly, and asleep for a minute a day."""
    return Preference(
        user=user,
        relevance_threshold=0.1,
        categories=[category.value for category in Category],
        frequency=Frequency.BATCH if number % 3 == 1 else Frequency.INSTANT,
        quiet_hours_enabled=number % 3 == 2,
        quiet_start=time(3, 0),
        quiet_end=time(3, 1),
        time_zone=("UTC", "Europe/Berlin", "America/New_York")[number % 3],
    )


def _vip(business: Business, user: User, number: int) -> VipSender:
    address = f"s{number}@outside.example"
    return VipSender(
        business=business,
        user=user,
        address=address,
        address_index=blind_index(address, context=MAILBOX_CONTEXT),
    )
