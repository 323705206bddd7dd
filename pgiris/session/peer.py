"""Peer: the connection to a client as its session sees it; Origin: where the client came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pgiris.wire.connection import Connection


class Peer(Protocol):
    """The connection to the client.

    take: asked when something has arrived that message() would give; True leaves it, until release(), to whom it has asked.
    occupied: between the two.
    """

    wire: Connection
    take: Callable[[], bool] | None

    @property
    def occupied(self) -> bool: ...

    def release(self) -> None: ...

    def hand(self, item: object) -> None:
        """Have message() give this; what has arrived is message()'s again."""
        ...

    @property
    def is_clear(self) -> bool:
        """Whether the client's socket carries the protocol's own bytes, so that it can be lent."""
        ...

    def lend(self) -> int | None:
        """The descriptor of the client's socket, to be read and written by somebody else; None when that cannot be now.

        Until take_back(), and then release() or hand(), the peer is occupied.
        """
        ...

    def take_back(self) -> None: ...

    async def message(self) -> Any: ...

    def flush(self) -> None: ...

    def write_rows(self, data: bytes) -> None: ...

    @property
    def writable(self) -> bool: ...

    async def drain(self) -> None: ...

    def abort(self) -> None:
        """Close the connection at once, whatever has not been read."""
        ...


@dataclass(frozen=True)
class Encryption:
    """The TLS under a connection, as pg_stat_ssl shows it. The last three are None where the client sent no certificate."""

    version: str
    cipher: str
    bits: int
    client: str | None = None
    serial: int | None = None
    issuer: str | None = None


@dataclass(frozen=True)
class Origin:
    """Where a client came from and how it proved who it is."""

    database: str  # as the client wrote it
    system_user: str | None  # ``method:name``, None under trust
    client_address: str | None = None  # None, as all that follow, for a Unix socket
    client_port: int | None = None
    server_address: str | None = None
    server_port: int | None = None
    encryption: Encryption | None = None
