"""People's numbers: they come, are shown to be theirs by a code, and go.

added ─► a code is sent (Twilio Verify) ─► its person types it ─► told by SMS or WhatsApp

That costs money and reaches strangers' phones, so it is limited by person and by number, paid from
the person's caps, and refused while nobody can count.
"""

import re
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Consent, User
from apps.accounts.selectors import business_of
from apps.core.errors import Conflict, Forbidden, InvalidInput, NotFound, RateLimited, Unavailable
from apps.core.http import background
from apps.core.resilience.ratelimit import Limit, limiter
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear
from apps.notifications.channels.twilio import verifying
from apps.notifications.channels.twilio.verifying import Verdict
from apps.notifications.engines.phone_numbers import NotAPhone, e164, masked
from apps.notifications.engines.regions import region_of
from apps.notifications.models import Address
from apps.notifications.selectors import clock_of
from apps.notifications.selectors.addresses import addresses_of
from apps.notifications.services.addresses import add_address, remove_address, verify_address
from apps.notifications.services.consenting import set_consent
from apps.notifications.services.inbound_texts import last_heard
from apps.notifications.services.spending import Asked, give_back, reserve
from apps.notifications.types import OffReason
from apps.notifications.types.choices import PHONES, WHATSAPP

ResultT = TypeVar("ResultT")

_CODE = re.compile(r"[0-9]{4,10}")
_GRACE_SECONDS = 1.0


def can_be_added() -> bool:
    """Whether codes can be sent here at all."""
    return verifying.can_verify()


def numbers_of(user: User) -> list[Address]:
    return [row for row in addresses_of(user) if row.channel in PHONES]


def add(user: User, channel: str, text: str, *, source: Consent.Source, now: datetime) -> Address:
    """A number as its person writes it; a code is on its way unless it was shown to be theirs.

    Adding it is their consent to be told this way, which is written down once it is verified.
    Again for one that is not verified yet sends another code. Raises Forbidden, InvalidInput
    (`number`), Conflict, RateLimited, and Unavailable while no code can be sent.
    """
    _may_have(user, channel)
    number = _number(user, text)
    known = Address.objects.filter(user=user, channel__in=PHONES)
    same = [row for row in known if row.value == number]
    if any(row.channel == channel and row.off_reason == OffReason.UNSUBSCRIBED for row in same):
        raise Conflict("Send START from this phone first: it said STOP", code="unsubscribed")
    proven = any(row.verified_at is not None for row in same)
    if not proven:
        _limit_verifications(user, number)
    with transaction.atomic():
        row = _stored(user, channel, number, now=now)
        if proven:
            _own(row, user, source=source, now=now)
    if not proven:
        _send_code(user, row, now=now)
    return row


def send_again(user: User, public_id: UUID, *, now: datetime) -> Address:
    """Another code to a number that is not verified yet. Raises as `add` does, and NotFound."""
    row = _of(user, public_id)
    _may_have(user, row.channel)
    if row.state != Address.State.UNVERIFIED:
        raise Conflict("This number waits for no code")
    _limit_verifications(user, row.value)
    _send_code(user, row, now=now)
    return row


def verify(
    user: User, public_id: UUID, code: str, *, source: Consent.Source, now: datetime
) -> Address:
    """Raises NotFound, InvalidInput (invalid_code, code_expired), RateLimited, Unavailable."""
    row = _of(user, public_id)
    if row.verified_at is not None and row.state == Address.State.ACTIVE:
        return row
    if row.off_reason == OffReason.UNSUBSCRIBED:
        raise Conflict("Send START from this phone first: it said STOP", code="unsubscribed")
    _limit("phone-code", user, per_minute=settings.PHONE_CODES_PER_MINUTE)
    verdict = _verdict(row.value, code)
    if verdict is not Verdict.APPROVED:
        raise _refused(verdict)
    with transaction.atomic():
        _own(row, user, source=source, now=now)
    return row


def remove(user: User, public_id: UUID, *, now: datetime) -> Address:
    """Raises NotFound for what is not theirs."""
    row = _of(user, public_id)
    remove_address(user, row.channel, row.value, now=now)
    return row


