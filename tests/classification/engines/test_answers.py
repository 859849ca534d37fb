import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.answers import (
    InsightDocument,
    OpinionDocument,
    UnreadableAnswer,
    insight_of,
    opinion_of,
    parsed,
)
from apps.classification.types import Category, Urgency
from tests.plugins.model_server import INSIGHT, OPINION


@given(st.text())
def test_words_are_no_answer(text: str) -> None:
    with pytest.raises(UnreadableAnswer):
        parsed(text, OpinionDocument)


@pytest.mark.parametrize("name", sorted(OPINION))
def test_every_field_is_needed(name: str) -> None:
    incomplete = {key: value for key, value in OPINION.items() if key != name}
    with pytest.raises(UnreadableAnswer, match=name):
        parsed(json.dumps(incomplete), OpinionDocument)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("priority", value) for value in (0, 11, 5.5, "5", True)],
        *[("relevance", value) for value in (-0.1, 1.1, float("nan"), float("inf"), "1", None)],
        *[("sentiment", value) for value in (-1.1, 1.1)],
        *[("category", value) for value in ("", "Message", "security_code", None)],
        *[("action_required", value) for value in (1, "yes")],
        ("reason", "x" * 2_001),
    ],
)
def test_a_value_outside_its_range_spoils_the_whole(name: str, value: object) -> None:
    with pytest.raises(UnreadableAnswer):
        parsed(json.dumps(OPINION | {name: value}), OpinionDocument)


def test_the_model_s_own_text_is_not_repeated() -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        parsed(json.dumps(OPINION | {"ana@example.com": 1, "risk": "boris"}), OpinionDocument)
    assert str(caught.value).endswith("schema: risk, unknown key")


@pytest.mark.parametrize("document", [OpinionDocument, InsightDocument])
def test_the_schema_uses_no_keyword_that_strict_modes_refuse(
    document: type[OpinionDocument] | type[InsightDocument],
) -> None:
    written = json.dumps(document.model_json_schema())
    refused = ("minimum", "maximum", "maxLength", "maxItems", "$ref", "anyOf", "default")
    assert [keyword for keyword in refused if f'"{keyword}"' in written] == []
    assert '"additionalProperties": false' in written


def test_a_document_becomes_an_opinion() -> None:
    opinion = opinion_of(parsed(json.dumps(OPINION), OpinionDocument))
    assert (opinion.urgency, opinion.category) == (Urgency.MEDIUM, Category.PARTNERSHIP)


def test_a_document_becomes_an_insight() -> None:
    insight = insight_of(parsed(json.dumps(INSIGHT), InsightDocument))
    assert insight.recommended_actions == ("Answer before Friday.", "Ask for the draft.")
