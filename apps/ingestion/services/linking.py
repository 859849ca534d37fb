"""Whose fact is it, and what does Vigil know already? One query per question for a whole batch."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings

from apps.core.crypto import blind_index
from apps.core.hashing import content_digest, digest
from apps.core.identifiers import uuid7
from apps.core.similarity import fingerprint
from apps.ingestion import selectors
from apps.ingestion.engines.naming import named_in, names_of
from apps.ingestion.engines.sameness import text_fingerprint, version_marks
from apps.ingestion.types import Draft, EventKind, Fact, Reading, Skipped, SkipReason

# One context for every mailbox, so that a sender can be found on a VIP list by its index.
MAILBOX_CONTEXT = "mailbox"


def drafts_of(readings: Sequence[Reading]) -> list[Draft]:
    """A Draft for each fact. The first of a body keeps the id its sender was given."""
    return [
        _draft(reading, ordinal, fact)
        for reading in readings
        for ordinal, fact in enumerate(reading.facts)
    ]


def _draft(reading: Reading, ordinal: int, fact: Fact) -> Draft:
    return Draft(
        raw=reading.raw,
        ordinal=ordinal,
        fact=fact,
        public_id=uuid7() if ordinal else reading.raw.correlation_id,
        content_digest=_content_digest(fact),
        fingerprint=fingerprint(f"{fact.title}\n{fact.content}"),
        text_fingerprint=text_fingerprint(fact),
        sender_index=(
            blind_index(fact.sender.address, context=MAILBOX_CONTEXT) if fact.sender else None
        ),
    )


def _content_digest(fact: Fact) -> bytes:
    return digest(
        fact.kind.value,
        fact.sender.address if fact.sender else None,
        fact.starts_at.isoformat() if fact.starts_at else None,
        fact.ends_at.isoformat() if fact.ends_at else None,
        content_digest(fact.title),
        content_digest(fact.content),
        *version_marks(fact),
    )


def find_owners(drafts: Iterable[Draft], members_sources: frozenset[int]) -> None:
    """Fill in owner and audience; a draft left without an audience is nobody's we know."""
    drafts = list(drafts)
    owners = selectors.owners_of(
        {(d.raw.business_id, ref) for d in drafts for ref in d.raw.accounts}
    )
    everybody = selectors.members_of(
        {d.raw.business_id for d in drafts if d.raw.source_id in members_sources}
    )
    for draft in drafts:
        found = (owners.get((draft.raw.business_id, ref)) for ref in draft.raw.accounts)
        owner = next((owner for owner in found if owner), None)
        if draft.raw.source_id in members_sources:
            draft.audience = everybody.get(draft.raw.business_id, ())
        elif owner:
            draft.owner_id, draft.mailbox = owner
            draft.audience = (owner[0],)
        if _is_own_mail(draft):
            draft.skipped = Skipped(reason=SkipReason.SENT_MAIL)


def _is_own_mail(draft: Draft) -> bool:
    fact = draft.fact
    return (
        fact.kind == EventKind.EMAIL
        and fact.sender is not None
        and fact.sender.address == draft.mailbox
    )


def link(drafts: Sequence[Draft]) -> None:
    """Fill in client, thread and duplicates. Runs under the audience's locks.

    Two equal facts are one when they came within DEDUP_WINDOW_SECONDS of each other, however long
    they had to wait here.
    """
    find_clients(drafts)
    window = timedelta(seconds=settings.DEDUP_WINDOW_SECONDS)
    originals = selectors.originals(drafts, within=window)
    threads = selectors.last_in_threads(drafts)
    for draft in drafts:
        thread = (draft.raw.business_id, draft.owner_id, draft.fact.thread_key)
        if draft.fact.thread_key:
            draft.previous_id = threads.get(thread)
            threads[thread] = draft.event_id
        # A profile that goes back to an earlier value is a change, never a duplicate.
        if draft.fact.kind != EventKind.PROFILE:
            key = (draft.raw.business_id, draft.owner_id, draft.content_digest)
            alike = originals.setdefault(key, [])
            came = draft.raw.received_at
            draft.duplicate_of_id = next(
                (event_id for at, event_id in alike if abs(came - at) < window), None
            )
            if draft.duplicate_of_id is None:
                alike.append((came, draft.event_id))


def find_clients(drafts: Sequence[Draft]) -> None:
    """Fill in whom a fact is about: by a domain of its addresses, and news by its headline."""
    watched = selectors.watched_clients({draft.raw.business_id for draft in drafts})
    domains = {
        (business_id, domain): client.client_id
        for business_id, clients in watched.items()
        for client in clients
        for domain in client.domains
    }
    news = {draft.raw.business_id for draft in drafts if draft.fact.kind == EventKind.NEWS}
    names = {
        business_id: names_of((client.client_id, client.name) for client in clients)
        for business_id, clients in watched.items()
        if business_id in news
    }
    for draft in drafts:
        business_id = draft.raw.business_id
        known = (domains.get((business_id, domain)) for domain in _domains(draft.fact))
        draft.client_id = next(filter(None, known), None)
        if draft.client_id is None and draft.fact.kind == EventKind.NEWS and business_id in names:
            draft.client_id = named_in(draft.fact.title, names[business_id])


def _domains(fact: Fact) -> Iterable[str]:
    mailboxes = ([fact.sender] if fact.sender else []) + list(fact.recipients)
    return (mailbox.address.rpartition("@")[2] for mailbox in mailboxes)
