"""HTTP for probes: /metrics, /livez and /readyz. GET and HEAD, one request per connection, limits on size and time.

/livez answers 200 while the event loop runs. /readyz answers 200 when new clients would be served, else 503 and the reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from pgiris.observe.metrics import Exposition

_MAX_HEAD_BYTES = 8192  # request line and headers; Prometheus sends some 300
_DEADLINE_S = 5.0  # for a whole request and its answer
_MAX_CONNECTIONS = 32  # probes come one by one; more is somebody else

_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus
    body: bytes
    content_type: str = _TEXT


class Probes:
    """What the paths answer. ready: returns None, or why the server is not ready."""

    def __init__(self, exposition: Exposition, ready: Callable[[], str | None]) -> None:
        self._exposition = exposition
        self._ready = ready

    def answer(self, head: bytes) -> Answer:
        """head: request line and headers, up to the empty line."""
        line, headers = _parse(head)
        match line:
            case [b"GET" | b"HEAD", target, version] if version.startswith(b"HTTP/1."):
                return self._path(target.partition(b"?")[0], headers)
            case [_, _, version] if version.startswith(b"HTTP/1."):
                return Answer(HTTPStatus.METHOD_NOT_ALLOWED, b"only GET and HEAD\n")
        return Answer(HTTPStatus.BAD_REQUEST, b"not an HTTP/1 request\n")

    def _path(self, path: bytes, headers: Mapping[bytes, bytes]) -> Answer:
        match path:
            case b"/metrics":
                body, content_type = self._exposition.render(headers.get(b"accept", b"").decode("latin-1"))
                return Answer(HTTPStatus.OK, body, content_type)
            case b"/livez":
                return Answer(HTTPStatus.OK, b"ok\n")
            case b"/readyz":
                reason = self._ready()
                if reason is None:
                    return Answer(HTTPStatus.OK, b"ok\n")
                return Answer(HTTPStatus.SERVICE_UNAVAILABLE, reason.encode() + b"\n")
        return Answer(HTTPStatus.NOT_FOUND, b"there are /metrics, /livez and /readyz\n")


def _parse(head: bytes) -> tuple[list[bytes], dict[bytes, bytes]]:
    first, *rest = head.split(b"\r\n")
    pairs = (line.partition(b":") for line in rest if line)
    return first.split(b" "), {name.strip().lower(): value.strip() for name, _, value in pairs}


async def start(probes: Probes, host: str, port: int) -> asyncio.Server:
    """Listen; close the returned server to stop. host: ``*`` for all addresses. Raises OSError when the port is taken."""
    gate = asyncio.Semaphore(_MAX_CONNECTIONS)

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not gate.locked():
                async with gate, asyncio.timeout(_DEADLINE_S):
                    await _serve(probes, reader, writer)
        except (TimeoutError, ConnectionError):
            pass  # a probe that is slow or gone gets nothing
        finally:
            if writer.transport.get_write_buffer_size():  # it does not read; waiting for it would never end
                writer.transport.abort()
            writer.close()

    return await asyncio.start_server(client, None if host == "*" else host, port, limit=_MAX_HEAD_BYTES)


async def _serve(probes: Probes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return
    except asyncio.LimitOverrunError:
        answer, head = Answer(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, b"the request is too large\n"), b""
    else:
        answer = probes.answer(head)
    status = f"HTTP/1.1 {answer.status.value} {answer.status.phrase}"
    fields = f"Content-Type: {answer.content_type}\r\nContent-Length: {len(answer.body)}\r\nConnection: close"
    writer.write(f"{status}\r\n{fields}\r\n\r\n".encode("latin-1") + (b"" if head.startswith(b"HEAD ") else answer.body))
    await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    await _until_gone(reader)


async def _until_gone(reader: asyncio.StreamReader) -> None:
    """Read what is left, within bounds: closing with unread bytes would reset the connection before the answer is read."""
    for _ in range(16):
        if not await reader.read(4096):
            return
