"""Bots of an Automation Anywhere control room: one that mails, one that posts to Teams (seed 004).

A deployment is asked for once and carries the message as the bot's input. The control room knows
no idempotency key, so what got no answer is unclear; its `deploymentId` is the receipt's id.

The bots reach whom their owner made them for, not a person: the channel has no addresses.
"""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings

from apps.core.engines.circuit import Outcome
from apps.core.http.types import Request, Response
from apps.notifications.channels.base import (
    DeliveryError,
    DeliveryUnclear,
    Message,
    OnUnknown,
    Receipt,
    Target,
)
from apps.notifications.channels.control_room import Tokens, control_room_url
from apps.notifications.channels.posting import post, refused
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.engines.sinks import Sink, encode

_PATHS = {"v3": "/v3/automations/deploy", "v4": "/v4/automations/deploy"}


class BotChannel(RemoteChannel):
    """`bot_setting` names the setting with the bot's id, which is 0 where there is none."""

    addressed: ClassVar[bool] = False
    on_unknown: ClassVar[OnUnknown] = OnUnknown.HOLD
    bot_setting: ClassVar[str]
    medium: ClassVar[str]

    def __init__(self) -> None:
        self._tokens = Tokens()

    def providers(self, target: Target) -> Sequence[str]:
        host = urlsplit(settings.AA_CONTROL_ROOM_URL).hostname
        ready = host and settings.AA_USERNAME and self._bot_id()
        return (f"automation_anywhere:{host}",) if ready else ()

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        if not self.providers(target):
            raise DeliveryError("No such bot is set up", permanent=True, code="not_set_up")
        body = json.dumps(self._order(message)).encode()
        response = await self._deploy(body)
        if response.status == HTTPStatus.UNAUTHORIZED:
            # The token was withdrawn before its time. Nothing was deployed: once more.
            self._tokens.forget()
            response = await self._deploy(body)
        if error := refused(response):
            error.permanent = error.permanent and response.status not in (
                HTTPStatus.UNAUTHORIZED,
                HTTPStatus.FORBIDDEN,
            )
            raise error
        return Receipt(provider_message_id=_deployment_id(response))

    async def _deploy(self, body: bytes) -> Response:
        token = await self._tokens.current()
        path = settings.AA_DEPLOY_PATH or _PATHS[settings.AA_DEPLOY_VERSION]
        headers = {"content-type": "application/json", "x-authorization": token}
        return await post(
            Request(method="POST", url=control_room_url(path), headers=headers, body=body)
        )

    def _order(self, message: Message) -> dict[str, Any]:
        people = {"runAsUserIds": settings.AA_RUN_AS_USER_IDS, "poolIds": settings.AA_POOL_IDS}
        if settings.AA_DEPLOY_VERSION == "v4":
            return {
                "botId": self._bot_id(),
                "automationName": f"Vigil {message.ref}",
                "automationPriority": "PRIORITY_MEDIUM",
                "unattendedRequest": people,
                "botInput": self._input(message),
            }
        return {
            "fileId": self._bot_id(),
            **people,
            "overrideDefaultDevice": False,
            "botInput": self._input(message),
        }

    def _input(self, message: Message) -> dict[str, dict[str, str]]:
        """Variables of the bot, all of them texts. `sKey` stays the same when it is sent again."""
        values = {
            "sChannel": self.medium,
            "sKey": str(message.key),
            "sTitle": encode(message.title, Sink.HEADER),
            "sBody": encode(message.body, Sink.PLAIN),
            "sCategory": message.category,
            "sPriority": str(message.priority),
            "sLink": message.links.open,
        }
        return {name: {"type": "STRING", "string": value} for name, value in values.items()}

    def _bot_id(self) -> int:
        return int(getattr(settings, self.bot_setting))


class EmailBot(BotChannel):
    bot_setting = "AA_EMAIL_BOT_ID"
    medium = "email"


class TeamsBot(BotChannel):
    bot_setting = "AA_TEAMS_BOT_ID"
    medium = "teams"


def _deployment_id(response: Response) -> str:
    try:
        answer = json.loads(response.body)
    except (ValueError, RecursionError):
        answer = None
    found = answer.get("deploymentId") if isinstance(answer, dict) else None
    if not isinstance(found, str) or not found:
        raise DeliveryUnclear("It named no deployment", fault=Outcome.SUCCESS)
    return found[:120]
