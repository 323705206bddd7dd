"""Commands: the statements that the session itself carries out, as values.

In: the tokens of one statement. Out: a Command, or None when it is for the backend.
PostgreSQL: sql-commands
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
class SetTransaction:
    """SET TRANSACTION; session: SET SESSION CHARACTERISTICS AS TRANSACTION"""

    modes: TransactionModes
    session: bool = False


@dataclass(frozen=True)
class SetConstraints:
    """SET CONSTRAINTS: IRIS checks at once, always."""

    deferred: bool


@dataclass(frozen=True)
class SetSetting:
    """SET name TO value; value None is DEFAULT; several values (search_path, DateStyle) are joined as PostgreSQL stores them."""

    name: str
    value: str | None
    local: bool = False


@dataclass(frozen=True)
class ResetSetting:
    """RESET name; None is ALL."""

    name: str | None


@dataclass(frozen=True)
class ShowSetting:
    """SHOW name; None is ALL."""

    name: str | None


class DiscardWhat(Enum):
    ALL = "ALL"
    PLANS = "PLANS"
    SEQUENCES = "SEQUENCES"
    TEMP = "TEMP"


@dataclass(frozen=True)
class Discard:
    what: DiscardWhat


@dataclass(frozen=True)
class Prepare:
    """PREPARE name (types) AS text; type names as written."""

    name: str
    types: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Execute:
    """EXECUTE name (arguments): each a constant in PostgreSQL's text form, None is NULL."""

    name: str
    arguments: tuple[str | None, ...]


@dataclass(frozen=True)
class Deallocate:
    """DEALLOCATE name; None is ALL."""

    name: str | None


@dataclass(frozen=True)
class DeclareCursor:
    """DECLARE name CURSOR FOR text; scroll None: neither SCROLL nor NO SCROLL was given."""

    name: str
    text: str
    scroll: bool | None = None
    hold: bool = False
    binary: bool = False


class Direction(Enum):
    FORWARD = "FORWARD"  # count rows onwards; NEXT is FORWARD 1
    BACKWARD = "BACKWARD"  # PRIOR is BACKWARD 1
    ABSOLUTE = "ABSOLUTE"  # FIRST is ABSOLUTE 1, LAST is ABSOLUTE -1
    RELATIVE = "RELATIVE"


@dataclass(frozen=True)
class Fetch:
    """FETCH and MOVE; count None is ALL."""

    cursor: str
    direction: Direction = Direction.FORWARD
    count: int | None = 1
    move: bool = False


@dataclass(frozen=True)
class CloseCursor:
    """CLOSE name; None is ALL."""

    name: str | None


@dataclass(frozen=True)
class Listen:
    channel: str


@dataclass(frozen=True)
class Notify:
    channel: str
    payload: str


@dataclass(frozen=True)
class Unlisten:
    """UNLISTEN channel; None is *."""

    channel: str | None


Command = (
    Begin
    | Commit
    | Rollback
    | Savepoint
    | RollbackTo
    | Release
    | SetTransaction
    | SetConstraints
    | SetSetting
    | ResetSetting
    | ShowSetting
    | Discard
    | Prepare
    | Execute
    | Deallocate
    | DeclareCursor
    | Fetch
    | CloseCursor
    | Listen
    | Notify
    | Unlisten
)
