"""The prompts in the console: versions that are written, tried in shadow and promoted."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.classification.models import PromptVersion
from apps.classification.services import prompts
from apps.core.errors import InvalidInput
from tests.console import fields_of, list_of, operator, page_of

LIST = list_of(PromptVersion)


@pytest.fixture
def console(db: None) -> Client:
    return operator()


def write(system: str = "Judge sternly.") -> PromptVersion:
    return prompts.save_version(system, note="", author=None)


@pytest.mark.django_db
@pytest.mark.parametrize("system", ["", "  \n", "x" * 20_001])
def test_orders_that_are_none_are_refused(system: str) -> None:
    with pytest.raises(InvalidInput):
        write(system)
    assert not PromptVersion.objects.exists()


def test_a_new_version_asks_nobody_yet(console: Client) -> None:
    console.post(f"{LIST}add/", {"system": "Judge sternly.", "note": "Sterner"})
    prompt = PromptVersion.objects.get()
    assert (prompt.version, prompt.active, prompt.shadow) == (1, False, False)


def test_a_new_version_begins_with_what_models_are_asked_with_now(
    console: Client, ana: User
) -> None:
    from_code = fields_of(console, f"{LIST}add/")
    assert from_code["system"] == prompts.text_of(None).system
    prompts.activate(write("Judge mildly."), actor=ana)
    assert fields_of(console, f"{LIST}add/")["system"] == "Judge mildly."


def test_an_old_version_cannot_be_edited_or_deleted(console: Client) -> None:
    prompt = write()
    console.post(page_of(prompt), {**fields_of(console, page_of(prompt)), "system": "Other"})
    console.post(f"{page_of(prompt)}delete/", {"post": "yes"})
    prompt.refresh_from_db()
    assert prompt.system == "Judge sternly."


def test_one_version_is_active_and_another_may_be_in_its_shadow(ana: User) -> None:
    first, second = write(), write("Judge mildly.")
    assert prompts.activate(first, actor=ana)
    assert prompts.set_shadow(second, on=True, actor=ana)
    assert not prompts.set_shadow(first, on=True, actor=ana)
    assert prompts.activate(second, actor=ana)
    states = PromptVersion.objects.order_by("version").values_list("active", "shadow")
    assert list(states) == [(False, False), (True, False)]


def test_promoting_is_audited_and_doing_it_again_changes_nothing(ana: User) -> None:
    prompt = write()
    assert prompts.activate(prompt, actor=ana)
    assert not prompts.activate(prompt, actor=ana)
    messages = AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED, actor=ana)
    assert [row.message for row in messages] == ["Prompt v1 made active"]


def test_its_page_shows_how_it_differs_from_the_active_one(console: Client, ana: User) -> None:
    prompts.activate(write("Judge sternly.\nBe brief."), actor=ana)
    page = console.get(page_of(write("Judge mildly.\nBe brief."))).content.decode()
    assert "-Judge sternly." in page
    assert "+Judge mildly." in page


def test_there_is_a_way_back_to_the_prompt_in_the_code(console: Client, ana: User) -> None:
    prompt = write()
    assert not prompts.return_to_code(actor=ana)
    prompts.activate(prompt, actor=ana)
    assert "Back to the code’s" in console.get(page_of(prompt)).content.decode().replace(
        "&#x27;", "’"
    )
    console.post(f"{page_of(prompt).removesuffix('change/')}do/to-code/")
    prompt.refresh_from_db()
    assert not prompt.active
    assert prompts.named("active") == prompts.text_of(None)
    assert AuditEvent.objects.filter(message__startswith="Prompt v1 made inactive").exists()
    assert prompts.activate(prompt, actor=ana)
