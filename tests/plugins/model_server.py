"""A language model on a local port, in OpenAI's and Anthropic's wire format, well or ill.

    with model_server(answering()) as server:
        …                       # POST {server.url}/v1/chat/completions or {server.url}/v1/messages
        server.script = rate_limited(7)

A script decides what one call gets; `server.calls` are the calls as they came.
"""

import json
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from pytest_django import Settings

from tests.core.http.servers import Server, serving

OPINION: dict[str, Any] = {
    "priority": 6,
    "action_required": True,
    "category": "partnership",
    "relevance": 0.8,
    "sentiment": 0.4,
    "risk": "low",
    "confidence": 0.9,
    "reason": "A partner proposes a meeting about the contract.",
    "suggested_action": "Answer before Friday.",
}
INSIGHT: dict[str, Any] = {
    "detailed_insight": "The partner wants to extend the contract by a year.",
    "recommended_actions": ["Answer before Friday.", "Ask for the draft."],
    "urgency_assessment": "It can wait until tomorrow.",
}
HIJACKED_LINK = "https://evil.example/login"
PROMPT_TOKENS = 1_200
COMPLETION_TOKENS = 80


@dataclass(frozen=True)
class Call:
    """One request as it came, and the connection on which to answer it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    connection: socket.socket
    server: Server

    @property
    def system(self) -> str:
        if self.path == "/v1/messages":
            return str(self.body["system"])
        return str(self.body["messages"][0]["content"])

    @property
    def user(self) -> str:
        return str(self.body["messages"][-1]["content"])

    @property
    def wants_insights(self) -> bool:
        return "detailed_insight" in json.dumps(self.body)

    def envelope(self, text: str) -> bytes:
        """What a well-meaning API wraps a model's `text` in; it need not be JSON."""
        if self.path == "/v1/messages":
            return _message(self.body, text)
        return _completion(self.body, text)

    def say(self, text: str) -> None:
        self.send(_http(self.envelope(text)))

    def send(self, raw: bytes) -> None:
        self.connection.sendall(raw)

    def wait(self, seconds: float) -> None:
        """Or until the server stops."""
        self.server.stopping.wait(seconds)


Script = Callable[[Call], None]


class ModelServer:
    """`url` has no path; `calls` grows with every request."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.calls: list[Call] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket, server: Server) -> None:
        while raw := server.read_request(connection):
            call = _parsed(raw, connection, server)
            self.calls.append(call)
            self.script(call)

    def use_for(self, settings: Settings) -> None:
        """Make both vendors' plug-ins ask this server."""
        settings.HTTP_ALLOW_PRIVATE = [f"127.0.0.1:{self.port}"]
        settings.HTTP_ALLOW_HTTP = True
        settings.OPENAI_BASE_URL = f"{self.url}/v1"
        settings.OPENAI_API_KEY = "sk-test"
        settings.OPENAI_MODEL = "gpt-test"
        settings.ANTHROPIC_BASE_URL = self.url
        settings.ANTHROPIC_API_KEY = "sk-ant-test"
        settings.ANTHROPIC_MODEL = "claude-test"


@contextmanager
def model_server(script: Script | None = None) -> Iterator[ModelServer]:
    models = ModelServer(script or answering())
    with serving(models.serve) as server:
        models.port = server.port
        yield models


def answering(**changes: Any) -> Script:
    """The usual opinion (or insight, where one is asked for) with these changes."""

    def script(call: Call) -> None:
        usual = INSIGHT if call.wants_insights else OPINION
        call.say(json.dumps(usual | changes))

    return script


def slow(seconds: float) -> Script:
    def script(call: Call) -> None:
        call.wait(seconds)
        call.say(json.dumps(OPINION))

    return script


def unless(orders: str, usual: Script, otherwise: Script) -> Script:
    """`otherwise` for calls whose orders hold `orders`."""
    return lambda call: (otherwise if orders in call.system else usual)(call)


def together(calls: int) -> Script:
    """Nobody is answered before so many calls are here at the same time; 5 s at most."""
    here = Barrier(calls)

    def script(call: Call) -> None:
        here.wait(timeout=5.0)
        call.say(json.dumps(OPINION))

    return script


def dripping_head(call: Call) -> None:
    """A header that never ends, 20 ms a byte."""
    _drip(call, b"HTTP/1.1 200 OK\r\nX-Drip: ", b"a")


