"""The classifier's report as lines for people."""

from collections.abc import Iterator

from apps.classification.engines.scoring import Bin, Scores
from apps.classification.engines.unknown_titles import UnknownTitles
from apps.classification.engines.unknown_words import UnknownWords
from apps.classification.services.reporting import ClassifierReport, ModelBounds
from apps.classification.types import Urgency


def lines_of(report: ClassifierReport) -> Iterator[str]:
    yield from _scores(report.scores)
    yield ""
    yield from _methods(report)
    yield ""
    yield from _model(report.bounds, report.scores)
    yield ""
    yield from _titles(report.titles)
    yield ""
    yield from _words(report.words)


def _scores(scores: Scores) -> Iterator[str]:
    yield f"Golden set, judged again by today's rules: {scores.cases} cases"
    if not scores.cases:
        yield "  Nobody has called a verdict wrong yet."
        return
    yield f"  Right: {percent(scores.accuracy)}"
    yield f"  Urgency right: {percent(scores.urgency_accuracy)}"
    yield f"  Category right: {percent(scores.category_accuracy)}"
    yield ""
    yield from confusion_lines(scores)
    yield ""
    yield "Calibration: how sure the rules were, and how often right"
    for found in scores.calibration:
        yield _bin(found)


def confusion_lines(scores: Scores) -> Iterator[str]:
    """Rows are what would have been right, columns what is said."""
    yield "Urgency " + "".join(f"{said:>10}" for said in Urgency.values) + "   (columns: said)"
    for expected in Urgency.values:
        counts = (scores.confusion.get((expected, said), 0) for said in Urgency.values)
        yield f"{expected:<8}" + "".join(f"{count or '·':>10}" for count in counts)


def _bin(found: Bin) -> str:
    told = f"from {found.floor:.1f}: stated {percent(found.stated)}, right {percent(found.right)}"
    return f"  {told} ({found.cases} cases)"


def _methods(report: ClassifierReport) -> Iterator[str]:
    total = sum(report.methods.values())
    yield f"Verdicts: {total}"
    for method, rows in report.methods.items():
        yield f"  {method:<10}{rows:>10}  {percent(rows / total if total else None)}"
    yield f"  No rule knew anything about {report.unread} of them."


def _model(bounds: ModelBounds, scores: Scores) -> Iterator[str]:
    yield f"Rules and model: a model was heard {bounds.heard} times"
    yield f"  It wanted more than the rules let it {bounds.bounded} times{_values(bounds)}"
    if scores.versus_model:
        told = ", ".join(f"{who} {cases}" for who, cases in sorted(scores.versus_model.items()))
        yield f"  Right on the golden cases it had judged: {told}"


def _values(bounds: ModelBounds) -> str:
    told = ", ".join(f"{name} {rows}" for name, rows in bounds.values.items())
    return f": {told}" if told else ""


def _titles(titles: UnknownTitles) -> Iterator[str]:
    yield f"Job titles: {titles.judged}, of which no rule knew {titles.unknown}"
    for title, rows in titles.titles:
        yield f"  {rows:>6}  {title}"
    if titles.kept_back:
        yield f"  {titles.kept_back} titles are not shown: too few people bear them."
    if titles.words:
        told = ", ".join(f"{word} {rows}" for word, rows in titles.words)
        yield f"  Words in them: {told}"


def _words(words: UnknownWords) -> Iterator[str]:
    """What was looked at comes first: figures of a few events are none."""
    yield (
        f"Words no rule knew: in {words.raised} events that a person or a model called more urgent "
        f"than the rules do, beside {words.ordinary} ordinary ones"
    )
    if not words.words:
        yield "  None stands in several of them and tells them from the ordinary."
    for found in words.words:
        yield f"  {found.events:>6}  {found.words} ({found.times:g} times as often)"
    if words.kept_back:
        yield f"  {words.kept_back} words are not shown: names, or of one sender only."


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
