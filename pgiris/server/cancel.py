"""Cancel keys: which running statement a CancelRequest means, in this front or in another one.

A backend process id, as clients see it, names the front in its upper bits. Fronts of one server pass cancel requests on
through datagram sockets in a directory that only their own user can enter.
PostgreSQL: protocol-flow#PROTOCOL-FLOW-CANCELING-REQUESTS
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import itertools
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SERIAL_BITS = 22  # 4 million sessions alive at once; 9 bits are left for the front, the sign bit stays clear
SERIAL_MASK = (1 << SERIAL_BITS) - 1
MAX_FRONTS = 1 << (31 - SERIAL_BITS)
SHORT_KEY_BYTES = 4  # protocol 3.0
LONG_KEY_BYTES = 32  # protocol 3.2, as PostgreSQL 18


@dataclass(frozen=True)
class CancelKey:
    pid: int
    secret: bytes


class CancelKeys:
    """The keys of this front's sessions."""

    def __init__(self, front: int, directory: Path | None) -> None:
        self._front = front
        self._directory = directory
        self._serials = itertools.count(1)
        self._keys: dict[int, tuple[bytes, Callable[[], None]]] = {}
        self._socket: socket.socket | None = None

    def issue(self, cancel: Callable[[], None], minor_version: int) -> CancelKey:
        """A new key; whoever presents it makes ``cancel`` be called."""
        pid = next(self._pids())
        secret = secrets.token_bytes(LONG_KEY_BYTES if minor_version >= 2 else SHORT_KEY_BYTES)
        self._keys[pid] = (secret, cancel)
        return CancelKey(pid, secret)

    def withdraw(self, pid: int) -> None:
        self._keys.pop(pid, None)

    def present(self, pid: int, secret: bytes) -> str:
        """Cancel what the key belongs to. A wrong key does nothing, and the client is not told: sent, passed on or unknown."""
        front = pid >> SERIAL_BITS
        if front == self._front:
            known = self._keys.get(pid)
            if known is not None and hmac.compare_digest(known[0], secret):
                known[1]()
                return "sent"
        elif self._socket is not None and self._directory is not None and 0 <= front < MAX_FRONTS:
            with contextlib.suppress(OSError):  # that front has just ended, or never was
                self._socket.sendto(pid.to_bytes(4, "big") + secret, str(_path(self._directory, front)))
                return "passed on"
        return "unknown"

    def listen(self) -> None:
        """Take what other fronts pass on; only needed when there are several."""
        if self._directory is None:
            return
        path = _path(self._directory, self._front)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(str(path))
        os.chmod(path, 0o600)
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._take)

    def close(self) -> None:
        if self._socket is not None and self._directory is not None:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
            with contextlib.suppress(FileNotFoundError):
                _path(self._directory, self._front).unlink()
            self._socket = None

    def _take(self) -> None:
        assert self._socket is not None
        with contextlib.suppress(BlockingIOError):
            data = self._socket.recv(1024)
            pid = int.from_bytes(data[:4], "big")
            if pid >> SERIAL_BITS == self._front:
                self.present(pid, data[4:])

    def _pids(self) -> Iterator[int]:
        for serial in self._serials:
            pid = self._front << SERIAL_BITS | serial & SERIAL_MASK
            if serial & SERIAL_MASK and pid not in self._keys:
                yield pid


def _path(directory: Path, front: int) -> Path:
    return directory / f"cancel-{front}"
