"""Twilio on a real socket: messages that are kept and listed, and codes that are compared.

What it is to do wrong is said by `wrong`, which takes the whole connection, or by `refuse`.
"""

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "AC" + "0" * 32
TOKEN = "test-token"
SERVICE = "VA" + "0" * 32
_MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
_VERIFY = f"/v2/Services/{SERVICE}"

Answer = tuple[int, Mapping[str, str], bytes]
Form = dict[str, list[str]]


def problem(status: int, code: int, **headers: str) -> Answer:
    """Twilio's error document, which names the number it was about."""
    body = {"code": code, "message": "The number +15005550001 …", "status": status}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, names, json.dumps(body).encode()


@dataclass
class FakeTwilio:
    """`forms` are what was posted; `refuse` answers posts until it is emptied."""

    code: str = "424242"
    forms: list[Form] = field(default_factory=list)
    queries: list[Form] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    checks: int = 0
    refuse: list[Answer] = field(default_factory=list)
    wrong: Callable[[Any], None] | None = None
    authorizations: set[str] = field(default_factory=set)
    url: str = ""

    @property
    def authority(self) -> str:
        return urlsplit(self.url).netloc

    def post(self, path: str, form: Form) -> Answer:
        self.forms.append(form)
        if self.refuse:
            return self.refuse.pop(0)
        match path.removeprefix(_VERIFY):
            case "/Verifications":
                self.checks = 0
                return _document(201, {"sid": "VE" + "1" * 32, "status": "pending"})
            case "/VerificationCheck":
                return self._check(form["Code"][0])
        if path != _MESSAGES:
            return problem(404, 20404)
        return _document(201, self.add(form))

    def add(self, form: Form, *, at: datetime | None = None, **values: Any) -> dict[str, Any]:
        """A message as Twilio keeps it."""
        moment = format_datetime((at or datetime.now(UTC)).replace(microsecond=0))
        row = {
            "sid": f"SM{len(self.messages):032d}",
            "to": form["To"][0],
            "body": form.get("Body", [""])[0],
            "status": "queued",
            "num_segments": "1",
            "error_code": None,
            "direction": "outbound-api",
            "date_created": moment,
            "date_sent": moment,
            **values,
        }
        self.messages.insert(0, row)
        return row

    def list(self, path: str, query: Form) -> Answer:
        self.queries.append(query)
        if self.refuse:
            return self.refuse.pop(0)
        since = datetime.fromisoformat(query["DateSent>"][0])
        rows = [
            row
            for row in self.messages
            if row["to"] == query["To"][0] and _sent(row) >= since.replace(microsecond=0)
        ]
        page, size = int(query.get("Page", ["0"])[0]), int(query["PageSize"][0])
        part = rows[page * size : (page + 1) * size]
        more = f"{path}?To={query['To'][0].replace('+', '%2B')}&PageSize={size}&Page={page + 1}"
        more += f"&DateSent%3E={query['DateSent>'][0].replace('+', '%2B')}"
        end = (page + 1) * size >= len(rows)
        return _document(
            200, {"messages": part, "next_page_uri": None if end else more, "page": page}
        )

    def _check(self, code: str) -> Answer:
        self.checks += 1
        status = "approved" if code == self.code else "pending"
        return _document(
            201, {"sid": "VE" + "1" * 32, "status": status, "valid": code == self.code}
        )


def _sent(row: Mapping[str, Any]) -> datetime:
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(row["date_sent"])


def _document(status: int, body: object) -> Answer:
    return status, {}, json.dumps(body).encode()


@contextmanager
def serving_twilio() -> Iterator[FakeTwilio]:
    fake = FakeTwilio()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            form = parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True)
            self._answer(lambda path: fake.post(path, form))

        def do_GET(self) -> None:
            self._answer(lambda path: fake.list(path, parse_qs(urlsplit(self.path).query)))

        def _answer(self, of: Callable[[str], Answer]) -> None:
            fake.authorizations.add(base64.b64decode(self.headers["Authorization"][6:]).decode())
            if fake.wrong is not None:
                self.close_connection = True
                with suppress(OSError):
                    fake.wrong(self)
                return
            status, headers, body = of(urlsplit(self.path).path)
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: what is asked holds numbers."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
