"""Messages in the words of a template. Channels escape for themselves, so theirs is plain text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import structlog

from apps.classification.types import Urgency
from apps.core.errors import InvalidInput
from apps.notifications.channels.base import Message
from apps.notifications.engines import templating
from apps.notifications.engines.sinks import SINKS, Sink
from apps.notifications.engines.wording_rules import Room, room_of
from apps.notifications.models import MessageTemplate
from apps.notifications.selectors.templates import Templates

log = structlog.get_logger(__name__)

_parsed = lru_cache(maxsize=1_024)(templating.parse)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`template_id` is None where no template had a say."""

    title: str
    body: str
    template_id: int | None = None


def render(
    template: MessageTemplate,
    facts: Mapping[str, str],
    sink: Sink = Sink.PLAIN,
    *,
    room: Room | None = None,
) -> Wording:
    """Raises TemplateError for sources that are not valid (any more).

    The title is one line wherever it goes. A title that comes out empty is the fact's own.
    """
    space = room or room_of(template.channel)
    head = Sink.HEADER if sink is Sink.PLAIN else sink
    title = _text(template.title_source, facts, head, space.title)
    if not title.strip():
        title = _text("{{ title }}", facts, head, space.title)
    body = _text(template.body_source, facts, sink, space.body)
    return Wording(title=title, body=body, template_id=template.pk)


def worded(message: Message, channel: str, templates: Templates) -> tuple[Message, Wording]:
    """The message as its template words it; as it was where none fits or the template is broken."""
    plain = Wording(title=message.title, body=message.body)
    template = templates.find(
        business_id=message.business_id,
        channel=channel,
        category=message.category,
        user_id=message.user_id,
    )
    if template is None:
        return message, plain
    try:
        wording = render(template, facts_of(message), room=room_of(channel))
    except InvalidInput:
        log.warning("template_not_valid", template_id=template.pk)
        return message, plain
    return replace(message, title=wording.title, body=wording.body), wording


def reworded(message: Message, channel: str, template: MessageTemplate) -> Message:
    """In the words of one template, as long as it is valid."""
    try:
        wording = render(template, facts_of(message), room=room_of(channel))
    except InvalidInput:
        return message
    return replace(message, title=wording.title, body=wording.body)


def facts_of(message: Message) -> dict[str, str]:
    """What a template may name: `engines.templating.NAMES`."""
    return {
        "title": message.title,
        "body": message.body,
        "category": message.category,
        "priority": str(message.priority),
        "urgency": Urgency.of(message.priority).value,
        "created": f"{message.created_at:%-d %b %Y %H:%M} UTC",
        "expires": f"{message.expires_at:%-d %b %Y %H:%M} UTC",
        "link": message.links.open,
        "why": message.links.why,
        "less": message.links.less,
        "unsubscribe": message.links.unsubscribe,
    }


def _text(source: str, facts: Mapping[str, str], sink: Sink, most: int) -> str:
    return templating.render(_parsed(source), facts, sink, limit=min(most, SINKS[sink].limit))
