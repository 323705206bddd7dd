"""Sequence: what a sequence is and how it counts; its state is kept by notes.py.

PostgreSQL: sql-createsequence, src/backend/commands/sequence.c
"""

from __future__ import annotations

from typing import Any

import msgspec

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import type_name

_BITS = {oids.INT2: 15, oids.INT4: 31, oids.INT8: 63}
Owner = tuple[str, str, str]  # IRIS's schema, table, column


class Sequence(msgspec.Struct, frozen=True):
    """schema: IRIS's name. called: whether ``last`` was given out already. owner: the column that it goes away with."""

    schema: str
    name: str
    type: int
    start: int
    increment: int
    minimum: int
    maximum: int
    last: int
    cache: int = 1
    cycle: bool = False
    called: bool = False
    owner: Owner | None = None

    def draw(self, count: int) -> tuple[Sequence, list[int]]:
        """The sequence after giving out so many numbers, and these. Raises 2200H."""
        last, called, drawn = self.last, self.called, []
        for _ in range(count):
            last = self._after(last) if called else last
            called = True
            drawn.append(last)
        return msgspec.structs.replace(self, last=last, called=called), drawn

    def _after(self, last: int) -> int:
        following = last + self.increment
        if self.minimum <= following <= self.maximum:
            return following
        ascending = self.increment > 0
        if self.cycle:
            return self.minimum if ascending else self.maximum
        what, limit = ("maximum", self.maximum) if ascending else ("minimum", self.minimum)
        message = f'nextval: reached {what} value of sequence "{self.name}" ({limit})'
        raise PgError(sqlstate.SEQUENCE_GENERATOR_LIMIT_EXCEEDED, message)

    def put(self, value: int, called: bool) -> Sequence:
        """Raises 22003."""
        if not self.minimum <= value <= self.maximum:
            bounds = f"({self.minimum}..{self.maximum})"
            message = f'setval: value {value} is out of bounds for sequence "{self.name}" {bounds}'
            raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, message)
        return msgspec.structs.replace(self, last=value, called=called)


def limits(type_: int, increment: int) -> tuple[int, int]:
    """The least and the greatest value of a sequence that names none."""
    bound = 1 << _BITS[Oid(type_)]
    return (1, bound - 1) if increment > 0 else (-bound, -1)


def created(schema: str, name: str, options: dict[str, Any]) -> Sequence:
    """options: what CREATE SEQUENCE said, as ``altered()`` takes it. Raises 22023."""
    type_ = options.get("type", oids.INT8)
    _check_type(type_)
    increment = options.get("increment", 1)
    least, greatest = limits(type_, increment)
    fresh = Sequence(schema, name, type_, 0, increment, least, greatest, 0)
    bounded = _with(fresh, options)
    start = options.get("start", bounded.minimum if increment > 0 else bounded.maximum)
    last = options.get("restart", start)
    return _checked(msgspec.structs.replace(bounded, start=start, last=start if last is None else last))


def altered(sequence: Sequence, options: dict[str, Any]) -> Sequence:
    """options: ``type``, ``increment``, ``minimum`` and ``maximum`` (None: NO), ``start``, ``restart`` (None: at the start),
    ``cache``, ``cycle``. Raises 22023."""
    type_ = options.get("type", sequence.type)
    _check_type(type_)
    if type_ != sequence.type:  # limits that were the old type's are the new one's
        before = limits(sequence.type, 1)[1], limits(sequence.type, -1)[0]
        unbounded = {"maximum": None} if sequence.maximum == before[0] else {}
        unbounded |= {"minimum": None} if sequence.minimum == before[1] else {}
        options = {**unbounded, **options}
    changed = _with(sequence, options)
    if "start" in options:
        changed = msgspec.structs.replace(changed, start=options["start"])
    if "restart" in options:
        restart = changed.start if options["restart"] is None else options["restart"]
        changed = msgspec.structs.replace(changed, last=restart, called=False)
    return _checked(changed)


def _with(sequence: Sequence, options: dict[str, Any]) -> Sequence:
    """With all options but where it starts."""
    type_, increment = options.get("type", sequence.type), options.get("increment", sequence.increment)
    if not increment:
        raise _wrong("INCREMENT must not be zero")
    least, greatest = limits(type_, increment)
    minimum, maximum = options.get("minimum", sequence.minimum), options.get("maximum", sequence.maximum)
    return msgspec.structs.replace(
        sequence,
        type=type_,
        increment=increment,
        minimum=least if minimum is None else minimum,
        maximum=greatest if maximum is None else maximum,
        cache=options.get("cache", sequence.cache),
        cycle=options.get("cycle", sequence.cycle),
    )


def _check_type(type_: int) -> None:
    if type_ not in _BITS:
        raise _wrong("sequence type must be smallint, integer, or bigint")


def _checked(sequence: Sequence) -> Sequence:
    bound = 1 << _BITS[Oid(sequence.type)]
    for what, value in (("MAXVALUE", sequence.maximum), ("MINVALUE", sequence.minimum)):
        if not -bound <= value < bound:
            raise _wrong(f"{what} ({value}) is out of range for sequence data type {type_name(Oid(sequence.type))}")
    if sequence.minimum >= sequence.maximum:
        raise _wrong(f"MINVALUE ({sequence.minimum}) must be less than MAXVALUE ({sequence.maximum})")
    for what, value in (("START", sequence.start), ("RESTART", sequence.last)):
        if value < sequence.minimum:
            raise _wrong(f"{what} value ({value}) cannot be less than MINVALUE ({sequence.minimum})")
        if value > sequence.maximum:
            raise _wrong(f"{what} value ({value}) cannot be greater than MAXVALUE ({sequence.maximum})")
    if sequence.cache <= 0:
        raise _wrong(f"CACHE ({sequence.cache}) must be greater than zero")
    return sequence


def _wrong(message: str) -> PgError:
    return PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
