"""A delivery's attempt made ready for its channel."""

from dataclasses import replace
from uuid import UUID

from apps.classification.types import Urgency
from apps.notifications.channels.base import Message, Target
from apps.notifications.models import Address, Delivery, DeliveryAttempt
from apps.notifications.selectors.templates import Templates
from apps.notifications.services.links import links_of
from apps.notifications.services.reaching import target_of
from apps.notifications.services.sending import Errand
from apps.notifications.services.whatsapp_templates import templates as whatsapp_templates
from apps.notifications.services.wording import reworded, worded
from apps.notifications.types.choices import WHATSAPP


def errand_of(
    delivery: Delivery,
    attempt: DeliveryAttempt,
    address: Address | None,
    *,
    token: UUID,
    look_up: bool = False,
    tracked: bool = False,
    templates: Templates | None = None,
) -> Errand:
    """`tracked`: its person agreed to being told of as having opened it.

    The attempt is noted the template whose words it takes; one that is looked up has them again.
    """
    message = message_of(delivery, attempt.public_id, tracked=tracked)
    if templates is not None:
        message, wording = worded(message, delivery.channel, templates)
        attempt.template_id = wording.template_id
    elif attempt.template is not None:
        message = reworded(message, delivery.channel, attempt.template)
    return Errand(
        delivery=delivery,
        token=token,
        attempt=attempt,
        message=message,
        target=_target_of(delivery, address),
        provider=attempt.provider,
        look_up=look_up,
    )


def _target_of(delivery: Delivery, address: Address | None) -> Target:
    """With the template that a WhatsApp message of its category may use."""
    target, subject = target_of(address), delivery.subject
    if delivery.channel != WHATSAPP:
        return target
    template = whatsapp_templates.of(subject.business_id, subject.category)
    return replace(target, details={**target.details, "template": template})


def message_of(delivery: Delivery, ref: UUID, *, tracked: bool = False) -> Message:
    subject = delivery.subject
    return Message(
        ref=ref,
        key=subject.public_id,
        business_id=subject.business_id,
        user_id=subject.user_id,
        title=subject.title,
        body=subject.body,
        category=subject.category,
        priority=subject.priority,
        correlation_id=subject.correlation_id,
        created_at=subject.created_at,
        expires_at=subject.expires_at,
        links=links_of(
            user_id=subject.user_id,
            channel=delivery.channel,
            key=subject.public_id,
            is_digest=delivery.digest_id is not None,
            tracked=tracked,
        ),
    )


def is_urgent(delivery: Delivery) -> bool:
    """Whether telling it twice is better than not at all. No digest is."""
    note = delivery.notification
    return note is not None and note.priority >= Urgency.HIGH.floor
