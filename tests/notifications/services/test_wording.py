import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business
from apps.notifications.channels.base import Message
from apps.notifications.engines.sinks import Sink
from apps.notifications.engines.templating import NAMES, TemplateError
from apps.notifications.models import MessageTemplate
from apps.notifications.selectors.templates import templates_of
from apps.notifications.services.wording import facts_of, render, worded
from tests import factories
from tests.notifications.channels.hooks import message

pytestmark = pytest.mark.django_db


def told(business: Business, **values: object) -> Message:
    return message(business_id=business.pk, **values)


def words(said: Message, channel: str = "slack") -> tuple[str, str, str]:
    message_, wording = worded(said, channel, templates_of({said.business_id}))
    assert (message_.title, message_.body) == (wording.title, wording.body)
    row = MessageTemplate.objects.filter(pk=wording.template_id).first()
    return wording.title, wording.body, row.variant if row else ""


def test_every_name_has_a_fact() -> None:
    assert facts_of(message()).keys() == set(NAMES)


def test_without_a_template_nothing_changes(northwind: Business) -> None:
    said = told(northwind)
    assert words(said) == (said.title, said.body, "")
    factories.make_message_template(active=False, title_source="Not me")
    assert words(said) == (said.title, said.body, "")


def test_a_broken_template_does_not_keep_a_message_back(northwind: Business) -> None:
    template = factories.make_message_template(title_source="{{ nobody }}")
    said = told(northwind)
    assert words(said) == (said.title, said.body, "")
    with pytest.raises(TemplateError):
        render(template, facts_of(said))


def test_an_empty_title_is_the_fact_s_own(northwind: Business) -> None:
    factories.make_message_template(title_source="{{ less }} ", body_source="")
    assert words(told(northwind)) == ("Carla: Offer", "", "a")


def test_a_business_s_own_words_are_nobody_else_s(northwind: Business, southbank: Business) -> None:
    factories.make_message_template(title_source="All: {{ title }}")
    factories.make_message_template(business=northwind, title_source="Ours: {{ title }}")
    assert words(told(northwind))[0] == "Ours: Carla: Offer"
    assert words(told(southbank))[0] == "All: Carla: Offer"


def test_a_template_words_the_whole_message(northwind: Business) -> None:
    factories.make_message_template(
        title_source="{{ urgency | upper }}: {{ title | truncate:6 }}",
        body_source="{{ body }}\n{{ created }}\n{{ link }}",
    )
    assert words(told(northwind))[:2] == (
        "HIGH: Carla…",
        "Please have a look.\n4 Mar 2026 12:00 UTC\nhttps://vigil.example/inbox/1",
    )


def test_a_title_stays_one_line_in_the_room_of_its_channel(northwind: Business) -> None:
    factories.make_message_template(title_source="{{ body }}", body_source="{{ body }}")
    title, body, _ = words(told(northwind, body="a\r\nb" * 3_000), "sms")
    assert "\n" not in title
    assert (len(title), len(body)) == (70, 400)


def test_a_person_keeps_their_variant_and_people_get_both(northwind: Business) -> None:
    for variant in MessageTemplate.Variant.values:
        factories.make_message_template(variant=variant, title_source=f"{variant}: {{{{ title }}}}")
    given = [words(told(northwind, user_id=user))[2] for user in range(60)]
    assert given == [words(told(northwind, user_id=user))[2] for user in range(60)]
    assert set(given) == {"a", "b"}


def test_for_a_sink_it_is_escaped_there(northwind: Business) -> None:
    template = factories.make_message_template(title_source="<b> {{ title }}")
    facts = facts_of(told(northwind, title="<!channel>"))
    assert render(template, facts, Sink.SLACK).title == "&lt;b&gt; &lt;!channel&gt;"


def test_many_messages_ask_once(
    northwind: Business, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_message_template()
    with django_assert_num_queries(1):
        templates = templates_of({northwind.pk})
        for user in range(20):
            worded(told(northwind, user_id=user), "slack", templates)


def test_two_active_ones_for_the_same_are_refused(northwind: Business) -> None:
    factories.make_message_template(channel="slack")
    factories.make_message_template(channel="slack", active=False)
    factories.make_message_template(channel="slack", variant="b")
    with pytest.raises(ValidationError):
        MessageTemplate(name="Again", channel="slack", active=True).full_clean()
    with pytest.raises(IntegrityError):
        factories.make_message_template(channel="slack")