def _of(user: User, public_id: UUID) -> Address:
    rows = Address.objects.filter(user=user, channel__in=PHONES)
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    return row


def _may_have(user: User, channel: str) -> None:
    if channel not in business_of(user).limits.channels:
        reason = "Your tier does not have this channel."
        raise Forbidden(reason, code="channel_not_allowed", fields={"channel": reason})
    if not verifying.can_verify():
        raise Unavailable("Phones cannot be verified here", code="channel_unavailable")


def _number(user: User, text: str) -> str:
    region = region_of(clock_of(user).key)
    try:
        return e164(text, region=region, regions=settings.PHONE_REGIONS)
    except NotAPhone as error:
        raise InvalidInput(fields={"number": str(error)}) from None


def _stored(user: User, channel: str, number: str, *, now: datetime) -> Address:
    heard = last_heard(channel, number) if channel == WHATSAPP else None
    details = {"inbound_at": heard.isoformat()} if heard else None
    return add_address(user, channel, number, hint=masked(number), details=details, now=now)


def _own(row: Address, user: User, *, source: Consent.Source, now: datetime) -> None:
    verify_address(row, now=now)
    set_consent(user, row.channel, granted=True, source=source, now=now)


def _limit_verifications(user: User, number: str) -> None:
    _limit(
        "phone-verification",
        user,
        number,
        per_minute=settings.PHONE_VERIFICATIONS_PER_MINUTE,
        burst=settings.PHONE_VERIFICATIONS_AT_ONCE,
    )


def _limit(
    what: str, user: User, number: str = "", *, per_minute: int, burst: int | None = None
) -> None:
    keys = [f"{what}:user:{user.pk}", *([f"{what}:number:{number}"] if number else [])]
    limits = [Limit(key=key, per_minute=per_minute, burst=burst) for key in keys]
    [wait] = limiter("closed").check([limits])
    if wait:
        raise RateLimited(retry_after=wait)


def _send_code(user: User, row: Address, *, now: datetime) -> None:
    cost = Asked(
        key=row.pk,
        user_id=user.pk,
        business_id=business_of(user).pk,
        channel=row.channel,
        micros=settings.PHONE_VERIFICATION_PRICE_MICROS,
    )
    with transaction.atomic():
        refused = reserve([cost], now=now)
    if refused:
        raise RateLimited("No more money may be spent on this now", code="spend_cap")
    try:
        _asked(verifying.start(row.value, row.channel))
    except DeliveryError as error:
        with transaction.atomic():
            give_back([(cost, now)])
        raise _unsent(error) from error


def _verdict(number: str, code: str) -> Verdict:
    if not _CODE.fullmatch(code):
        return Verdict.WRONG
    try:
        return _asked(verifying.check(number, code))
    except DeliveryError as error:
        raise _unsent(error) from error


def _asked(question: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Not inside a transaction. Raises DeliveryError, and Unavailable where nobody knows."""
    try:
        return background.run(
            question, timeout_seconds=settings.SEND_DEADLINE_SECONDS + _GRACE_SECONDS
        )
    except (DeliveryUnclear, TimeoutError) as error:
        raise Unavailable(
            "Nobody knows whether that worked: try again", code="external_service_error"
        ) from error


def _unsent(error: DeliveryError) -> InvalidInput | RateLimited | Unavailable:
    if error.code in verifying.UNUSABLE:
        return InvalidInput(fields={"number": "No code can be sent to this number."})
    if error.code in verifying.TOO_OFTEN:
        return RateLimited("Too many codes were sent to this number", code="too_many_codes")
    return Unavailable(
        "Codes cannot be sent now", code="external_service_error", retry_after=error.retry_after
    )


def _refused(verdict: Verdict) -> InvalidInput | RateLimited:
    match verdict:
        case Verdict.TOO_MANY:
            return RateLimited("Too many wrong codes: ask for a new one", code="too_many_codes")
        case Verdict.EXPIRED:
            reason = "This code is over: ask for a new one."
            return InvalidInput(reason, code="code_expired", fields={"code": reason})
    reason = "This is not the code that was sent."
    return InvalidInput(reason, code="invalid_code", fields={"code": reason})
