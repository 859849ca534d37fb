"""The golden set by two judges, side by side, as lines for people."""

import statistics
from collections.abc import Iterator

from apps.classification.engines.scoring import Bin, Scores
from apps.classification.management.report_lines import confusion_lines, percent
from apps.classification.services.asking import Asking
from apps.classification.services.golden_trying import Comparison


def lines_of(found: Comparison) -> Iterator[str]:
    yield f"Golden set, {found.cases_of}: {found.tried.cases} cases"
    if not found.tried.cases:
        yield "  There is none to judge."
        return
    yield from _beside("", found.now_name, found.tried_name)
    yield from _shares(found.now, found.tried)
    for name, scores in ((found.now_name, found.now), (found.tried_name, found.tried)):
        yield ""
        yield f"By {name}:"
        yield from confusion_lines(scores)
    yield ""
    yield "Calibration: how sure, and how often right"
    yield from _calibrations(found.now, found.tried)
    if found.asking is not None:
        yield ""
        yield from asked_lines(found.asking) or ["asked: nothing; the rules are sure of every case"]


def asked_lines(asking: Asking) -> list[str]:
    """No line where nothing was asked."""
    if not asking.calls:
        return []
    most = sorted(asking.calls.items(), key=lambda pair: -pair[1])
    asked = ", ".join(f"{count} {outcome}" for outcome, count in most)
    middle = statistics.median(asking.latencies_ms)
    return [
        f"asked: {asked}; {asking.cost_micros / 1_000_000:.6f} $; "
        f"latency {middle:.0f} ms in the middle, {max(asking.latencies_ms)} ms at most"
    ]


def _shares(now: Scores, tried: Scores) -> Iterator[str]:
    yield from _beside("Right", f"{now.right} of {now.cases}", f"{tried.right} of {tried.cases}")
    for name, share in (
        ("", "accuracy"),
        ("Urgency right", "urgency_accuracy"),
        ("Category right", "category_accuracy"),
    ):
        yield from _beside(name, *(percent(getattr(scores, share)) for scores in (now, tried)))


def _calibrations(now: Scores, tried: Scores) -> Iterator[str]:
    """Bins that neither knows are left out."""
    bins = [{found.floor: found for found in scores.calibration} for scores in (now, tried)]
    for floor in sorted(set().union(*bins)):
        yield from _beside(f"from {floor:.1f}", *(_bin(side.get(floor)) for side in bins))


def _bin(found: Bin | None) -> str:
    if found is None:
        return "–"
    return f"{percent(found.stated)}, {percent(found.right)} ({found.cases})"


def _beside(name: str, now: str, tried: str) -> Iterator[str]:
    yield f"  {name:<16}{now:>18}{tried:>22}"
