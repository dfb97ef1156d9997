"""TLS before a server, as whoever runs one puts it there: some SDKs send keys no other way."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_HERE = "127.0.0.1"


def certificate(folder: Path) -> Path:
    """A certificate for this machine, and its key, in one file; it vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOW)
        .not_valid_after(_NOW + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(_HERE))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    made = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    path = folder / "certificate.pem"
    path.write_bytes(made + pem)
    return path


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError, asyncio.CancelledError):
        await writer.wait_closed()


@contextmanager
def over_tls(url: str, folder: Path) -> Iterator[tuple[str, str]]:
    """An https address that leads to `url`, and the file of the certificate to trust."""
    file = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    behind = urlsplit(url).port
    ready, stop = threading.Event(), asyncio.Event()
    port, loop = 0, asyncio.new_event_loop()

    connections: set[asyncio.Task[None]] = set()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        await _closed(writer)

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task: Any = asyncio.current_task()
        connections.add(task)
        there, here = await asyncio.open_connection(_HERE, behind)
        try:
            await asyncio.gather(pipe(reader, here), pipe(there, writer))
        except asyncio.CancelledError:
            pass
        finally:
            await _closed(here)
            await _closed(writer)
            connections.discard(task)

    async def serve() -> None:
        nonlocal port
        server: Any = await asyncio.start_server(
            connect, _HERE, 0, ssl=context, ssl_shutdown_timeout=0.1
        )
        port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield f"https://{_HERE}:{port}", str(file)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.run_until_complete(asyncio.sleep(0.05))
        loop.close()
