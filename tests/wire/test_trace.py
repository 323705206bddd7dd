from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pgiris.wire import layout, trace
from pgiris.wire.messages import Message
from pgiris.wire.trace import backend_lines, frontend_line
from tests.support.servers import Server
from tests.wire import libpq_client, samples
from tests.wire.samples import Sample


@pytest.mark.parametrize(
    "sample", [*samples.STARTUP, *samples.RESPONSES, *samples.FRONTEND], ids=lambda sample: type(sample.message).__name__
)
def test_a_line_of_what_a_client_sends(sample: Sample) -> None:
    assert frontend_line(sample.message) == f"F\t{sample.trace}"


def test_lines_of_what_a_server_sends() -> None:
    data = b"".join(sample.wire for sample in samples.BACKEND)
    assert list(backend_lines(data)) == [f"B\t{sample.trace}" for sample in samples.BACKEND]


def test_no_secret_is_shown() -> None:
    """Whatever has a field of such a name or of any bytes, but is no data, is hidden or listed here."""
    open_to_all = {"CopyData", "AuthenticationMD5Password"}
    for cls in (*layout.FRONTEND.values(), *layout.BACKEND.values(), *layout.AUTHENTICATION.values(), *layout.STARTUP.values()):
        secret = {name for name, kind in zip(cls.names, cls.kinds, strict=True) if kind.name == "Byten"}
        assert secret == trace.SECRETS.get(cls, frozenset()) or cls.__name__ in open_to_all


# ---------------------------------------------------------------------------------------------- beside libpq


class Recorder:
    """Passes bytes on between a client and a server, and keeps them."""

    def __init__(self, server: Server) -> None:
        self.sent, self.received = bytearray(), bytearray()
        self._listener = socket.create_server((server.host, 0))
        self.port = int(self._listener.getsockname()[1])
        self._there = (server.host, server.port)
        self._thread = threading.Thread(target=self._run)

    @contextmanager
    def running(self) -> Iterator[Recorder]:
        self._thread.start()
        yield self
        self._thread.join(10)
        self._listener.close()

    def _run(self) -> None:
        client, _ = self._listener.accept()
        with client, socket.create_connection(self._there) as server:
            back = threading.Thread(target=self._pump, args=(server, client, self.received))
            back.start()
            self._pump(client, server, self.sent)
            back.join(10)

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket, kept: bytearray) -> None:
        while data := source.recv(65536):
            kept += data
            target.sendall(data)
        with suppress(OSError):  # it may have closed before
            target.shutdown(socket.SHUT_WR)


def frontend_messages(data: bytes) -> Iterator[Message]:
    while data:
        end = 1 + int.from_bytes(data[1:5], "big")
        yield layout.FRONTEND[data[:1]].decode(data[5:end])
        data = data[end:]


def test_lines_are_libpqs(postgres: Server, tmp_path: Path) -> None:
    file = tmp_path / "trace"
    with Recorder(postgres).running() as recorder:
        dsn = postgres.dsn(port=recorder.port, sslmode="disable", gssencmode="disable")
        subprocess.run([sys.executable, "-m", libpq_client.__name__, dsn, str(file)], check=True, timeout=30)
    lines = file.read_text().splitlines()
    login = int.from_bytes(recorder.sent[:4], "big")
    sent = [frontend_line(message) for message in frontend_messages(bytes(recorder.sent[login:]))]
    received = list(backend_lines(bytes(recorder.received)))
    received = received[received.index("B\t5\tReadyForQuery\t I") + 1 :]
    assert sent == [line for line in lines if line.startswith("F")]
    assert received == [line for line in lines if line.startswith("B")]
    assert len({line.split("\t")[2] for line in lines}) >= 24
