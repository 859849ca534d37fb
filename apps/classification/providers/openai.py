"""OpenAI, and whatever speaks like it: the vendor's SDK over our one HTTP client.

The SDK writes the request and its strict schema and reads the completion. Connections, deadline,
size and status are the guarded client's: a transport of ours stands where the SDK's would.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Final

from django.conf import settings
from pydantic import ValidationError

from apps.classification.engines.answers import (
    DocumentT,
    UnreadableAnswer,
    parsed,
    schema_broken,
)
from apps.classification.engines.prompting import Prompt
from apps.classification.providers.base import Failure, ProviderError
from apps.classification.providers.loops import ClientsByLoop
from apps.classification.providers.structured import (
    Completion,
    StructuredProvider,
    charged,
    usage_of,
)
from apps.classification.providers.wire import exchange
from apps.core.http.types import Request

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

# The guarded client writes these itself.
_CONNECTION_HEADERS: Final = frozenset(
    {"host", "content-length", "connection", "transfer-encoding", "accept-encoding", "user-agent"}
)


class OpenAIProvider(StructuredProvider):
    """Asks OPENAI_MODEL at OPENAI_BASE_URL with OPENAI_API_KEY."""

    def __init__(self) -> None:
        self._clients: ClientsByLoop[AsyncOpenAI] = ClientsByLoop()

    def prepare(self) -> None:
        """Half a second and 50 MB, only where a model is asked."""
        import_module("openai.resources.chat")

    async def complete(
        self, prompt: Prompt, document: type[DocumentT], *, deadline_seconds: float
    ) -> Completion[DocumentT]:
        if not settings.OPENAI_API_KEY:
            raise ProviderError(Failure.REFUSED, "OPENAI_API_KEY is not set")
        # Mostly prepared already; if not, then not in the loop's thread.
        await asyncio.to_thread(self.prepare)
        credentials = (settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY)
        client = await self._clients.get(credentials, _make_client)
        with _readable():
            # Raw, since the SDK's parser refuses an answer before it tells what was counted.
            raw = await client.chat.completions.with_raw_response.parse(
                model=settings.OPENAI_MODEL,
                messages=[
                    {"role": "system", "content": prompt.system},
                    {"role": "user", "content": prompt.user},
                ],
                response_format=document,
                max_completion_tokens=settings.MODEL_MAX_ANSWER_TOKENS,
                timeout=deadline_seconds,
            )
            usage = usage_of(
                raw.http_response.json(),
                model=settings.OPENAI_MODEL,
                prompt="prompt_tokens",
                completion="completion_tokens",
            )
        with charged(usage), _readable():
            # Read again: the SDK's parser takes the last of two equal keys.
            content = str(raw.parse().choices[0].message.content)
            return Completion(document=parsed(content, document), usage=usage)


@contextmanager
def _readable() -> Iterator[None]:
    """The SDK builds its objects without looking, so any attribute may be of any type."""
    try:
        yield
    except (ProviderError, UnreadableAnswer):
        raise
    except ValidationError as error:
        raise schema_broken(error) from None
    except _sdk_errors() as error:
        raise UnreadableAnswer(f"The SDK cannot read it ({type(error).__name__})") from None


def _sdk_errors() -> tuple[type[Exception], ...]:
    """The SDK's own, its parser's (ValueError), and those of a completion of another shape."""
    from openai import OpenAIError

    return (OpenAIError, ValueError, TypeError, AttributeError, LookupError)


def _make_client() -> "AsyncOpenAI":
    import httpx2
    from openai import AsyncOpenAI

    class GuardedTransport(httpx2.AsyncBaseTransport):
        """The SDK's way out, made here because the vendor's package is imported here."""

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            return await _through_guarded_client(request)

    return AsyncOpenAI(
        api_key=settings.OPENAI_API_KEY,
        base_url=settings.OPENAI_BASE_URL,
        max_retries=0,
        http_client=httpx2.AsyncClient(
            transport=GuardedTransport(), trust_env=False, follow_redirects=False
        ),
    )


async def _through_guarded_client(request: "httpx2.Request") -> "httpx2.Response":
    """Our errors pass the SDK as they are: it translates those of its own HTTP library only."""
    import httpx2

    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in _CONNECTION_HEADERS
    }
    response, _ = await exchange(
        Request(
            method=request.method,
            url=str(request.url),
            headers=headers,
            body=await request.aread(),
        ),
        deadline_seconds=request.extensions["timeout"]["read"],
    )
    return httpx2.Response(
        response.status, headers={"Content-Type": "application/json"}, content=response.body
    )
