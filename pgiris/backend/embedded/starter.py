"""Starter: workers that have IRIS inside, each a new process that connects back over a Unix socket.

In: the command that runs Python inside IRIS. Out: Spawned. The socket is in a directory that only our user may enter; a worker
shows the token that it was started with, once for each of its two connections, and says its process id.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import secrets
import shlex
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from pgiris import sqlstate
from pgiris.backend.worker.spawn import Spawned
from pgiris.errors import PgError
from pgiris.observe.log import get_logger

log = get_logger("starter")

MODULES = {"process": "pgiris.backend.embedded.worker", "job": "pgiris.backend.embedded.job"}
START_S = 30.0  # the first start of a Python inside IRIS takes seconds
END_S = 10.0  # that a worker has to end when its front is gone
GREETING_BYTES = 200
ROLES = ("data", "control")


class Starter:
    """command: ``irispython``, with arguments if need be. start: a key of MODULES."""

    def __init__(self, command: str, start: str = "process") -> None:
        self._command = [*shlex.split(command), "-m", MODULES[start]]
        self._processes: list[subprocess.Popen[bytes]] = []

    async def spawn(self) -> Spawned:
        """Raises PgError 58000 when no worker comes."""
        token = secrets.token_hex(32)
        with tempfile.TemporaryDirectory(prefix="pgiris-") as directory:
            path = Path(directory) / "worker"
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(str(path))
                listening.listen(len(ROLES))
                listening.setblocking(False)
                process = self._run(path, token)
                found: dict[str, socket.socket] = {}
                try:
                    async with asyncio.timeout(START_S):
                        pid = await _accept(listening, token, found)
                except TimeoutError:
                    for sock in found.values():
                        sock.close()
                    process.terminate()
                    raise PgError(
                        sqlstate.SYSTEM_ERROR,
                        "no worker came up inside IRIS",
                        detail=f"{shlex.join(self._command)} did not connect back within {START_S:g} s.",
                        hint="Set iris_python to the irispython of this IRIS; the log has what it wrote.",
                    ) from None
        return Spawned(found["data"], found["control"], pid, signal.SIGTERM)  # IRIS shares memory with its processes: no SIGKILL

    def close(self) -> None:
        """Wait for the workers; they end with their sockets, which the caller has closed."""
        for process in self._processes:
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.terminate()
                process.wait()
        self._processes.clear()

    def _run(self, path: Path, token: str) -> subprocess.Popen[bytes]:
        """The token goes through standard input, where other users of the machine do not see it."""
        self._processes = [process for process in self._processes if process.poll() is None]
        try:
            process = subprocess.Popen([*self._command, str(path)], stdin=subprocess.PIPE, start_new_session=True)
        except OSError as error:
            raise PgError(
                sqlstate.SYSTEM_ERROR,
                f"{self._command[0]} cannot be run: {error.strerror}",
                hint="Set iris_python to the irispython of this IRIS.",
            ) from error
        assert process.stdin is not None
        self._processes.append(process)
        with contextlib.suppress(BrokenPipeError):  # it ended at once: nobody will connect
            process.stdin.write(f"{token}\n".encode())
            process.stdin.close()
        return process


async def _accept(listening: socket.socket, token: str, found: dict[str, socket.socket]) -> int:
    """Take the worker's two connections; its process id."""
    loop = asyncio.get_running_loop()
    pid = 0
    while len(found) < len(ROLES):
        sock, _ = await loop.sock_accept(listening)
        greeting = (await loop.sock_recv(sock, GREETING_BYTES)).decode("ascii", "replace").split()
        if len(greeting) != 3 or not hmac.compare_digest(greeting[0], token) or greeting[1] not in ROLES or greeting[1] in found:
            log.warning("a stranger connected to the socket for workers")
            sock.close()
            continue
        found[greeting[1]], pid = sock, int(greeting[2])
        await loop.sock_sendall(sock, b"\n")
    return pid
