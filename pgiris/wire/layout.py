"""Layouts: from the fields that a message class declares to its decoder and its encoder.

In: a class with fields ``name: type = of(kind)``. Out: a dataclass with slots that knows its bytes both ways.
PostgreSQL: protocol-message-formats
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct
from textwrap import indent
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

from pgiris.wire.fields import READ_ERRORS, Kind, Malformed, read_error
from pgiris.wire.framing import MAX_MESSAGE_BYTES, MAX_SMALL_MESSAGE_BYTES

M = TypeVar("M", bound="type[Message]")
_pack_length = Struct("!I").pack
_pack_code = Struct("!II").pack


def of(kind: Kind) -> Any:
    """The layout of one field."""
    return dataclasses.field(metadata={"kind": kind})


class Message:
    """What all messages can do."""

    __slots__ = ()
    tag: ClassVar[bytes] = b""  # none for startup packets
    code: ClassVar[int | None] = None  # the Int32 before the fields of startup packets and Authentication messages
    kinds: ClassVar[tuple[Kind, ...]] = ()
    names: ClassVar[tuple[str, ...]] = ()
    what: ClassVar[str] = ""  # of responses
    limit_bytes: ClassVar[int] = MAX_MESSAGE_BYTES  # of the length that it states

    decode: ClassVar[Callable[..., Self]]  # (body behind length and code, encoding="utf-8") -> message. Raises Malformed

    def body(self) -> bytes:
        return b"".join([kind.write(getattr(self, name)) for kind, name in zip(self.kinds, self.names, strict=True)])

    def encode(self) -> bytes:
        """The whole message."""
        body = self.body()
        if self.code is None:
            return self.tag + _pack_length(len(body) + 4) + body
        return self.tag + _pack_code(len(body) + 8, self.code) + body


FRONTEND: dict[bytes, type[Message]] = {}
BACKEND: dict[bytes, type[Message]] = {}
AUTHENTICATION: dict[int, type[Message]] = {}
STARTUP: dict[int, type[Message]] = {}


def _declare(cls: M, tag: bytes, code: int | None = None, small: bool = False, exact: bool = True) -> M:
    """exact: whether bytes behind the last field are an error."""
    made = dataclass(slots=True)(cls)
    fields = dataclasses.fields(made)  # type: ignore[arg-type]
    made.tag, made.code = tag, code
    made.kinds = tuple(field.metadata["kind"] for field in fields)
    made.names = tuple(field.name for field in fields)
    made.limit_bytes = MAX_SMALL_MESSAGE_BYTES if small else MAX_MESSAGE_BYTES
    made.decode = _decoder(made, exact)
    return made  # type: ignore[return-value]


@dataclass_transform(field_specifiers=(of,))
def frontend(tag: bytes, *, small: bool = False, exact: bool = True) -> Callable[[M], M]:
    """small: PostgreSQL takes at most 10000 bytes. exact: PostgreSQL looks for bytes behind the last field."""

    def declare(cls: M) -> M:
        FRONTEND[tag] = made = _declare(cls, tag, small=small, exact=exact)
        return made

    return declare


@dataclass_transform(field_specifiers=(of,))
def backend(tag: bytes) -> Callable[[M], M]:
    def declare(cls: M) -> M:
        BACKEND[tag] = made = _declare(cls, tag)
        return made

    return declare


@dataclass_transform(field_specifiers=(of,))
def response(what: str) -> Callable[[M], M]:
    """Frontend messages with tag ``p``; which one it is depends on what the server asked. what: its name in errors."""

    def declare(cls: M) -> M:
        made = _declare(cls, b"p")
        made.what = what
        return made

    return declare


@dataclass_transform(field_specifiers=(of,))
def startup(code: int, *, exact: bool = True) -> Callable[[M], M]:
    """Packets without a tag; code is their first Int32."""

    def declare(cls: M) -> M:
        STARTUP[code] = made = _declare(cls, b"", code, exact=exact)
        return made

    return declare


@dataclass_transform(field_specifiers=(of,))
def authentication(code: int) -> Callable[[M], M]:
    def declare(cls: M) -> M:
        AUTHENTICATION[code] = made = _declare(cls, b"R", code)
        return made

    return declare


def _decoder(cls: type[Message], exact: bool) -> Callable[..., Any]:
    """The statements of all fields as one function, since it runs for every message."""
    lines = ["self = new(cls)", "at = 0"]
    scope: dict[str, Any] = {"cls": cls, "new": object.__new__, "read_error": read_error, "READ_ERRORS": READ_ERRORS}
    for name, kind in zip(cls.names, cls.kinds, strict=True):
        lines += [kind.reading.strip(), f"self.{name} = value"]
        assert all(scope.setdefault(used, thing) is thing for used, thing in kind.uses.items()), f"{cls}: names clash"
    source = [
        'def decode(data, encoding="utf-8"):',
        "    try:",
        indent("\n".join(lines), " " * 8),
        "    except READ_ERRORS as error:",
        "        raise read_error(error) from None",
    ]
    if exact:
        scope["Malformed"] = Malformed
        source += ["    if at != len(data):", '        raise Malformed("invalid message format")']
    for name, kind in zip(cls.names, cls.kinds, strict=True):
        if kind.check is not None:
            scope[f"check_{name}"] = kind.check
            source.append(f"    check_{name}(self.{name})")
    exec("\n".join([*source, "    return self"]), scope)
    decode: Callable[..., Any] = scope["decode"]
    return decode
