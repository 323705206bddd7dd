from __future__ import annotations

import random
import tracemalloc
from struct import pack
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.errors import ProtocolError
from pgiris.wire import framing
from pgiris.wire.framing import MAX_MESSAGE_BYTES, Frames, UnknownTag
from pgiris.wire.phases import Phase, Step

ANY = 2**32
STEPS = {tag: Step(None, Phase.READY, ANY) for tag in b"QBS"} | {ord("E"): Step(None, Phase.READY, 100)}


def framed(tag: str, body: bytes) -> bytes:
    return tag.encode() + pack("!I", len(body) + 4) + body


def all_of(frames: Frames, limit: int = ANY) -> list[bytes]:
    found = []
    while (frame := frames.next_message(STEPS, limit)) is not None:
        found.append(frame[1])
    return found


@given(st.lists(st.binary(max_size=300), max_size=8), st.lists(st.integers(0, 400), min_size=1, max_size=30))
def test_frames_are_the_same_however_the_bytes_come(bodies: list[bytes], pieces: list[int]) -> None:
    """And however late they are looked for."""
    data = b"".join(framed("B", body) for body in bodies)
    frames = Frames()
    found = []
    at = 0
    for number, piece in enumerate(pieces):
        frames.feed(data[at : at + piece])
        at += piece
        if number % 3:
            found += all_of(frames)
        assert frames.buffered_bytes == len(data[:at]) - sum(len(body) + 5 for body in found)
    frames.feed(data[at:])
    found += all_of(frames)
    assert found == bodies
    assert frames.buffered_bytes == 0


@given(st.lists(st.binary(max_size=20), max_size=5), st.integers(1, 12))
def test_startup_packets_come_before_messages(bodies: list[bytes], piece: int) -> None:
    data = b"".join(pack("!I", len(body) + 8) + b"code" + body for body in bodies)
    frames = Frames()
    found = []
    for at in range(0, len(data), piece):
        frames.feed(data[at : at + piece])
        while (packet := frames.next_startup()) is not None:
            found.append(packet)
    assert found == [b"code" + body for body in bodies]
    frames.feed(framed("Q", b"x"))
    assert all_of(frames) == [b"x"]


@pytest.mark.parametrize(
    ("length", "right"),
    [(0, False), (4, False), (7, False), (8, True), (10_004, True), (10_005, False), (2**31, False), (2**32 - 1, False)],
)
def test_startup_packets_are_limited_as_by_postgresql(length: int, right: bool) -> None:
    frames = Frames()
    frames.feed(pack("!I", length))
    if right:
        assert frames.next_startup() is None
        return
    with pytest.raises(ProtocolError, match="invalid length of startup packet") as caught:
        frames.next_startup()
    assert (caught.value.code, caught.value.severity) == ("08P01", "FATAL")


@pytest.mark.parametrize(
    ("tag", "length", "limit", "right"),
    [
        ("Q", 3, ANY, False),
        ("Q", 0, ANY, False),
        ("Q", 2**32 - 1, 1000, False),
        ("Q", 1000, 1000, True),
        ("Q", 1001, 1000, False),
        ("E", 100, 1000, True),
        ("E", 101, 1000, False),
        ("E", 51, 50, False),
    ],
)
def test_a_length_is_refused_before_what_it_announces_has_come(tag: str, length: int, limit: int, right: bool) -> None:
    frames = Frames()
    frames.feed(tag.encode() + pack("!I", length))
    if right:
        assert frames.next_message(STEPS, limit) is None
        return
    with pytest.raises(ProtocolError, match="invalid message length") as caught:
        frames.next_message(STEPS, limit)
    assert (caught.value.code, caught.value.severity) == ("08P01", "FATAL")
    assert caught.value.detail is not None and str(length) in caught.value.detail


@pytest.mark.parametrize("data", [b"z", b"z\0", b"z\0\0\0\1", b"z\0\0\0\4"])
def test_an_unknown_tag_is_refused_before_its_length_has_come(data: bytes) -> None:
    frames = Frames()
    frames.feed(data)
    with pytest.raises(UnknownTag):
        frames.next_message(STEPS, ANY)


def test_the_limit_is_postgresqls() -> None:
    assert MAX_MESSAGE_BYTES == 0x3FFFFFFF - 1


