"""Starting workers: a warm parent process forks them, so that one more worker costs milliseconds and shares its code's memory.

The front starts one *nursery* with ``python -m pgiris.backend.worker.spawn FD`` and sends it the worker's ends of two socket
pairs over the Unix socket FD; the nursery forks, answers the new process id, and reaps it when it ends. Each process ends
when the front's end of its socket closes, so nothing outlives a front, not even one that was killed.

Measured on a busy 2-core machine: 5 ms for a fork, 20 ms more until its sandbox session is open, 7 MB of memory of its own;
a fresh interpreter takes 1.2 s.
"""

from __future__ import annotations

import array
import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from pgiris.backend.base import Backend, BackendSession, NotingBackend
from pgiris.backend.worker import frames
from pgiris.backend.worker.main import Worker
from pgiris.errors import not_supported
from pgiris.observe.log import get_logger, setup

log = get_logger("worker")

PID_BYTES = 4


@dataclass(frozen=True)
class Spawned:
    """A new worker as the front sees it: the front's ends of its sockets, its process id, and what ends it at once."""

    data: socket.socket
    control: socket.socket
    pid: int
    end: signal.Signals = signal.SIGKILL


class Spawner(Protocol):
    """Whoever starts workers."""

    async def spawn(self) -> Spawned: ...

    def close(self) -> None:
        """Everything that it started has ended, or ends now."""
        ...


class Nursery:
    """The front's side of the process that forks workers."""

    def __init__(self, log_level: str, log_format: str) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno()), log_level, log_format],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the front, which then closes its sockets
            )
        ours.setblocking(False)
        self._socket = ours
        self._lock = asyncio.Lock()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def spawn(self) -> Spawned:
        """Fork one worker. Raises ConnectionError when the nursery is gone."""
        data, worker_data = socket.socketpair()
        control, worker_control = socket.socketpair()
        forking = asyncio.ensure_future(self._fork(worker_data, worker_control))
        try:
            pid = await asyncio.shield(forking)  # whoever stops waiting must not leave the answer to the next one
        except BaseException:
            forking.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody else asks
            data.close()
            control.close()
            raise
        data.setblocking(False)
        control.setblocking(False)
        return Spawned(data, control, pid)

    async def _fork(self, data: socket.socket, control: socket.socket) -> int:
        """Have a worker take these ends of its sockets; its process id."""
        with data, control:
            async with self._lock:
                fds = array.array("i", (data.fileno(), control.fileno()))
                self._socket.sendmsg([b"s"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
                reply = await asyncio.get_running_loop().sock_recv(self._socket, PID_BYTES)
        if len(reply) != PID_BYTES:
            raise ConnectionError("the process that starts workers has ended")
        return int.from_bytes(reply, "big")

    def close(self) -> None:
        """End the nursery; its workers end with their own sockets."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # an answer that is awaited keeps it from closing
        self._socket.close()
        self._process.wait()


def connect(request: frames.Open) -> BackendSession:
    """The backend session that an Open frame asks for."""
    backend = load_backend(request.backend, request.options)
    if request.keeps and isinstance(backend, NotingBackend):
        return backend.connect_for_notes(request.database, request.user)
    return backend.connect(request.database, request.user, request.password)


def load_backend(name: str, options: dict[str, str]) -> Backend:
    if name == "sandbox":
        from pgiris.backend.sandbox import SandboxBackend

        return SandboxBackend(options["path"])
    if name == "dbapi":
        from pgiris.backend.dbapi import DbapiBackend
        from pgiris.backend.dbapi.backend import Options

        return DbapiBackend(Options.of(options))
    if name == "embedded":
        from pgiris.backend.embedded import EmbeddedBackend

        return EmbeddedBackend()
    if name == "catalog":
        from pgiris.catalog.session import CatalogBackend

        return CatalogBackend(options)
    raise not_supported(f'backend "{name}" does not exist')


def _nursery(control: socket.socket) -> None:
    """Fork a worker for each message; ends when the front does."""
    signal.signal(signal.SIGCHLD, lambda *_: _reap())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load_backend_code()
    gc.collect()
    gc.freeze()  # keeps the garbage collector from touching, and so copying, the pages that workers share
    with suppress(BrokenPipeError, ConnectionResetError):  # the front has ended
        _fork_on_demand(control)


def _fork_on_demand(control: socket.socket) -> None:
    while True:
        message, ancillary, _, _ = control.recvmsg(1, socket.CMSG_SPACE(2 * array.array("i").itemsize))
        if not message:
            return
        fds = array.array("i")
        fds.frombytes(ancillary[0][2])
        pid = os.fork()
        if not pid:
            control.close()
            _become_worker(*fds)
        for fd in fds:
            os.close(fd)
        control.sendall(pid.to_bytes(PID_BYTES, "big"))


def load_backend_code() -> None:
    """Import what workers need before they are forked."""
    import pgiris.backend.sandbox  # noqa: F401


def _become_worker(data_fd: int, control_fd: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        with socket.socket(fileno=data_fd) as data, socket.socket(fileno=control_fd) as control:
            Worker(data, control, connect).run()
        status = 0
    except BaseException:
        log.exception("worker ended by an unexpected error")
    finally:
        os._exit(status)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    setup(sys.argv[2], sys.argv[3])
    _nursery(socket.socket(fileno=int(sys.argv[1])))
