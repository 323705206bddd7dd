"""Workers with IRIS inside: how they come up, show who they are, and end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pgiris.backend.base import BackendSession
from pgiris.backend.embedded import EmbeddedBackend, starter
from pgiris.backend.embedded.backend import load_module
from pgiris.backend.embedded.driver import argument, told
from pgiris.backend.embedded.starter import Starter
from pgiris.backend.worker import frames
from pgiris.backend.worker.link import Link
from pgiris.backend.worker.spawn import Spawned
from pgiris.errors import PgError
from tests.support import fake_iris
from tests.support.iris import embedded_backend, embedded_module

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(fake_iris.VARIABLE, str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(fake_iris.EMBEDDED), str(ROOT))))
    return tmp_path


@pytest.fixture
def connect() -> Callable[..., BackendSession]:
    def open_session(namespace: str = "USER", user: str = "_SYSTEM", password: str | None = None) -> BackendSession:
        return embedded_backend().connect(namespace, user, password)

    return open_session


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_worker_connects_back_and_ends_with_its_front() -> None:
    starting = Starter(sys.executable)

    async def use() -> int:
        spawned = await starting.spawn()
        assert spawned.end == signal.SIGTERM
        link = await Link.open(spawned, frames.Open(frames.VERSION, "embedded", {}, "USER", "_SYSTEM", None, 65536))
        reply = await link.request(frames.Prepare(link.next_serial(), "SELECT $NAMESPACE"))
        assert isinstance(reply, frames.Described)
        link.close()
        return spawned.pid

    pid = asyncio.run(use())
    starting.close()
    assert not is_running(pid)


def test_a_stranger_does_not_become_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = tmp_path / "stranger.py"
    stranger.write_text(
        "import socket, sys\n"
        "sock = socket.socket(socket.AF_UNIX); sock.connect(sys.argv[-1]); sock.sendall(b'0' * 64 + b' data 1'); sock.recv(1)\n"
    )
    monkeypatch.setattr(starter, "START_S", 0.5)
    monkeypatch.setattr(starter, "MODULES", {"process": "stranger"})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    starting = Starter(sys.executable)

    async def spawn() -> Spawned:
        return await starting.spawn()

    with pytest.raises(PgError, match="no worker came up inside IRIS") as refused:
        asyncio.run(spawn())
    starting.close()
    assert refused.value.code == "58000"


def test_a_command_that_does_not_exist_is_told() -> None:
    with pytest.raises(PgError, match="/no/irispython cannot be run") as refused:
        asyncio.run(Starter("/no/irispython").spawn())
    assert "iris_python" in (refused.value.hint or "")


def test_another_package_named_iris_is_not_taken_for_embedded_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "iris", sys)
    with pytest.raises(PgError, match="this Python is not inside IRIS"):
        load_module()


def test_a_user_logs_in_within_the_process(connect: Callable[..., BackendSession]) -> None:
    session = connect(user="_SYSTEM", password="SYS")
    assert [tuple(row) for row in session.execute("SELECT $USERNAME", ()).fetch(2)] == [("_SYSTEM",)]
    with pytest.raises(PgError) as refused:
        connect(user="_SYSTEM", password="wrong")
    assert refused.value.code == "28P01"


def test_an_unknown_namespace_is_3d000(connect: Callable[..., BackendSession]) -> None:
    with pytest.raises(PgError) as refused:
        connect("NOWHERE")
    assert refused.value.code == "3D000"


def test_iris_whose_libraries_are_not_all_found_is_refused() -> None:
    """Queries work then, and DDL does not."""
    module = embedded_module()
    classes = module.cls

    class Broken:
        def __init__(self, statement: object) -> None:
            object.__setattr__(self, "statement", statement)

        def __getattr__(self, name: str) -> object:
            return getattr(self.statement, name)

        def __setattr__(self, name: str, value: object) -> None:
            setattr(self.statement, name, value)

        def _Prepare(self, sql: str) -> object:
            if sql.startswith("CREATE"):
                return "0 \x01\x04SQLCODE: -400 Message: <UNIMPLEMENTED>ddtab+82^%qaqpsq"
            return self.statement._Prepare(sql)  # type: ignore[attr-defined]

    class Statements:
        def _New(self) -> Broken:
            return Broken(classes("%SQL.Statement")._New())

    module.cls = lambda name: Statements() if name == "%SQL.Statement" else classes(name)
    with pytest.raises(PgError, match="IRIS's libraries are not all found") as refused:
        EmbeddedBackend(module).connect("USER", "", None)
    assert refused.value.code == "58000"


@pytest.mark.parametrize(
    ("value", "wanted"), [(None, ""), ("", "\0"), ("a", "a"), (b"\xff", "\xff"), (b"", "\0"), (5, 5), (1.5, 1.5)]
)
def test_arguments_are_what_objectscript_understands(value: object, wanted: object) -> None:
    assert argument(value) == wanted  # type: ignore[arg-type]


def test_streams_are_read_to_their_end() -> None:
    class Stream:
        def __init__(self, text: str) -> None:
            self.text, self.at = text, 7

        def Rewind(self) -> None:
            self.at = 0

        def Read(self, size: int) -> str:
            part = self.text[self.at : self.at + size]
            self.at += size
            return part

    text = "Ü" * 100_000
    assert told(Stream(text)) == text
    assert told(Stream("")) == ""
    assert (told(""), told("\0"), told(7)) == (None, "", 7)
