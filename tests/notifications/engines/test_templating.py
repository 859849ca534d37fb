import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.notifications.engines.sinks import SINKS, Sink
from apps.notifications.engines.templating import (
    FILTERS,
    MAX_FIELDS,
    MAX_SOURCE,
    NAMES,
    Field,
    TemplateError,
    parse,
    render,
)

FACTS = {"title": "Carla: Offer", "body": "Please have a look.\nThe price holds.", "priority": "7"}

pieces = st.sampled_from(
    ["{{", "}}", "{", "}", "|", ":", '"', " ", "\n", "title", "body", "upper", "truncate", "7", "x"]
)
sources = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=25).map("".join))
values = st.text(max_size=80)


def shown(source: str, sink: Sink = Sink.PLAIN, **facts: str) -> str:
    return render(parse(source), {**FACTS, **facts}, sink)


@pytest.mark.parametrize(
    ("source", "position", "reason"),
    [
        ("{{ user.password }}", 4, "there is no 'user'"),
        ("{{ nobody }}", 4, "there is no 'nobody'"),
        ("ab\n{{ title|shout }}", 13, "there is no filter 'shout'"),
        ("{{ title.upper }}", 9, 'only "| filter" may follow'),
        ("{{ title() }}", 9, 'only "| filter" may follow'),
        ("{{ title", 1, "never closed"),
        ("x{{ title }", 2, "never closed"),
        ("{{", 3, "a name is needed"),
        ("{{}}", 3, "a name is needed"),
        ("{{ }}", 3, "a name is needed"),
        ("{{ 7 }}", 3, "a name is needed"),
        ("{{{{ title }}}}", 3, "a name is needed"),
        ("{{ title|truncate }}", 10, "takes a number"),
        ('{{ title|truncate:"9" }}', 10, "takes a number"),
        ("{{ title|truncate:0 }}", 10, "between 1 and"),
        ("{{ title|ljust:9e9 }}", 10, "there is no filter 'ljust'"),
        ("{{ title|truncate:9e9 }}", 20, 'only "| filter" may follow'),
        ("{{ title|truncate:99999 }}", 10, "between 1 and"),
        ("{{ title|default:7 }}", 10, 'takes a "text"'),
        ("{{ title|upper:7 }}", 10, "takes no argument"),
        ('{{ title|default:"a\nb" }}', 10, 'takes a "text"'),
        ("{{ title || upper }}", 10, 'only "| filter" may follow'),
        ("{{ __class__ }}", 4, "there is no '__class__'"),
        ("x" * (MAX_SOURCE + 1), MAX_SOURCE + 1, "more than"),
        ("{{title}}" * (MAX_FIELDS + 1), 9 * MAX_FIELDS + 1, "more than"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(
    source: str, position: int, reason: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        parse(source)
    assert caught.value.position == position
    assert reason in caught.value.detail
    assert caught.value.code == "invalid_template"


def test_a_place_is_a_line_and_a_column_too() -> None:
    with pytest.raises(TemplateError) as caught:
        parse("one\ntwo {{ nobody }}")
    assert (caught.value.line, caught.value.column) == (2, 8)
    assert caught.value.detail.startswith("Line 2, column 8: ")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("no field", "no field"),
        ("a } b { c }} {%load x%} {# y #}", "a } b { c }} {%load x%} {# y #}"),
        ("{{title}}", "Carla: Offer"),
        ("{{ title }}!", "Carla: Offer!"),
        ("{{title|upper}}", "CARLA: OFFER"),
        ("{{ title | lower | capitalize }}", "Carla: offer"),
        ("{{ title | truncate:6 }}", "Carla…"),
        ("{{ title | truncate:1 }}", "…"),
        ("{{ title | truncate:12 }}", "Carla: Offer"),
        ("{{ body | first_line }}", "Please have a look."),
        ("{{ body | one_line }}", "Please have a look. The price holds."),
        ('{{ link | default:"no }} link" }}', "no }} link"),
        ('{{ title | default:"x" }}', "Carla: Offer"),
        ("{{ link }}", ""),
        ("%s {0} {title} $title", "%s {0} {title} $title"),
    ],
)
def test_what_a_template_says(source: str, text: str) -> None:
    assert shown(source) == text


@given(sources)
@example("{{ title|upper|upper|upper }}")
def test_any_source_is_understood_or_refused_with_a_place(source: str) -> None:
    refusal: TemplateError | None = None
    fields: list[Field] = []
    try:
        fields = [part for part in parse(source).parts if isinstance(part, Field)]
    except TemplateError as error:
        refusal = error
    assert refusal is None or 1 <= refusal.position <= len(source) + 1
    assert refusal is None or min(refusal.line, refusal.column) >= 1
    assert all(field.name in NAMES for field in fields)
    assert all(one.name in FILTERS for field in fields for one in field.filters)


@given(st.text(max_size=80).filter(lambda text: "{{" not in text))
def test_what_has_no_field_is_text(source: str) -> None:
    assert parse(source).parts == ((source,) if source else ())


@given(values)
@example("{{ body }}")
@example('{{ title | default:"x" }}')
def test_a_fact_is_never_read_as_a_template(value: str) -> None:
    expected = shown("{{ body }}", body=f"<{value}>")
    assert shown("<{{ title }}>", title=value) == expected


@given(sources, values, st.sampled_from(Sink), st.integers(0, 50))
def test_whatever_it_says_it_keeps_to_its_room(
    source: str, value: str, sink: Sink, limit: int
) -> None:
    try:
        template = parse(source)
    except TemplateError:
        return
    facts = dict.fromkeys(NAMES, value)
    assert len(render(template, facts, sink, limit=limit)) <= limit
    assert len(render(template, facts, sink)) <= SINKS[sink].limit


@given(values)
def test_in_slack_neither_template_nor_fact_gives_orders(value: str) -> None:
    text = shown("<!channel> {{ title }} {{ title | upper }}", Sink.SLACK, title=value)
    assert "<" not in text
    assert re.sub(r"&(amp|lt|gt);", "", text).count("&") == 0


@given(st.lists(st.sampled_from(sorted(FILTERS)), max_size=8), values)
def test_filters_go_one_after_the_other_and_never_fail(names: list[str], value: str) -> None:
    arguments: dict[Any, str] = {None: "", str: ':"x"', int: ":5"}
    filters = "".join(f"|{name}{arguments[FILTERS[name].takes]}" for name in names)
    text = render(parse(f"{{{{title{filters}}}}}"), {"title": value})
    expected = value
    for name in names:
        argument = {None: None, str: "x", int: 5}[FILTERS[name].takes]
        expected = FILTERS[name].apply(expected, argument)
    assert text == render(parse("{{title}}"), {"title": expected})


def test_a_huge_fact_takes_no_huge_memory() -> None:
    text = shown("{{ title }}" * MAX_FIELDS, title="x" * 10_000_000)
    assert len(text) == SINKS[Sink.PLAIN].limit
