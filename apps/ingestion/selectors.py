"""Reads of ingestion. What people see is scoped to them here; drains read whole batches."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.conf import settings
from django.db.models import F, Prefetch, Q

from apps.accounts.models import Client, LinkedAccount, Membership, User
from apps.accounts.selectors import business_id_of
from apps.ingestion.models import (
    Event,
    ProfileValue,
    RawEvent,
    Source,
    SourceSecret,
    WatchedField,
)
from apps.ingestion.types import DEMO_BUSINESS, DEMO_SOURCE, Draft, Secret, SourceConfig, Watched


def source_directory() -> dict[str, SourceConfig]:
    """Every enabled source by its slug, with its secrets, in two queries."""
    secrets = Prefetch("secrets", queryset=SourceSecret.objects.order_by("-id"))
    sources = Source.objects.filter(enabled=True).prefetch_related(secrets)
    return {source.slug: _config(source) for source in sources}


def _config(source: Source) -> SourceConfig:
    return SourceConfig(
        id=source.pk,
        business_id=source.business_id,
        slug=source.slug,
        kind=source.kind,
        scheme=source.scheme,
        tolerance_seconds=source.tolerance_seconds or settings.WEBHOOK_TOLERANCE_SECONDS,
        per_minute=source.per_minute or settings.RATE_LIMIT_SOURCE_PER_MINUTE,
        networks=tuple(ip_network(network, strict=False) for network in source.allowed_networks),
        secrets=tuple(
            Secret(value=secret.value, not_before=secret.not_before, not_after=secret.not_after)
            for secret in source.secrets.all()
        ),
    )


def demo_source(user: User) -> Source | None:
    """Where somebody of the demo's business can post by hand; None for everybody else."""
    return Source.objects.filter(
        business_id=business_id_of(user), business__slug=DEMO_BUSINESS, slug=DEMO_SOURCE
    ).first()


def backlog_exceeds(rows: int) -> bool:
    """Whether more than `rows` raw events wait. Counts no further than it must."""
    waiting = RawEvent.objects.filter(state__in=RawEvent.OPEN).order_by()
    return waiting[rows : rows + 1].exists()


def owners_of(refs: set[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, str]]:
    """(business, "kind:id") → (user, connected mailbox), for linked accounts of active members."""
    accounts = LinkedAccount.objects.filter(
        business_id__in={business_id for business_id, _ in refs},
        external_id__any_of={ref.partition(":")[2] for _, ref in refs},
        user__is_active=True,
        user__memberships__business=F("business"),
    ).values_list("business_id", "kind", "external_id", "user_id", "mailbox")
    return {
        (business_id, f"{kind}:{external_id}"): (user_id, mailbox.lower())
        for business_id, kind, external_id, user_id, mailbox in accounts
    }


def members_of(business_ids: set[int]) -> dict[int, tuple[int, ...]]:
    """The active people of each business, oldest membership first."""
    if not business_ids:
        return {}
    pairs = (
        Membership.objects.filter(business_id__in=business_ids, user__is_active=True)
        .order_by("id")
        .values_list("business_id", "user_id")
    )
    members: dict[int, list[int]] = {}
    for business_id, user_id in pairs:
        members.setdefault(business_id, []).append(user_id)
    return {business_id: tuple(users) for business_id, users in members.items()}


def source_shapes(source_ids: set[int]) -> dict[int, tuple[str, str]]:
    """Source → (plug-in kind, audience), whether it is enabled or not."""
    rows = Source.objects.filter(id__in=source_ids).values_list("id", "kind", "audience")
    return {source_id: (kind, audience) for source_id, kind, audience in rows}


def watched_clients(business_ids: set[int]) -> dict[int, list[Watched]]:
    """Business → the clients it watches for, in one query."""
    rows = Client.objects.filter(business_id__in=business_ids, is_active=True).values_list(
        "business_id", "id", "name", "domains"
    )
    found: dict[int, list[Watched]] = {}
    for business_id, client_id, name, domains in rows:
        found.setdefault(business_id, []).append(
            Watched(client_id=client_id, name=name, domains=tuple(map(str.lower, domains)))
        )
    return found


def originals(
    drafts: Sequence[Draft], *, within: timedelta
) -> dict[tuple[int, int | None, bytes], list[tuple[datetime, int]]]:
    """(business, owner, content digest) → when the events that told it came, and their ids."""
    arrivals = [draft.raw.received_at for draft in drafts]
    rows = (
        Event.objects.filter(
            _owned_by(drafts),
            content_digest__any_of=[draft.content_digest for draft in drafts],
            received_at__range=(min(arrivals) - within, max(arrivals) + within),
            duplicate_of=None,
        )
        .order_by("id")
        .values_list("business_id", "user_id", "content_digest", "received_at", "id")
    )
    found: dict[tuple[int, int | None, bytes], list[tuple[datetime, int]]] = {}
    for business, user, value, received_at, event_id in rows:
        found.setdefault((business, user, bytes(value)), []).append((received_at, event_id))
    return found


def last_in_threads(drafts: Sequence[Draft]) -> dict[tuple[int, int | None, str], int]:
    """(business, owner, thread) → its latest event so far."""
    keys = {draft.fact.thread_key for draft in drafts} - {""}
    if not keys:
        return {}
    rows = (
        Event.objects.filter(_owned_by(drafts), thread_key__any_of=keys)
        .order_by("business_id", "user_id", "thread_key", "-id")
        .distinct("business_id", "user_id", "thread_key")
        .values_list("business_id", "user_id", "thread_key", "id")
    )
    return {(business, user, key): event_id for business, user, key, event_id in rows}


def _owned_by(drafts: Sequence[Draft]) -> Q:
    owners = {draft.owner_id for draft in drafts if draft.owner_id}
    condition = Q(user_id__any_of=owners)
    if any(draft.owner_id is None for draft in drafts):
        condition |= Q(user=None, business_id__in={draft.raw.business_id for draft in drafts})
    return condition


def watched_fields(source_ids: set[int]) -> dict[tuple[int, str], str]:
    """(source, field name in lower case) → what the field means."""
    rows = WatchedField.objects.filter(source_id__in=source_ids)
    return {
        (source_id, name.casefold()): meaning
        for source_id, name, meaning in rows.values_list("source_id", "name", "meaning")
    }


def profile_values(
    people: set[tuple[int, str]],
) -> dict[tuple[int, str, str], tuple[str | None, datetime | None]]:
    """(source, person, field) → its last value and as of when."""
    rows = ProfileValue.objects.filter(
        source_id__in={source_id for source_id, _ in people},
        person_id__any_of={person_id for _, person_id in people},
    )
    return {(row.source_id, row.person_id, row.field): (row.value, row.as_of) for row in rows}
