"""A server that answers badly, or not at all, is told of in words."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.cli import client
from changeover.cli.client import DeskError, DeskUnreachableError, Remote, part
from changeover.wiring.places import desk_socket


@contextmanager
def server(data: Path, answer: Callable[[socket.socket], None]) -> Iterator[Remote]:
    """A desk whose one connection is answered so."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(desk_socket(data)))
        listening.listen()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                answer(connection)

        serving = threading.Thread(target=serve)
        serving.start()
        yield Remote(data)
        serving.join(5)


def says(status: str, body: bytes) -> Callable[[socket.socket], None]:
    head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("500 Internal Server Error", b"Internal Server Error"),
        ("200 OK", b""),
        ("200 OK", b"\xff"),
        ("502 Bad Gateway", b"[]"),
        ("502 Bad Gateway", b'{"error": "none"}'),
        ("502 Bad Gateway", b'{"error": {}}'),
    ],
)
def test_an_answer_that_cannot_be_read(tmp_path: Path, status: str, body: bytes):
    with (
        server(tmp_path, says(status, body)) as remote,
        pytest.raises(DeskUnreachableError, match="no readable words") as caught,
    ):
        remote.get("/orders")
    assert status[:3] in caught.value.what
    assert "not known" in caught.value.means


def test_a_refusal_keeps_its_words(tmp_path: Path):
    body = b'{"error": {"code": "conflict", "what": "It stands.", "means": "m", "do": "d"}}'
    with server(tmp_path, says("409 Conflict", body)) as remote, pytest.raises(DeskError) as caught:
        remote.post("/orders", {})
    assert (caught.value.code, str(caught.value)) == ("conflict", "It stands. m d")


def test_a_connection_that_closes(tmp_path: Path):
    with (
        server(tmp_path, lambda connection: connection.close()) as remote,
        pytest.raises(DeskUnreachableError, match="broke off"),
    ):
        remote.get("/orders")


def test_a_server_that_stays_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "_TIMEOUT", 0.2)
    done = threading.Event()

    def wait(_: socket.socket) -> None:
        done.wait(5)

    with server(tmp_path, wait) as remote:
        with pytest.raises(DeskUnreachableError, match="did not answer within"):
            remote.get("/orders")
        done.set()


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_is_no_part_of_an_address(name: str):
    with pytest.raises(InvalidInputError, match="names nothing on the desk"):
        part(name)


@pytest.mark.parametrize("name", ["a\nb", "a\0b", "x" * 70_000])
def test_a_name_that_no_address_can_hold(tmp_path: Path, name: str):
    with pytest.raises(InvalidInputError, match="names nothing on the desk"):
        Remote(tmp_path).get(f"/orders/{name}")
