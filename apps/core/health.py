"""Is this process able to work: probes with a deadline, and details for those who may see them.

Details are for a peer inside `HEALTH_NETWORKS` (loopback by default) or with `HEALTH_TOKEN` as its
bearer token; everybody else sees only which probe fails.
"""

import hmac
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from typing import Any, TypeAlias

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from apps.core import redis
from apps.core.log_values import plain

PROBE_SECONDS = 1.0
RETRY_SECONDS = 5
_THREADS = 4
_LOOPBACK = ("127.0.0.0/8", "::1/128")

# Returns details (JSON values only), or raises when the thing it asks is not well.
Probe: TypeAlias = Callable[[], Mapping[str, Any]]

_probes: dict[str, Probe] = {}


def register_probe(name: str, probe: Probe) -> None:
    """Make `probe` part of /health under `name`; a second one of that name replaces the first."""
    _probes[name] = probe


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """GET /health: every probe; 200 `ok`, or 503 `failing` when one of them fails."""
    return _answer(request, list(_probes))


@require_safe
def health_redis(request: HttpRequest) -> HttpResponse:
    """GET /health/redis."""
    return _answer(request, ["redis"])


@require_safe
def health_db(request: HttpRequest) -> HttpResponse:
    """GET /health/db."""
    return _answer(request, ["database"])


def run_probes(
    names: Iterable[str], *, seconds: float = PROBE_SECONDS
) -> dict[str, dict[str, Any]]:
    """Name → `{"status": "ok" | "failing", …details}`, within `seconds`. Never raises."""
    started = {name: _pool().submit(_run, name) for name in names}
    wait(started.values(), timeout=seconds)
    return {name: _result(future, seconds) for name, future in started.items()}


def may_see_details(request: HttpRequest) -> bool:
    """Whether the peer is in an allowed network or knows the token."""
    token: str = getattr(settings, "HEALTH_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return _is_allowed_peer(request)


def _answer(request: HttpRequest, names: list[str]) -> HttpResponse:
    checks = run_probes(names)
    well = all(check["status"] == "ok" for check in checks.values())
    if not may_see_details(request):
        checks = {name: {"status": check["status"]} for name, check in checks.items()}
    response = JsonResponse(
        {"status": "ok" if well else "failing", "checks": checks}, status=200 if well else 503
    )
    response["Cache-Control"] = "no-store"
    if not well:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _run(name: str) -> dict[str, Any]:
    details: dict[str, Any] = plain(dict(_probes[name]()))
    return details


def _result(future: Future[dict[str, Any]], seconds: float) -> dict[str, Any]:
    if not future.done():
        future.cancel()
        return {"status": "failing", "error": f"no answer within {seconds:g} s"}
    error = future.exception()
    if error is not None:
        return {"status": "failing", "error": plain(f"{type(error).__name__}: {error}")[:300]}
    return {**future.result(), "status": "ok"}


def _is_allowed_peer(request: HttpRequest) -> bool:
    """A proxy of ours hides its client, so behind one the forwarded address counts."""
    proxies: int = settings.TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    peer = request.META.get("REMOTE_ADDR", "")
    hops = [*(part for part in forwarded if part), peer]
    if len(hops) <= proxies or (proxies == 0 and len(hops) > 1):
        return False
    networks = getattr(settings, "HEALTH_NETWORKS", _LOOPBACK)
    try:
        address = ipaddress.ip_address(hops[-1 - proxies])
        return any(address in ipaddress.ip_network(network) for network in networks)
    except ValueError:
        return False


@cache
def _pool() -> ThreadPoolExecutor:
    """Few threads on purpose: probes that hang cannot pile up connections."""
    return ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="health")


def _probe_redis() -> Mapping[str, Any]:
    return {"used_memory_bytes": redis.client().info("memory")["used_memory"]}


def _probe_database() -> Mapping[str, Any]:
    """Runs in a thread of the pool, whose connection Django would otherwise never close."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), pg_is_in_recovery()")
            version, in_recovery = cursor.fetchone()
        return {"version": version, "read_only": in_recovery}
    finally:
        connection.close()


register_probe("database", _probe_database)
register_probe("redis", _probe_redis)
