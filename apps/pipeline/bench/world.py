"""The bench's own tenant, and bodies that are all worth telling: pure but for `build`."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Business, LinkedAccount, Membership, User
from apps.accounts.tiers import Tier
from apps.core.signing import Scheme, sign
from apps.ingestion.models import Source
from apps.ingestion.services.sources import add_secret

SLUG = "bench"
PEOPLE = 500
_WORDS = [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in ("ra", "nel", "tu", "sik")]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    secret: str
    people: int


def build() -> World:
    """A business without limits, and people whose mail it watches. Once per scratch database."""
    business, created = Business.objects.get_or_create(
        slug=SLUG, defaults={"name": "Bench", "tier": Tier.BUSINESS}
    )
    source, _ = Source.objects.get_or_create(
        slug=SLUG,
        defaults={
            "business": business,
            "name": "Bench",
            "kind": "composio",
            "scheme": Scheme.COMPOSIO,
        },
    )
    if created:
        _people(business)
        add_secret(source)
    return World(secret=source.secrets.get().value, people=PEOPLE)


def _people(business: Business) -> None:
    users = User.objects.bulk_create(
        User(email=f"p{n}@bench.example", name=f"Person {n}") for n in range(PEOPLE)
    )
    Membership.objects.bulk_create(Membership(business=business, user=user) for user in users)
    LinkedAccount.objects.bulk_create(
        LinkedAccount(
            business=business,
            user=user,
            kind=LinkedAccount.Kind.COMPOSIO_USER,
            external_id=f"bench-{number}",
        )
        for number, user in enumerate(users)
    )


def bodies(count: int, *, seed: int, now: datetime) -> Iterator[tuple[str, bytes]]:
    """`count` ids and mail bodies of about 700 bytes, no two alike enough to be called a repeat."""
    dice = random.Random(seed)  # noqa: S311  # not a secret
    for number in range(count):
        message_id = f"msg_{seed}_{number}_{dice.getrandbits(64):016x}"
        text = " ".join(dice.choices(_WORDS, k=40))
        document = {
            "id": message_id,
            "timestamp": now.isoformat(),
            "type": "composio.trigger.message",
            "metadata": {
                "log_id": f"log_{number}",
                "trigger_slug": "GMAIL_NEW_GMAIL_MESSAGE",
                "connected_account_id": "ca_bench",
                "user_id": f"bench-{number % PEOPLE}",
            },
            "data": {
                "message_id": message_id,
                "message_text": text,
                "sender": f"Sender <s{dice.randrange(10_000)}@outside.example>",
                "subject": " ".join(dice.choices(_WORDS, k=6)),
                "thread_id": message_id,
                "label_ids": ["INBOX"],
            },
        }
        yield message_id, json.dumps(document).encode()


def requests(count: int, world: World, *, seed: int, now: datetime, path: str) -> list[bytes]:
    """Whole HTTP requests, signed beforehand, so that the generator only has to write them."""
    return [
        _request(
            path,
            sign(Scheme.COMPOSIO, world.secret, message_id=message_id, now=now, body=body),
            body,
        )
        for message_id, body in bodies(count, seed=seed, now=now)
    ]


def _request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: bench", "content-type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"content-length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body