@pytest.mark.parametrize(
    ("data", "bare"),
    [
        (b"", False),
        (b"S\0\0\0", False),
        (b"S\0\0\0\4", True),
        (b"S\0\0\0\4Q\0", True),
        (b"S\0\0\0\5", False),
        (b"H\0\0\0\4", False),
        (b"Q\0\0\0\4S\0\0\0\4", False),
    ],
)
@pytest.mark.parametrize("piece", [1, 100])
def test_one_can_look_whether_a_bare_message_is_next(data: bytes, bare: bool, piece: int) -> None:
    frames = Frames()
    frames.feed(framed("Q", b"x"))
    for at in range(0, len(data), piece):
        frames.feed(data[at : at + piece])
    assert frames.next_message(STEPS, ANY) is not None
    assert frames.next_is_bare(ord("S")) is bare
    assert frames.buffered_bytes == len(data)


# ---------------------------------------------------------------------------------------------- time and room


class Copies:
    """Counts the bytes that Frames copies from one of its buffers to another."""

    def __init__(self) -> None:
        self.bytes = 0

    def buffers(self) -> tuple[type[bytes], type[bytearray]]:
        """Classes to take the place of bytes and bytearray there."""
        copies = self

        class CountedBytes(bytes):
            def __new__(cls, source: Any = b"") -> CountedBytes:
                if type(source) is not bytes:  # which would be shared
                    copies.bytes += len(source)
                return super().__new__(cls, source)

            def __getitem__(self, key: Any) -> Any:
                found = super().__getitem__(key)
                if isinstance(found, bytes):
                    copies.bytes += len(found)
                    return bytes.__new__(CountedBytes, found)
                return found

            def __add__(self, other: Any) -> CountedBytes:
                copies.bytes += len(self) + len(other)
                return bytes.__new__(CountedBytes, super().__add__(other))

        class CountedBytearray(bytearray):
            def __iadd__(self, other: Any) -> Self:
                copies.bytes += len(other)
                return super().__iadd__(other)

            def __getitem__(self, key: Any) -> Any:
                found = super().__getitem__(key)
                if isinstance(found, bytearray):
                    copies.bytes += len(found)
                return found

            def __delitem__(self, key: Any) -> None:
                super().__delitem__(key)
                copies.bytes += len(self)

        return CountedBytes, CountedBytearray


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> Copies:
    counter = Copies()
    counted_bytes, counted_bytearray = counter.buffers()
    monkeypatch.setattr(framing, "bytes", counted_bytes, raising=False)
    monkeypatch.setattr(framing, "bytearray", counted_bytearray, raising=False)
    return counter


@pytest.mark.parametrize(
    ("size", "piece", "count"),
    [
        (20_000, 1, 1),  # byte by byte
        (100_000_000, 65_536, 1),
        (10, 1, 1_000),
        (50_000, 65_536, 100),
        (100, 65_536, 20_000),  # many in one piece
        (100, 10**9, 20_000),
    ],
)
def test_each_byte_is_copied_a_few_times_however_it_comes(copies: Copies, size: int, piece: int, count: int) -> None:
    data = framed("B", bytes(size)) * count
    frames = Frames()
    found = 0
    for at in range(0, len(data), piece):
        frames.feed(data[at : at + piece])
        while frames.next_message(STEPS, ANY) is not None:
            found += 1
    assert found == count
    assert copies.bytes <= 4 * len(data)


@pytest.mark.parametrize("waiting", [1, 100, 40_000])
def test_messages_that_wait_are_not_copied_with_each_that_is_fed(copies: Copies, waiting: int) -> None:
    """A client goes on sending while its session is busy: one message is taken for each that comes."""
    message = framed("B", bytes(50))
    frames = Frames()
    frames.feed(message * waiting)
    for _ in range(waiting + 2_000):
        frames.feed(message)
        assert frames.next_message(STEPS, ANY) is not None
    assert copies.bytes <= 4 * len(message) * (2 * waiting + 2_000)


def test_a_huge_message_needs_little_more_than_twice_its_size() -> None:
    size = 32 * 2**20
    part = random.Random(1).randbytes(65_536)
    frames = Frames()
    tracemalloc.start()
    try:
        frames.feed(b"B" + pack("!I", size + 4))
        for _ in range(size // len(part)):
            assert frames.next_message(STEPS, ANY) is None
            frames.feed(part)
        frame = frames.next_message(STEPS, ANY)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert frame is not None
    assert frame[1] == part * (size // len(part))
    assert peak < 2.3 * size
    assert frames.buffered_bytes == 0


def test_an_announced_length_takes_no_room() -> None:
    frames = Frames()
    tracemalloc.start()
    try:
        frames.feed(b"B" + pack("!I", 2**30) + b"abc")
        assert frames.next_message(STEPS, ANY) is None
        assert tracemalloc.get_traced_memory()[1] < 10_000
    finally:
        tracemalloc.stop()
