"""Real processes on the test's own database and Redis, and what must be true once they are done."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.db import connection
from django.db.models import Count

from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.classification.models import Insight
from apps.ingestion.models import Event, RawEvent
from apps.notifications.models import Decision, Delivery, DeliveryAttempt, Notification
from apps.notifications.types import Outcome
from config.bootstrap.layout import PROJECT
from config.bootstrap.spawning import die_with_parent

LEASE_SECONDS = 1
JSON = "application/json"
FINISHED = (RawEvent.State.DONE, RawEvent.State.SKIPPED)
# Workers told through the console as well, every event at once.
CONSOLE = {
    "EXTRA_CHANNELS": ["console"],
    "MIN_NOTIFICATION_INTERVAL_SECONDS": 0,
    # A crash repeats at most what is on its way: here one message.
    "DELIVERY_CONCURRENCY": 1,
}
# No limit of a minute is in the way of a test that sends a minute's worth in a second.
ROOMY = {"RATE_LIMIT_USER_PER_MINUTE": 100_000, "RATE_LIMIT_SOURCE_PER_MINUTE": 100_000}

_LINE = re.compile(r"^notification (\S+) ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What a run cost: workers killed, exits nobody asked for (wait statuses), failed drains."""

    kills: int
    crashes: list[int]
    failures: int


class Workers:
    """A nursery under this test's control. See tests.faults.nursery for its orders."""

    def __init__(self, folder: Path, variables: Mapping[str, str] = os.environ) -> None:
        self._folder = folder
        self._logs: list[Path] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env=environment(variables),
            preexec_fn=die_with_parent(9),  # noqa: PLW1509  # there is one thread
        )
        self._answer()

    def start(self, kind: str = "drain", **values: Any) -> dict[str, Any]:
        """Fork workers; `values` are those of a Litter. Answers with their pids and port."""
        log = self._folder / f"{kind}-{time.monotonic_ns()}.log"
        log.touch()
        self._logs.append(log)
        values["settings"] = {"LEASE_SECONDS": LEASE_SECONDS} | values.get("settings", {})
        return self._order({"start": {"kind": kind, "log": str(log), **values}})

    def serve(self, **values: Any) -> int:
        """Start a web process and wait until it knows its sources. Its port."""
        port = int(self.start("web", **values)["port"])
        wait_until(lambda: _knows_its_sources(port), seconds=15, what="the web process serves")
        return port

    def pids(self) -> list[int]:
        return list(self._order({"status": True})["pids"])

    def kills(self) -> int:
        return int(self._order({"status": True})["kills"])

    def stop(self) -> Toll:
        """Kill every worker; whatever they had in hand stays as it is."""
        answer = self._order({"stop": True})
        failures = self.output().count('"event": "drain_failed"')
        return Toll(kills=answer["kills"], crashes=answer["crashes"], failures=failures)

    def output(self) -> str:
        return "".join(log.read_text() for log in self._logs)

    def forget_output(self) -> None:
        self._logs.clear()

    def close(self) -> None:
        self._process.communicate(timeout=10)

    def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def environment(variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """For a process of ours that is to work on the test's database."""
    parts = urlsplit(variables["DATABASE_URL"])
    name = str(connection.settings_dict["NAME"])
    database = urlunsplit(parts._replace(path=f"/{name}"))
    if not parts.netloc:
        database = database.replace(f":/{name}", f":///{name}", 1)
    own = {"DATABASE_URL": database, "VIGIL_MANAGED_ENV": "off", "PYTHONUNBUFFERED": "1"}
    return {**variables, **own}


def wait_until(met: Callable[[], bool], *, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.03)


def _knows_its_sources(port: int) -> bool:
    """Before it has read them once, it answers 503; after that, 401 to whoever proves nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/webhooks/x", body=b"{}", headers={"content-type": JSON})
    status = connection.getresponse().status
    connection.close()
    return status == HTTPStatus.UNAUTHORIZED


def wait_until_idle(*, seconds: float = 30.0) -> None:
    """Nothing is open in any queue."""
    wait_until(lambda: not _open_rows(), seconds=seconds, what="every queue is empty")


def _open_rows() -> bool:
    deliveries = (*Delivery.OPEN, Delivery.State.ATTEMPTING)
    return (
        RawEvent.objects.filter(state__in=(*RawEvent.OPEN, *RawEvent.OPEN_QUESTION)).exists()
        or Delivery.objects.filter(state__in=deliveries).exists()
        or Insight.objects.filter(state__in=Insight.OPEN).exists()
    )


def assert_each_told_once(event_ids: Sequence[UUID], *, audience: int = 1) -> None:
    """Every accepted event is a finished row with one event, and told once to each of its people.

    Nobody's inbox, history or trail shows more or less than that.
    """
    rows = RawEvent.objects.filter(correlation_id__in=event_ids)
    assert Counter(rows.values_list("state", flat=True)) == {RawEvent.State.DONE: len(event_ids)}
    assert not _open_rows()
    expected = Counter(dict.fromkeys(event_ids, 1))
    assert _per_event(Event.objects, event_ids) == expected
    processed = AuditEvent.objects.filter(type=AuditType.EVENT_PROCESSED)
    assert _per_event(processed, event_ids) == expected
    people = Counter(dict.fromkeys(event_ids, audience))
    assert _per_event(Decision.objects.exclude(outcome=Outcome.DROP), event_ids) == people
    assert _per_event(Notification.objects.filter(status="delivered"), event_ids) == people
    in_app = Delivery.objects.filter(channel="in_app", state=Delivery.State.DELIVERED)
    assert _per_event(in_app, event_ids) == people
    assert_attempts_add_up()


def assert_attempts_add_up() -> None:
    """Every delivery counts its attempts, and a delivered one was delivered by one of them."""
    for delivery in Delivery.objects.annotate(written=Count("attempts")):
        assert delivery.attempt_count == delivery.written
    delivered = DeliveryAttempt.objects.filter(outcome=DeliveryAttempt.Outcome.DELIVERED)
    winners = Counter(delivered.values_list("delivery_id", flat=True))
    done = Delivery.objects.filter(state=Delivery.State.DELIVERED).values_list("id", flat=True)
    assert winners == Counter(dict.fromkeys(done, 1))


def console_lines(output: str) -> Counter[int]:
    """How often each notification was printed, by its id."""
    refs = [UUID(ref) for ref in _LINE.findall(output)]
    attempts = DeliveryAttempt.objects.filter(public_id__in=refs)
    owner = dict(attempts.values_list("public_id", "delivery__notification_id"))
    return Counter(owner[ref] for ref in refs)


def notification_ids() -> Iterable[int]:
    return Notification.objects.values_list("id", flat=True)


def _per_event(rows: Any, event_ids: Sequence[UUID]) -> Counter[UUID]:
    found = rows.filter(correlation_id__in=event_ids)
    return Counter(found.values_list("correlation_id", flat=True))
