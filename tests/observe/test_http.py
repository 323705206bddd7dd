from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgiris.observe import http
from pgiris.observe.metrics import Exposition, Metrics


class Readiness:
    reason: str | None = None

    def __call__(self) -> str | None:
        return self.reason


def probes(readiness: Readiness | None = None) -> http.Probes:
    return http.Probes(Exposition(Metrics()), readiness or Readiness())


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /metrics HTTP/1.1", 200),
        (b"GET /metrics?name=x HTTP/1.0", 200),
        (b"HEAD /livez HTTP/1.1", 200),
        (b"GET /readyz HTTP/1.1", 200),
        (b"GET / HTTP/1.1", 404),
        (b"GET /metrics/../livez HTTP/1.1", 404),
        (b"POST /metrics HTTP/1.1", 405),
        (b"GET /livez HTTP/2", 400),
        (b"GET /livez", 400),
        (b"", 400),
        (b"\x16\x03\x01 \xff x", 400),
    ],
)
def test_each_request_has_its_status(request_line: bytes, status: int) -> None:
    assert probes().answer(request_line + b"\r\nHost: x\r\nbroken header\r\n\r\n").status == status


@settings(deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=50).map(lambda data: b"GET /metrics HTTP/1.1\r\n" + data))
def test_no_bytes_cause_anything_but_an_answer(data: bytes) -> None:
    assert probes().answer(data + b"\r\n\r\n").status in (200, 400, 404, 405)


def test_readiness_says_why_not() -> None:
    readiness = Readiness()
    readiness.reason = "shutting down"
    answer = probes(readiness).answer(b"GET /readyz HTTP/1.1\r\n\r\n")
    assert (answer.status, answer.body) == (503, b"shutting down\n")
    assert probes(readiness).answer(b"GET /livez HTTP/1.1\r\n\r\n").status == 200


def test_the_accept_header_chooses_the_format() -> None:
    answer = probes().answer(b"GET /metrics HTTP/1.1\r\nACCEPT: application/openmetrics-text; version=1.0.0\r\n\r\n")
    assert answer.content_type.startswith("application/openmetrics-text")


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


def served(talk: Talk) -> bytes:
    """What a client hears that talks to a running server."""

    async def run() -> bytes:
        server = await http.start(probes(), "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            try:
                return await talk(reader, writer)
            finally:
                writer.close()

    return asyncio.run(run())


def test_a_request_in_pieces_is_answered_and_the_connection_closed() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for piece in (b"GET /li", b"vez HTTP/1.1\r\nHo", b"st: x\r\n", b"\r\n"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        return await reader.read()

    head, _, body = served(talk).partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"HTTP/1.1 200 OK",
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Length: 3",
        b"Connection: close",
    ]
    assert body == b"ok\n"


def test_head_is_answered_without_a_body() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"HEAD /livez HTTP/1.1\r\n\r\n")
        return await reader.read()

    answer = served(talk)
    assert answer.endswith(b"\r\n\r\n") and b"Content-Length: 3" in answer


def test_a_head_that_is_too_large_is_refused() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"GET /livez HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n")
        return await reader.read()

    assert served(talk).startswith(b"HTTP/1.1 431 ")


def test_a_client_that_sends_nothing_is_dropped_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_DEADLINE_S", 0.1)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"GET /livez")
        return await asyncio.wait_for(reader.read(), 5)

    assert served(talk) == b""


def test_connections_beyond_the_limit_are_closed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_MAX_CONNECTIONS", 1)

    async def run() -> bytes:
        server = await http.start(probes(), "127.0.0.1", 0)
        async with server:
            address = server.sockets[0].getsockname()
            _, first = await asyncio.open_connection(*address)
            await asyncio.sleep(0.05)
            reader, second = await asyncio.open_connection(*address)
            heard = await asyncio.wait_for(reader.read(), 5)
            first.close()
            second.close()
            return heard

    assert asyncio.run(run()) == b""
