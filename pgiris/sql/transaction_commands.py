"""Transaction commands: BEGIN, COMMIT and their kin, as values.

PostgreSQL: sql-begin and its kin
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pgiris.sql.reader import Reader, dotted_name


@dataclass(frozen=True)
class TransactionModes:
    """None: not given. isolation in lower case: ``read committed`` ..."""

    isolation: str | None = None
    read_only: bool | None = None
    deferrable: bool | None = None


@dataclass(frozen=True)
class Begin:
    """BEGIN, START TRANSACTION"""

    modes: TransactionModes = TransactionModes()
    tag: str = "BEGIN"


@dataclass(frozen=True)
class Commit:
    """COMMIT, END"""

    chain: bool = False


@dataclass(frozen=True)
class Rollback:
    """ROLLBACK, ABORT"""

    chain: bool = False


@dataclass(frozen=True)
class Savepoint:
    name: str


@dataclass(frozen=True)
class RollbackTo:
    name: str


@dataclass(frozen=True)
class Release:
    name: str


@dataclass(frozen=True)
class PrepareTransaction:
    """PREPARE TRANSACTION: first half of a two-phase commit, which IRIS has not."""

    gid: str


@dataclass(frozen=True)
class FinishPrepared:
    """COMMIT PREPARED, ROLLBACK PREPARED; tag is one of both."""

    gid: str
    tag: str


@dataclass(frozen=True)
class SetTransaction:
    """SET TRANSACTION; session: SET SESSION CHARACTERISTICS AS TRANSACTION"""

    modes: TransactionModes
    session: bool = False


@dataclass(frozen=True)
class SetConstraints:
    """SET CONSTRAINTS: IRIS checks at once, always."""

    deferred: bool


TransactionCommand = (
    Begin
    | Commit
    | Rollback
    | Savepoint
    | RollbackTo
    | Release
    | PrepareTransaction
    | FinishPrepared
    | SetTransaction
    | SetConstraints
)


def _begin(reader: Reader) -> TransactionCommand:
    reader.accept("work", "transaction")
    return Begin(modes(reader, required=False))


def _start(reader: Reader) -> TransactionCommand:
    reader.expect("transaction")
    return Begin(modes(reader, required=False), "START TRANSACTION")


def modes(reader: Reader, required: bool = True) -> TransactionModes:
    modes = TransactionModes()
    comma = required
    while comma or not reader.at_end():
        if reader.accept("isolation"):
            reader.expect("level")
            modes = replace(modes, isolation=_isolation_level(reader))
        elif reader.accept("read"):
            modes = replace(modes, read_only=reader.expect("only", "write") == "only")
        elif reader.accept("deferrable"):
            modes = replace(modes, deferrable=True)
        elif reader.accept("not"):
            reader.expect("deferrable")
            modes = replace(modes, deferrable=False)
        else:
            raise reader.error()
        comma = reader.accept_symbol(",")
    return modes


def _isolation_level(reader: Reader) -> str:
    first = reader.expect("read", "repeatable", "serializable")
    if first == "read":
        return f"read {reader.expect('committed', 'uncommitted')}"
    if first == "repeatable":
        reader.expect("read")
        return "repeatable read"
    return first


def _commit(reader: Reader) -> TransactionCommand:
    if reader.accept("prepared"):
        return FinishPrepared(reader.string(), "COMMIT PREPARED")
    return _end(reader)


def _end(reader: Reader) -> TransactionCommand:
    reader.accept("work", "transaction")
    return Commit(_chain(reader))


def _rollback(reader: Reader) -> TransactionCommand:
    if reader.accept("prepared"):
        return FinishPrepared(reader.string(), "ROLLBACK PREPARED")
    reader.accept("work", "transaction")
    if reader.accept("to"):
        return RollbackTo(_savepoint_name(reader))
    return Rollback(_chain(reader))


def _abort(reader: Reader) -> TransactionCommand:
    reader.accept("work", "transaction")
    return Rollback(_chain(reader))


def _chain(reader: Reader) -> bool:
    if not reader.accept("and"):
        return False
    no = reader.accept("no")
    reader.expect("chain")
    return no is None


def _savepoint(reader: Reader) -> TransactionCommand:
    return Savepoint(reader.name())


def _release(reader: Reader) -> TransactionCommand:
    return Release(_savepoint_name(reader))


def _savepoint_name(reader: Reader) -> str:
    """[SAVEPOINT] name, where the name itself may be ``savepoint``."""
    if reader.at("savepoint") and not reader.at_end(reader.peek()):
        reader.take()
    return reader.name()


def set_constraints(reader: Reader) -> SetConstraints:
    if not reader.accept("all"):
        dotted_name(reader)
        while reader.accept_symbol(","):
            dotted_name(reader)
    return SetConstraints(reader.expect("deferred", "immediate") == "deferred")


PARSERS: dict[str, Callable[[Reader], TransactionCommand]] = {
    "abort": _abort,
    "begin": _begin,
    "commit": _commit,
    "end": _end,
    "release": _release,
    "rollback": _rollback,
    "savepoint": _savepoint,
    "start": _start,
}
