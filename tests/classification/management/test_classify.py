import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.console import TITLES

pytestmark = pytest.mark.django_db

MAILS = Path(__file__).parents[2] / "fixtures/mails"


def classify(*arguments: object) -> str:
    said = StringIO()
    call_command("classify", *map(str, arguments), stdout=said)
    return said.getvalue()


def document(*arguments: object) -> Any:
    return json.loads(classify(*arguments, "--json"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"away\.eml: No such file"):
        classify("--file", tmp_path / "away.eml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Is a directory"):
        classify("--file", tmp_path)


def test_a_file_that_is_no_mail_is_refused_in_words(tmp_path: Path) -> None:
    photo = tmp_path / "photo.eml"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    with pytest.raises(CommandError, match="is no mail"):
        classify("--file", photo)


def test_an_empty_title_is_refused() -> None:
    with pytest.raises(CommandError, match="job title is needed"):
        classify("--title", "  ")


def test_either_a_file_or_a_title_is_needed() -> None:
    with pytest.raises(CommandError):
        classify()


def test_a_code_is_told_with_the_life_it_had_when_it_came() -> None:
    said = classify("--file", MAILS / "code_in_html.eml")
    assert "Critical (priority 9 of 10), Security Code" in said
    assert "Code:       482913, lives 5 min" in said
    assert "Method:     fast_path" in said
    assert "Signal:     security_code: It holds a one-time code." in said


def test_a_mail_read_by_its_wording_says_how_unsure_that_is() -> None:
    said = classify("--file", MAILS / "request.eml")
    assert "Method:     rules, unsure enough to ask a model" in said
    assert "Confidence: 0.6" in said
    assert "deadline: It speaks of a deadline." in said


def test_the_document_holds_what_the_lines_say() -> None:
    told = document("--file", MAILS / "code_in_html.eml")
    assert told["code"]["lifetime_seconds"] == 300
    assert told["judged_at"] == "2026-03-04T13:00:00+01:00"
    assert told["signals"] == [
        {"code": "security_code", "detail": "", "meaning": "It holds a one-time code."}
    ]


@pytest.mark.parametrize(
    ("title", "level"),
    [("Chief Executive Officer", "csuite"), ("VP Sales", "vp"), ("Janitor", None)],
)
def test_a_title_has_its_level(title: str, level: str | None) -> None:
    assert document("--title", title)["level"] == level


def test_an_exclusion_is_told_with_what_it_excluded() -> None:
    assert "is excluded by" in classify("--title", "Assistant to the CEO")


def test_the_active_version_of_the_title_rules_judges() -> None:
    factories.make_seniority_rule_set(document=TITLES, active=True)
    assert "Level:      none (title rules 1)" in classify("--title", "Chief Executive Officer")


@pytest.mark.parametrize("what", [("--title", "CEO"), ("--file", MAILS / "request.eml")])
def test_nothing_is_written(what: tuple[object, ...]) -> None:
    with CaptureQueriesContext(connection) as queries:
        classify(*what)
    assert [q["sql"] for q in queries.captured_queries if not q["sql"].startswith("SELECT")] == []
