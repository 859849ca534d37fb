"""The parts of the bench: what is interleaved with what, and which goals it is held to."""

from collections.abc import Callable

from apps.pipeline.bench import measures, processes
from apps.pipeline.bench.furnishing import furnish
from apps.pipeline.bench.scoreboard import Scoreboard
from apps.pipeline.bench.world import World

Say = Callable[[str], object]

# Ratios of one run on one machine (docs/performance.md).
DOOR_TO_PGBENCH = 0.35
DOOR_TO_DRF = 6.0
DRAIN_TO_PER_ROW = 20.0
FILTERED_TO_PER_ROW = 15.0
ANSWER_P99_MS = 100.0
NOTIFICATION_P99_MS = 500.0

PGBENCH = "pgbench: single-row INSERT"
DOOR = "door: signed webhook, 202 after commit"
DRF = "the same with DRF and the ORM"
NO_OP = "Celery: tasks that do nothing"
PER_ROW = "ORM, a row at a time"
DRAIN = "drain: event to notification"
DECISIONS = "verdict and decision, the engines alone"
PER_ROW_FILTERED = "ORM, a row at a time, all filters on"
DRAIN_FILTERED = "drain, all filters on"

DOOR_REQUESTS = 20_000
DRF_REQUESTS = 2_000
DRAIN_EVENTS = 4_000
DECISION_COUNT = 5_000
PER_ROW_EVENTS = 150
NO_OP_TASKS = 3_000
PGBENCH_SECONDS = 4


def ingest(world: World, board: Scoreboard, *, rounds: int, say: Say) -> None:
    """The door against pgbench's INSERT into the same table, and against DRF with the ORM."""
    binary = processes.pgbench()
    if binary is None:
        say("pgbench is not installed: that comparison is left out")
    with (
        processes.web("config.asgi:app", workers=2) as door,
        processes.web("apps.pipeline.bench.reference_app:app", workers=2) as reference,
    ):
        for number in range(rounds):
            say(f"ingest, round {number + 1} of {rounds}")
            measures.clear()
            measures.fill_inbox(1, world, seed=1)
            if binary is not None:
                rate = measures.pgbench_rate(binary, seconds=PGBENCH_SECONDS)
                board.add_rate(PGBENCH, rate)
                measures.clear()
            board.add_rate(
                DOOR,
                measures.door_rate(door, world, count=DOOR_REQUESTS, seed=10 + number),
            )
            board.add_rate(
                DRF,
                measures.door_rate(reference, world, count=DRF_REQUESTS, seed=20 + number),
            )
    board.add_ratio("door ÷ pgbench", DOOR, PGBENCH, limit=DOOR_TO_PGBENCH)
    board.add_ratio("door ÷ DRF+ORM", DOOR, DRF, limit=DOOR_TO_DRF)


def pipeline(world: World, board: Scoreboard, *, rounds: int, say: Say) -> None:
    """The drain against the ORM a row at a time, and against Celery's own no-op rate."""
    with processes.worker():
        for number in range(rounds):
            say(f"pipeline, round {number + 1} of {rounds}")
            board.add_rate(NO_OP, measures.no_op_rate(NO_OP_TASKS))
    for number in range(rounds):
        measures.clear()
        measures.fill_inbox(PER_ROW_EVENTS, world, seed=40 + number)
        board.add_rate(PER_ROW, measures.per_row_rate(PER_ROW_EVENTS))
        measures.clear()
        measures.fill_inbox(DRAIN_EVENTS, world, seed=60 + number)
        board.add_rate(DRAIN, measures.drain_rate(DRAIN_EVENTS))
    board.add_ratio("drain ÷ per-row ORM", DRAIN, PER_ROW, limit=DRAIN_TO_PER_ROW)
    board.add_ratio("drain ÷ Celery no-op", DRAIN, NO_OP, limit=None)


def judgement(world: World, board: Scoreboard, *, rounds: int, say: Say) -> None:
    """The engines alone, and the drain with every filter on against the ORM a row at a time."""
    furnish()
    for number in range(rounds):
        say(f"judge, round {number + 1} of {rounds}")
        board.add_rate(DECISIONS, measures.decision_rate(DECISION_COUNT))
        measures.clear()
        measures.fill_inbox(PER_ROW_EVENTS, world, seed=80 + number)
        board.add_rate(PER_ROW_FILTERED, measures.per_row_rate(PER_ROW_EVENTS))
        measures.clear()
        measures.fill_inbox(DRAIN_EVENTS, world, seed=90 + number)
        board.add_rate(DRAIN_FILTERED, measures.drain_rate(DRAIN_EVENTS))
    board.add_ratio(
        "all filters on: drain ÷ per-row ORM",
        DRAIN_FILTERED,
        PER_ROW_FILTERED,
        limit=FILTERED_TO_PER_ROW,
    )


def paced(world: World, board: Scoreboard, *, rate: int, seconds: int, say: Say) -> None:
    """Webhooks by the clock with the worker running on the same machine."""
    measures.clear()
    with processes.worker(), processes.web("config.asgi:app", workers=1) as port:
        say(f"paced: {rate} webhooks/s for {seconds} s")
        result = measures.paced(port, world, rate=rate, seconds=seconds)
    board.details["paced"] = result
    board.add_limit("paced: answers other than 202", result["not_202"], limit=0)
    board.add_limit("paced: lost", result["lost"] + result["without_notification"], limit=0)
    board.add_limit("paced: doubled", result["doubled"], limit=0)
    board.add_limit("paced: 202 p99 ms", result["answer_ms"]["p99"], limit=ANSWER_P99_MS)
    board.add_limit(
        "paced: event→notification p99 ms",
        result["event_to_notification_ms"]["p99"],
        limit=NOTIFICATION_P99_MS,
    )
