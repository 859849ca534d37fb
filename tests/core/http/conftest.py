import asyncio
import datetime
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from apps.core.http.client import GuardedClient
from apps.core.http.resolver import Lookup, system_lookup
from apps.core.http.types import Policy, Request, Response
from tests.core.http.servers import Handler, Server, serving

Serve = Callable[..., Server]


@dataclass(frozen=True)
class Tls:
    """Both ends of a connection to `vigil.test`, trusted by nobody else."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(handler: Handler, tls: ssl.SSLContext | None = None) -> Server:
            return stack.enter_context(serving(handler, tls))

        yield start


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    certificate, key = _self_signed("vigil.test", tmp_path_factory.mktemp("tls"))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return Tls(server=server, client=ssl.create_default_context(cafile=str(certificate)))


def send(
    policy: Policy,
    *requests: Request,
    deadline_seconds: float = 5.0,
    lookup: Lookup = system_lookup,
    ssl_context: ssl.SSLContext | None = None,
) -> list[Response]:
    """Send the requests one after the other with one client."""

    async def run() -> list[Response]:
        async with GuardedClient(policy, lookup=lookup, ssl_context=ssl_context) as client:
            return [await client.send(one, deadline_seconds=deadline_seconds) for one in requests]

    return asyncio.run(run())


def _self_signed(name: str, folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file
