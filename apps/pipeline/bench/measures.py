"""One measured round of each side. Every function returns a rate per second, or says why not."""

import json
import re
import subprocess
import tempfile
import time
from contextlib import suppress
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.classification.engines.verdicts import JudgeContext, judge
from apps.core.redis import client
from apps.core.signing import Scheme, sign
from apps.ingestion.models import RawEvent
from apps.ingestion.selectors import source_directory
from apps.ingestion.services.inspecting import inspect
from apps.ingestion.services.receiving import accept
from apps.ingestion.sources import SOURCES
from apps.ingestion.types import Fact, Posting, Receipt
from apps.notifications.engines.noise_filter import decide
from apps.notifications.models import Notification
from apps.notifications.types import FilterContext, PreferenceValues
from apps.pipeline.bench import processes
from apps.pipeline.bench.reference import process_one
from apps.pipeline.bench.world import SLUG, World, bodies, requests
from apps.pipeline.services.inbox import drain_inbox

CONNECTIONS = 32


class BenchFailed(Exception):
    """A round that answered anything but 202 is no measurement."""


def pgbench_rate(binary: str, *, seconds: int) -> float:
    """Single-row INSERTs of what the door writes: the same table, and a row that waits.

    A row that is done would spare its INSERT the index of the queue.
    """
    source_id, business_id = RawEvent.objects.values_list("source_id", "business_id")[0]
    body = "\\x" + "ab" * 760
    statement = f"""
        INSERT INTO {RawEvent._meta.db_table} (business_id, source_id, correlation_id, dedup_key,
            body, body_digest, headers, event_type, accounts, state, reason, last_error)
        VALUES ({business_id}, {source_id}, gen_random_uuid(),
            sha256(gen_random_uuid()::text::bytea), '{body}', sha256('x'), '{{}}',
            'GMAIL_NEW_GMAIL_MESSAGE', ARRAY['composio_user'], 'received', '', '')
        ON CONFLICT (source_id, dedup_key) DO NOTHING;
    """  # noqa: S608  # the table's own name and our own ids
    parameters = connection.get_connection_params()
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(" ".join(statement.split()))
        script.flush()
        command = [binary, "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "1"]
        command += ["-T", str(seconds), "-f", script.name, "-h", str(parameters.get("host", ""))]
        command += ["-U", str(parameters.get("user", "postgres"))]
        if parameters.get("port"):
            command += ["-p", str(parameters["port"])]
        finished = subprocess.run(  # noqa: S603  # the server's own tool
            [*command, str(parameters["dbname"])], capture_output=True, text=True, check=False
        )
    found = re.search(r"tps = ([\d.]+)", finished.stdout)
    if found is None:
        raise BenchFailed(f"pgbench: {finished.stderr.strip()[-300:]}")
    return float(found[1])


def door_rate(port: int, world: World, *, count: int, seed: int) -> float:
    """Signed webhooks over 32 keep-alive connections; every one must be accepted."""
    prepared = requests(count, world, seed=seed, now=timezone.now(), path=f"/webhooks/{SLUG}")
    result = processes.send(port, prepared, connections=CONNECTIONS)
    if set(result["statuses"]) != {"202"}:
        raise BenchFailed(f"not every webhook was accepted: {result['statuses']}")
    return count / float(result["seconds"])


def fill_inbox(count: int, world: World, *, seed: int) -> None:
    """`count` events wait, as the door would have left them."""
    now, directory = timezone.now(), source_directory()
    for start in range(0, count, 200):
        batch = []
        for message_id, body in bodies(
            min(200, count - start), seed=seed * 1_000_000 + start, now=now
        ):
            headers = sign(Scheme.COMPOSIO, world.secret, message_id=message_id, now=now, body=body)
            headers["content-type"] = "application/json"
            posting = Posting(slug=SLUG, headers=headers, body=body, peer="127.0.0.1")
            batch.append(inspect(posting, directory, now=now, max_bytes=settings.WEBHOOK_MAX_BYTES))
        if not all(isinstance(outcome, Receipt) for outcome in accept(batch)):
            raise BenchFailed("the inbox did not take every event of the bench")


def drain_rate(count: int) -> float:
    """The inbox drain as a worker runs it, in this process."""
    begun = time.perf_counter()
    while drain_inbox(now=timezone.now(), limit=settings.DRAIN_BATCH_ROWS).claimed:
        pass
    return count / (time.perf_counter() - begun)


def per_row_rate(count: int) -> float:
    """The same events, the ORM a row at a time."""
    rows = list(RawEvent.objects.filter(state=RawEvent.State.RECEIVED).only("pk")[:count])
    begun = time.perf_counter()
    for row in rows:
        process_one(row, now=timezone.now())
    return len(rows) / (time.perf_counter() - begun)


def decision_rate(count: int) -> float:
    """Verdict and decision of one fact after another: the pure engines alone."""
    now, facts = timezone.now(), _facts(200)
    context = FilterContext(preference=PreferenceValues(), fingerprint=1)
    begun = time.perf_counter()
    for number in range(count):
        verdict = judge(facts[number % len(facts)], JudgeContext(), now=now)
        decide(verdict, context, now)
    return count / (time.perf_counter() - begun)


def _facts(count: int) -> list[Fact]:
    found: list[Fact] = []
    for _, body in bodies(count, seed=5, now=timezone.now()):
        normalized = SOURCES.get("composio").normalize(
            json.loads(body), {}, content_limit=settings.CONTENT_MAX_CHARACTERS
        )
        assert isinstance(normalized, tuple)  # noqa: S101  # the bench sends nothing else
        found += normalized
    return found


def no_op_rate(count: int) -> float:
    """What Celery itself carries: tasks that do nothing, on the same worker."""
    redis = client()
    redis.delete(processes.NO_OP_COUNTER)
    for _ in range(count):
        current_app.send_task(processes.NO_OP_TASK, queue="default", ignore_result=True)
    begun, first = time.perf_counter(), int(redis.get(processes.NO_OP_COUNTER) or 0)
    deadline = begun + 60.0
    while int(redis.get(processes.NO_OP_COUNTER) or 0) < count and time.perf_counter() < deadline:
        time.sleep(0.02)
    return (count - first) / (time.perf_counter() - begun)


def await_empty_inbox(*, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while RawEvent.objects.filter(state__in=RawEvent.OPEN).exists():
        if time.monotonic() > deadline:
            raise BenchFailed("the worker did not catch up")
        time.sleep(0.2)


def clear() -> None:
    """Every round starts with the same empty tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {RawEvent._meta.db_table} CASCADE")
        cursor.execute("TRUNCATE audit_auditevent, notifications_tally")
    with suppress(Exception):
        client().flushdb()


def paced(port: int, world: World, *, rate: int, seconds: int) -> dict[str, Any]:
    """Open loop at `rate`; what came back, what was lost or doubled, and how late."""
    last_before = _warm_up(port, world)
    count = rate * seconds
    prepared = requests(count, world, seed=77, now=timezone.now(), path=f"/webhooks/{SLUG}")
    result = processes.send(port, prepared, connections=128, rate=float(rate))
    await_empty_inbox(seconds=120.0)
    stored = RawEvent.objects.filter(pk__gt=last_before).count()
    notifications = Notification.objects.filter(event__raw_event__gt=last_before).order_by()
    told_events = notifications.values("event__raw_event").distinct().count()
    told_people = notifications.values("event__raw_event", "user").distinct().count()
    return {
        "sent": count,
        "not_202": count - int(result["statuses"].get("202", 0)),
        "lost": count - stored,
        "without_notification": stored - told_events,
        "doubled": notifications.count() - told_people,
        "answer_ms": _percentiles(result["latencies_ms"]),
        "event_to_notification_ms": _percentiles(_latencies(last_before)),
    }


def _warm_up(port: int, world: World) -> int:
    """A few events, so that every process has compiled its rules. Returns the last one's key."""
    for seed in (71, 72, 73):
        prepared = requests(300, world, seed=seed, now=timezone.now(), path=f"/webhooks/{SLUG}")
        processes.send(port, prepared, connections=CONNECTIONS)
        await_empty_inbox(seconds=60.0)
    return int(RawEvent.objects.order_by("-pk").values_list("pk", flat=True)[0])


def _latencies(last_before: int) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT extract(epoch FROM finished_at - received_at) * 1000
            FROM {RawEvent._meta.db_table} WHERE id > %s ORDER BY 1
            """,  # noqa: S608  # the table's own name
            [last_before],
        )
        return [float(row[0]) for row in cursor.fetchall()]


def _percentiles(ordered: list[float]) -> dict[str, float]:
    return {
        f"p{share}": round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 1)
        for share in (50, 95, 99)
    }
