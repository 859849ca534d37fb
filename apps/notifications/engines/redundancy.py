"""Has this person just been told the same? By similarity of content, not by its letters."""

from datetime import datetime, timedelta
from hashlib import blake2b

from apps.classification.types import Verdict
from apps.core.similarity import similar, similar_among
from apps.ingestion.engines.sameness import visible_marks
from apps.ingestion.types import Fact
from apps.notifications.engines.cases import Case, Settlement, dropped, minutes
from apps.notifications.engines.quiet import awake_from
from apps.notifications.types import Plain, Reason, Step, Told

_NOTHING = timedelta(0)
# In how many bits of 64 two fingerprints may differ.
_SAME, _ALIKE = 0, 6
# Long content is compared without its title, too, and more strictly: many mails share a footer.
_ALIKE_TEXT = 2
# The input that names the Notification which is repeated.
REPEATS = "repeats"


def distinct_fingerprint(fact: Fact, verdict: Verdict, content_fingerprint: int) -> int:
    """The signed 64-bit fingerprint to store in Told and FilterContext; 0 stays 0.

    Two codes, two starts of one meeting or two values of one profile field come in almost equal
    texts and are still two facts: what tells them apart is mixed in, which sets fingerprints far
    apart when it differs and changes no distance when it is equal.
    """
    marks = (verdict.code.value,) if verdict.code is not None else visible_marks(fact)
    if not any(marks) or content_fingerprint == 0:
        return content_fingerprint
    words = "\n".join(marks).encode(errors="surrogatepass")
    mixed_in = blake2b(words, digest_size=8).digest()
    return content_fingerprint ^ int.from_bytes(mixed_in, "big", signed=True)


def redundancy(case: Case) -> Step | Settlement:
    """Passed unless something alike was told within the window.

    The margin is in minutes, and counts from whatever alike is told last. A meeting that was moved
    and is moved back says what was told before, and yet its reader believes something else.
    """
    window = timedelta(seconds=case.context.redundancy_window_seconds)
    told = case.context.told
    if _changed_since(case):
        inputs: dict[str, Plain] = {"compared": len(told), "changed_since": True}
        code = Reason.REDUNDANT.value
        return Step(code=code, passed=True, inputs=inputs, threshold=minutes(window))
    alike = _alike(case)
    ages = [case.now - earlier.at for earlier in alike]
    if not any(age < window and _heard_in_time(case, case.now - age) for age in ages):
        return Step(
            code=Reason.REDUNDANT.value,
            passed=True,
            inputs={"compared": len(told)},
            threshold=minutes(window),
        )
    age = min(ages)
    last = alike[ages.index(age)]
    return dropped(
        Step(
            code=Reason.REDUNDANT.value,
            passed=False,
            inputs={
                "compared": len(told),
                "age_minutes": minutes(max(_NOTHING, age)),
                "told_at": case.local(last.at),
                **({REPEATS: str(last.ref)} if last.ref else {}),
            },
            threshold=minutes(window),
            margin=minutes(age - window),
        )
    )


def _alike(case: Case) -> list[Told]:
    """A code is a repeat of its very text only; long content is one under any title."""
    told, context = case.context.told, case.context
    coded = case.verdict.code is not None
    whole = [one.fingerprint for one in told]
    found = similar_among(context.fingerprint, whole, max_distance=_SAME if coded else _ALIKE)
    if context.text_fingerprint and not coded:
        texts = [one.text_fingerprint for one in told]
        same = similar_among(context.text_fingerprint, texts, max_distance=_ALIKE_TEXT)
        found = sorted({*found, *same})
    return [told[at] for at in found]


def _changed_since(case: Case) -> bool:
    last_word = case.context.last_word
    return last_word is not None and not similar(case.context.fingerprint, last_word)


def _heard_in_time(case: Case, at: datetime) -> bool:
    """A copy still to come must not make anything prompt wait longer than it would by itself."""
    if at <= case.now or not case.prompt:
        return True
    return not case.verdict.overrides_quiet_hours and at <= awake_from(case, case.now)
