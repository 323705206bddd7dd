"""Worker: ``irispython -m pgiris.backend.embedded.worker SOCKET``, with a token on standard input; or serve(), called by a job.

It connects to the front and runs the ordinary worker loop on the IRIS of its own process. No signal handlers: IRIS has its own
(iris-reference 1.4). When the front is gone the process ends after the statement that it runs, not within it: IRIS's processes
share memory.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys

from pgiris.backend.worker.main import Worker
from pgiris.backend.worker.spawn import connect


def serve(path: str, token: str) -> None:
    """Serve the front that listens at path until it is gone."""
    with _connected(path, token, "data") as data, _connected(path, token, "control") as control:

        def leave(_: int) -> None:
            with contextlib.suppress(OSError):
                data.shutdown(socket.SHUT_RDWR)  # the loop finds its end

        Worker(data, control, connect, leave).run()


def _connected(path: str, token: str, role: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(path)
    sock.sendall(f"{token} {role} {os.getpid()}".encode())
    if sock.recv(1) != b"\n":
        raise ConnectionError("the front did not take this worker")
    return sock


if __name__ == "__main__":
    serve(sys.argv[1], sys.stdin.readline().strip())
