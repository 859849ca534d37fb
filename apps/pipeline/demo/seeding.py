"""A small business to look at: three people, three sources, a few rules. Safe to run again."""

from dataclasses import dataclass

from django.db import transaction

from apps.accounts.models import (
    Aura,
    Business,
    Client,
    ClientAssignment,
    LinkedAccount,
    Membership,
    Role,
    User,
)
from apps.accounts.tiers import Tier
from apps.classification.types import Urgency
from apps.core.crypto import blind_index
from apps.core.signing import Scheme
from apps.ingestion.models import Source, WatchedField
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.ingestion.services.sources import add_secret
from apps.ingestion.types import DEMO_BUSINESS, DEMO_SOURCE
from apps.notifications.models import Preference
from apps.notifications.types import Frequency
from apps.rules.models import KeywordRule, VipSender

PASSWORD = "vigil-demo"  # noqa: S105  # printed on the screen of whoever starts the demo
LINKED = LinkedAccount.Kind.COMPOSIO_USER


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the guide prints: who logs in, and with which secrets each source signs."""

    email: str
    password: str
    secrets: dict[str, str]


@transaction.atomic
def seed() -> Demo:
    business, _ = Business.objects.get_or_create(
        slug=DEMO_BUSINESS,
        defaults={"name": "Northwind Advisors", "tier": Tier.BUSINESS},
    )
    ana = _person(business, "ana", "Ana Lindqvist", Role.ADMIN, staff=True)
    boris = _person(business, "boris", "Boris Okafor", Role.MEMBER)
    _watch(business, ana, boris)
    _preferences(ana, boris)
    _rules(business, ana)
    secrets = {source.slug: _secret(source) for source in _sources(business)}
    return Demo(email=ana.email, password=PASSWORD, secrets=secrets)


def _person(business: Business, key: str, name: str, role: Role, *, staff: bool = False) -> User:
    email = f"{key}@northwind.example"
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, PASSWORD, name=name, is_staff=staff, is_superuser=staff
    )
    Membership.objects.get_or_create(business=business, user=user, defaults={"role": role})
    LinkedAccount.objects.get_or_create(
        business=business,
        kind=LINKED,
        external_id=f"demo-{key}",
        defaults={"user": user, "mailbox": email},
    )
    LinkedAccount.objects.get_or_create(
        business=business,
        kind=LinkedAccount.Kind.EXTERNAL_USER,
        external_id=key,
        defaults={"user": user},
    )
    Aura.objects.get_or_create(business=business, user=user, name=f"{user.get_short_name()}'s aura")
    return user


def _preferences(ana: User, boris: User) -> None:
    """Ana is spared newsletters, Boris hears of what can wait every half hour: both show why."""
    Preference.objects.get_or_create(user=ana, defaults={"min_urgency": Urgency.MEDIUM})
    Preference.objects.get_or_create(user=boris, defaults={"frequency": Frequency.BATCH})


def _watch(business: Business, ana: User, boris: User) -> None:
    for name, domain, person in (
        ("Contoso", "contoso.example", ana),
        ("Fabrikam", "fabrikam.example", ana),
        ("Tailspin Toys", "tailspin.example", boris),
    ):
        client, _ = Client.objects.get_or_create(
            business=business, name=name, defaults={"domains": [domain]}
        )
        ClientAssignment.objects.get_or_create(client=client, user=person)


def _rules(business: Business, ana: User) -> None:
    address = "mira.castell@contoso.example"
    VipSender.objects.get_or_create(
        business=business,
        user=ana,
        address_index=blind_index(address, context=MAILBOX_CONTEXT),
        defaults={"address": address, "label": "Mira Castell (Contoso)", "priority": 8},
    )
    for pattern, priority, category in (
        ("renewal", 7, "risk"),
        ("outage", 8, "risk"),
        ("term sheet", 8, "funding"),
    ):
        KeywordRule.objects.get_or_create(
            business=business,
            user=None,
            pattern=pattern,
            is_regex=False,
            defaults={"priority": priority, "category": category},
        )


def _sources(business: Business) -> list[Source]:
    composio, _ = Source.objects.get_or_create(
        slug="composio",
        defaults={
            "business": business,
            "name": "Mail and calendar (Composio)",
            "kind": "composio",
            "scheme": Scheme.COMPOSIO,
        },
    )
    community, _ = Source.objects.get_or_create(
        slug="community",
        defaults={
            "business": business,
            "name": "Customer community",
            "kind": "community",
            "scheme": Scheme.HMAC,
            "audience": Source.Audience.MEMBERS,
        },
    )
    radar, _ = Source.objects.get_or_create(
        slug=DEMO_SOURCE,
        defaults={
            "business": business,
            "name": "News radar",
            "kind": "generic",
            "scheme": Scheme.STANDARD_WEBHOOKS,
        },
    )
    WatchedField.objects.get_or_create(
        source=community, name="Job Title", defaults={"meaning": WatchedField.Meaning.JOB_TITLE}
    )
    return [composio, community, radar]


def _secret(source: Source) -> str:
    existing = source.secrets.order_by("id").first()
    return existing.value if existing else add_secret(source)[1]
