"""The worker's ends of its two sockets: frames, with credit, and what interrupts it."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from pgiris import sqlstate
from pgiris.backend.base import BackendSession
from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import FrameBuffer
from pgiris.errors import PgError

RECEIVE_BYTES = 16384
COPY_RECEIVE_BYTES = 262144

CONTROL_DESCRIPTORS = 16  # that may come with what is received at once

_decode = frames.request_decoder.decode


class Lobby(Protocol):
    """Where guests come in and are called away (guests.py)."""

    def remember(self, descriptor: int) -> None: ...

    def arrive(self, serial: int, sock: socket.socket) -> None: ...

    def recall(self, serial: int) -> None: ...


class Canceled(PgError):
    """The front asked to stop; it knows why and words the message."""

    def __init__(self) -> None:
        super().__init__(sqlstate.QUERY_CANCELED, "canceling statement due to user request")


class Interrupts:
    """Which request runs now, and whether the front wants it stopped. Shared by the two threads."""

    def __init__(self, control: socket.socket, leave: Callable[[int], object]) -> None:
        self._control = control
        self._leave = leave
        self._lock = threading.Lock()
        self._serial = 0
        self._stopped = False
        self.session: BackendSession | None = None

    def start(self, lobby: Lobby) -> None:
        self._lobby = lobby
        threading.Thread(target=self._listen, daemon=True, name="interrupts").start()

    def begin(self, serial: int) -> None:
        """A request starts, which an interrupt may mean from now on."""
        self._stopped = False
        self._serial = serial

    def end(self) -> None:
        """No interrupt for it comes through any more."""
        with self._lock:
            self._serial = 0

    def check(self) -> None:
        if self._stopped:
            raise Canceled

    def _listen(self) -> None:
        buffer = FrameBuffer()
        descriptors: deque[int] = deque()
        while data := self._receive(descriptors):
            for body in buffer.feed(data):
                self._take(frames.control_decoder.decode(body), descriptors)
        self._leave(0)  # the front is gone or wants us gone: a transaction under way is the backend's to undo

    def _receive(self, descriptors: deque[int]) -> bytes:
        try:
            data, received, _, _ = socket.recv_fds(self._control, 4096, CONTROL_DESCRIPTORS)
        except OSError:
            return b""
        descriptors.extend(received)
        return data

    def _take(self, frame: frames.Control, descriptors: deque[int]) -> None:
        match frame:
            case frames.Interrupt():
                self._interrupt(frame.serial)
            case frames.Recall():
                self._lobby.recall(frame.serial)
            case frames.Arrive():
                self._lobby.arrive(frame.serial, socket.socket(fileno=descriptors.popleft()))
            case frames.Remember():
                self._lobby.remember(descriptors.popleft())

    def _interrupt(self, serial: int) -> None:
        with self._lock:
            if serial == self._serial and self.session is not None:
                self._stopped = True
                self.session.interrupt()


class Channel:
    """The data socket as frames. Credit is kept here, since it arrives between the Blocks it pays for.

    pause: called before a request is waited for, and returns when something has arrived.
    """

    def __init__(self, sock: socket.socket, pause: Callable[[], None]) -> None:
        self._sock = sock
        self._pause = pause
        self._sending = threading.Lock()
        self._buffer = FrameBuffer()
        self._frames: deque[frames.Request] = deque()  # several when many sessions share this worker
        self._block = bytearray()  # in which Blocks are encoded
        self.credit = 0
        self._turn = 0
        self._told: frames.Told | None = None

    def next_request(self) -> frames.Request:
        """Raises EOFError when the front is gone."""
        while not self._frames:
            self._pause()
            self._receive()
        return self._frames.popleft()

    def send(self, frame: frames.Reply) -> None:
        with self._sending:
            self._sock.sendall(frames.encode(frame))

    def send_block(self, data: bytes | memoryview, interrupts: Interrupts) -> None:
        """Wait for credit, then send. Raises Canceled when interrupted while waiting."""
        while self.credit <= 0:
            interrupts.check()
            self._receive()
        self.credit -= 1
        with self._sending:
            self._sock.sendall(frames.encode_block(data, self._block))

    def ask(self, function: str, arguments: tuple[Any, ...], interrupts: Interrupts) -> Any:
        """What a function of the session gives. Raises what it raises, and Canceled."""
        self._turn += 1
        self._told = None
        self.send(frames.Wanted(self._turn, function, arguments))
        while self._told is None or self._told.turn != self._turn:
            interrupts.check()
            self._receive()
        if self._told.failed is not None:
            raise PgError(**self._told.failed)
        return self._told.value

    def next_of_copy(self, interrupts: Interrupts) -> frames.CopyChunk | frames.CopyEnd | frames.CopyBroken:
        """What comes next of the data of a COPY. Raises Canceled when interrupted while waiting."""
        while not self._frames:
            interrupts.check()
            self._receive(COPY_RECEIVE_BYTES)
        frame = self._frames.popleft()
        if not isinstance(frame, frames.CopyChunk | frames.CopyEnd | frames.CopyBroken):
            raise PgError(sqlstate.INTERNAL_ERROR, f"{type(frame).__name__} in the data of a COPY")
        return frame

    def _receive(self, size: int = RECEIVE_BYTES) -> None:
        data = self._sock.recv(size)
        if not data:
            raise EOFError
        for body in self._buffer.feed(data):
            frame = _decode(body)
            if type(frame) is frames.Credit:
                self.credit += frame.blocks
            elif type(frame) is frames.Told:
                self._told = frame
            else:
                self._frames.append(frame)
