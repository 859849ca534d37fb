"""The two addresses in the spelling that psql, psycopg, django-environ and redis-py all read."""

from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

DATABASE_NAME = "vigil"


def database_url(sockets: Path) -> str:
    """
    >>> database_url(Path("/run/vigil"))
    'postgresql://postgres@/vigil?host=/run/vigil'
    """
    return f"postgresql://postgres@/{DATABASE_NAME}?host={sockets}"


def redis_url(sockets: Path) -> str:
    """
    >>> redis_url(Path("/run/vigil"))
    'unix:///run/vigil/redis.sock?db=0'
    """
    return f"unix://{sockets}/redis.sock?db=0"


def shift_redis_database(url: str, steps: int) -> str:
    """The same server, `steps` databases further, so that parallel test runs never meet.

    >>> shift_redis_database("unix:///run/redis.sock?db=0", 2)
    'unix:///run/redis.sock?db=2'
    >>> shift_redis_database("redis://localhost:6379", 1)
    'redis://localhost:6379/1'
    """
    parts = urlsplit(url)
    if parts.scheme == "unix":
        query = dict(parse_qsl(parts.query))
        query["db"] = str(int(query.get("db", "0")) + steps)
        return f"unix://{parts.netloc}{parts.path}?{urlencode(query)}"
    current = int(parts.path.strip("/") or "0")
    return urlunsplit(parts._replace(path=f"/{current + steps}"))