def dripping_body(call: Call) -> None:
    """A body that seems to come, 20 ms a byte: no time limit of a single read ever passes."""
    start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
    _drip(call, start, b" ")


def rate_limited(retry_after: int | str = 7) -> Script:
    def script(call: Call) -> None:
        body = b'{"error": {"type": "rate_limit_error", "message": "slower"}}'
        call.send(_http(body, "429 Too Many Requests", f"Retry-After: {retry_after}"))

    return script


def failing(status: str = "500 Internal Server Error") -> Script:
    def script(call: Call) -> None:
        call.send(_http(b'{"error": {"type": "api_error", "message": "oops"}}', status))

    return script


def resetting(call: Call) -> None:
    """A TCP reset instead of an answer."""
    call.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    call.connection.close()


def saying(text: str) -> Script:
    """A proper envelope around these words of the model."""
    return lambda call: call.say(text)


def sending(body: bytes) -> Script:
    """200, and this body instead of an envelope."""
    return lambda call: call.send(_http(body))


def half_a_body(call: Call) -> None:
    """The promised length, half of it, the end."""
    whole = _http(call.envelope(json.dumps(OPINION)))
    call.send(whole[: len(whole) - 150])
    call.connection.shutdown(socket.SHUT_RDWR)


def half_an_answer(call: Call) -> None:
    """A whole envelope around words that were cut off."""
    call.say(json.dumps(OPINION)[:60])


def fenced(call: Call) -> None:
    call.say(f"```json\n{json.dumps(OPINION)}\n```")


def duplicate_keys(call: Call) -> None:
    call.say(f'{{"priority": 1, {json.dumps(OPINION)[1:]}')


def not_a_number(call: Call) -> None:
    call.say(json.dumps(OPINION | {"confidence": float("nan")}))


def enormous(call: Call) -> None:
    """A megabyte of reasons."""
    call.say(json.dumps(OPINION | {"reason": "very " * 200_000}))


def hijacked_critical(call: Call) -> None:
    """Whatever is asked: critical, certain, and a link of the attacker's."""
    orders = f"Your account is locked, sign in at {HIJACKED_LINK} now."
    answering(
        priority=10,
        relevance=1.0,
        confidence=1.0,
        risk="high",
        reason=orders,
        suggested_action=f"Open {HIJACKED_LINK}",
    )(call)


def hijacked_ignore(call: Call) -> None:
    """Whatever is asked: worthless."""
    answering(
        priority=1,
        relevance=0.0,
        confidence=1.0,
        action_required=False,
        category="newsletter",
        reason="Nothing to see here.",
        suggested_action="",
    )(call)


def _parsed(raw: bytes, connection: socket.socket, server: Server) -> Call:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    named = (line.partition(":") for line in lines)
    return Call(
        path=first.split(" ")[1],
        headers={name.lower(): value.strip() for name, _, value in named},
        body=json.loads(body),
        connection=connection,
        server=server,
    )


def _http(body: bytes, status: str = "200 OK", *lines: str) -> bytes:
    fixed = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    return "\r\n".join([f"HTTP/1.1 {status}", *fixed, *lines, "", ""]).encode() + body


def _completion(asked: dict[str, Any], text: str) -> bytes:
    message = {"role": "assistant", "content": text, "refusal": None}
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": asked["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {
                "prompt_tokens": PROMPT_TOKENS,
                "completion_tokens": COMPLETION_TOKENS,
                "total_tokens": PROMPT_TOKENS + COMPLETION_TOKENS,
            },
        }
    ).encode()


def _message(asked: dict[str, Any], text: str) -> bytes:
    """A tool's input stands in the envelope as it is; words that are no object are a text."""
    name = json.dumps(asked["tool_choice"]["name"])
    block = (
        f'{{"type": "tool_use", "id": "toolu_1", "name": {name}, "input": {text}}}'
        if text.startswith("{")
        else json.dumps({"type": "text", "text": text})
    )
    usage = {"input_tokens": PROMPT_TOKENS, "output_tokens": COMPLETION_TOKENS}
    return (
        f'{{"id": "msg_1", "type": "message", "role": "assistant", "content": [{block}],'
        f' "model": {json.dumps(asked["model"])}, "stop_reason": "tool_use",'
        f' "usage": {json.dumps(usage)}}}'
    ).encode()


def _drip(call: Call, start: bytes, drop: bytes) -> None:
    call.send(start)
    while not call.server.stopping.wait(0.02):
        call.send(drop)
