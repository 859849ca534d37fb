"""Whatever arrives, a source answers or raises ShapeError; what it answers can be stored."""

import copy
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.json_types import Json
from apps.ingestion.sources import SOURCES
from apps.ingestion.sources.base import ShapeError
from apps.ingestion.types import Fact, Skipped
from tests.ingestion.sources.payloads import cases, payload

# What apps.core.strictjson lets through: no NUL, no lone surrogate, whole numbers of 64 bits.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
MARKUP = st.text(st.sampled_from("<>/=\"'&#;ap! -\n"), max_size=40)
TIMES = st.datetimes().map(lambda moment: moment.isoformat() + "+14:00")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | MARKUP
    | TIMES
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
LIMIT = 25
RECORDED = [(source, case) for source in SOURCES for case in cases(source)]


def paths(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where each value of a document stands."""
    entries: Any = ()
    if isinstance(document, dict):
        entries = document.items()
    elif isinstance(document, list):
        entries = enumerate(document)
    return [path, *(found for key, value in entries for found in paths(value, (*path, key)))]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, Json, dict[str, str]]:
    """A recorded body in which one value became something else."""
    source, case = draw(st.sampled_from(RECORDED))
    found = payload(source, case)
    body: Any = copy.deepcopy({"body": found.body})
    path = ("body", *draw(st.sampled_from(paths(found.body))))
    reduce(getitem, path[:-1], body)[path[-1]] = draw(JSON)
    return source, body["body"], found.headers


def answer(source: str, document: Json, headers: dict[str, str]) -> tuple[Fact, ...]:
    """The facts; nothing when the body was skipped or refused."""
    plugin = SOURCES.get(source)
    try:
        envelope = plugin.open(document, headers)
        assert len(envelope.event_type) <= 120
        assert all(len(ref.external_id) <= 200 for ref in envelope.accounts)
        found = plugin.normalize(document, headers, content_limit=LIMIT)
    except ShapeError:
        return ()
    return () if isinstance(found, Skipped) else found


def storable(fact: Fact) -> bool:
    times = [fact.occurred_at, fact.starts_at, fact.ends_at]
    return (
        len(fact.content) <= LIMIT
        and len(fact.title) <= 500
        and max(len(fact.external_id), len(fact.thread_key)) <= 300
        and "\x00" not in repr(fact)
        and "\n" not in fact.title
        and all(time.tzinfo is not None and time.year >= 1970 for time in times if time)
    )


@pytest.mark.parametrize("source", list(SOURCES))
@given(document=JSON)
@settings(max_examples=100, deadline=None)
def test_arbitrary_json_is_answered_or_refused(source: str, document: Json) -> None:
    assert all(storable(fact) for fact in answer(source, document, {}))


@given(case=damaged())
@settings(max_examples=600, deadline=None)
def test_a_recorded_body_with_one_damage_is_answered_or_refused(
    case: tuple[str, Json, dict[str, str]],
) -> None:
    assert all(storable(fact) for fact in answer(*case))
