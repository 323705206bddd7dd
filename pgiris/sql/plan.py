"""Plan: a client's statement decided once. Text and schema in (planner.py), this value out; session and worker carry it out.

The values that a plan's steps bind stand in one list, in this order: the client's parameters ($1, $2 ...), the literals
that were lifted out of the text (planner.py), the session values computed at execution, the values that the worker computes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, NamedTuple

from pgiris.compute.program import Program
from pgiris.compute.rowcounts import Clause
from pgiris.errors import PgError
from pgiris.sql.commands import Command
from pgiris.types.codec import Oid
from pgiris.types.rows import Column


class Target(Enum):
    """Who carries a statement out."""

    EMPTY = auto()  # nothing but white space and comments
    BACKEND = auto()
    CATALOG = auto()  # a query of pg_catalog or information_schema: DuckDB SQL for a catalog worker
    CONSTANT = auto()  # one row of constants, parameters and session values: answered without a backend
    SESSION = auto()  # a Command: SET, BEGIN, FETCH ...
    NOTHING = auto()  # harmless and without meaning in IRIS (VACUUM ...): answered with its tag and the plan's notices


class Effect(Enum):
    """What a BACKEND statement may do to data: decides about implicit transactions, read-only mode and the schema snapshot."""

    READ = auto()
    WRITE = auto()
    DDL = auto()  # commits by itself and changes the snapshot


class Role(Enum):
    """What a step's outcome is used for."""

    RUN = auto()  # its row count is not the statement's
    COUNT = auto()  # its row count is the statement's
    KEYS = auto()  # its rows are %IDs, kept in its slot, which FOUND binds; an empty one keeps those that steps have noted
    TARGET = auto()  # its row is the %ID of the row that is to be changed, if there is one; an empty one takes it from its source
    ROWS = auto()  # its rows are kept in its slot, for steps that run for each of them; an empty one makes them of its sources
    TABLE = auto()  # its rows are kept in its slot as JSON (compute/rowsets.py), which TABLE binds
    ROUND = auto()  # runs again and again, its slot holding the rows of the round before; then the slot holds all of them
    GUARD = auto()  # its rows violate CHECK constraints (23514); of those whose %IDs it binds, as many at a time as is good
    LOCK = auto()  # it locks the rows whose %IDs are in its slot
    RESULT = auto()  # its rows are the statement's rows, behind those of other such steps


class When(Enum):
    """Whether a step runs, by what the last one that ran has counted. A RESULT step that does not run gives no rows."""

    ALWAYS = auto()
    COUNTED = auto()  # only when it counted rows
    NOT_COUNTED = auto()
    FOUND = auto()  # only when the last TARGET step found a row
    NOT_FOUND = auto()


class Note(Enum):
    """Which %ID a step that counted rows notes in its slot: RETURNING reads these rows, no TARGET may be one of them (21000).
    A GUARD binds what was noted, by whichever; without a note, what was found."""

    NONE = auto()
    MADE = auto()  # that of the row that it has inserted
    TARGET = auto()  # that of the last TARGET step


class Busy(Enum):
    """What a LOCK step does about rows that another transaction has locked."""

    WAIT = auto()
    FAIL = auto()  # 55P03
    SKIP = auto()  # it locks row by row, as ROW, and its slot keeps those that it could lock


# Step sources: the %ID that was noted last; LAST_IDENTITY - n is the n-th before it.
LAST_IDENTITY = -1
FOUND = -(1 << 20)  # as an IRIS list: what the KEYS step of slot 0 found; FOUND - n is that of slot n
ROW = -(1 << 21)  # the first column of the row that the step runs for; ROW + n is the n-th column behind it
TARGET_ROW = -(1 << 22)  # the %ID that the last TARGET step found, or NULL; TARGET_ROW + n is the n-th column behind it
TABLE = -(1 << 23)  # the rows of slot 0 as JSON; TABLE - n is that of slot n


@dataclass(frozen=True)
class Source:
    """Where the value of one ``?`` comes from."""

    index: int  # place in the plan's value list, or LAST_IDENTITY - n, FOUND - n, ROW + n, or TARGET_ROW
    as_list: bool = False  # the value is an array literal and is bound as an IRIS list (%INLIST ?)
    fit: tuple[Oid, int] | None = None  # type and typmod of the column that it is stored into, where that may change it
    rows: Clause | None = None  # it is how many rows are wanted or left out


class Guard(NamedTuple):
    """The table of a GUARD, whose rows are: the name of a constraint, %ID, the table's columns. schema: PostgreSQL's name.
    typmods: of these columns; none, when rows are looked at that were there before."""

    schema: str
    table: str
    typmods: tuple[int, ...] = ()


@dataclass(frozen=True)
class Step:
    """One IRIS SQL statement, ``?`` for values. An empty one asks nothing: it gives one row without columns, or, to
    RUN, only notes."""

    sql: str
    sources: tuple[Source, ...] = ()
    role: Role = Role.RESULT  # a RESULT step's rows are taken before a step behind it runs
    when: When = When.ALWAYS
    tolerates: str = ""  # SQLSTATE of the error that means that there is nothing to do
    notes: Note = Note.NONE
    slot: int = 0  # of KEYS, ROWS, TABLE and ROUND, and of what is noted
    arrays: bool = False  # ROWS without SQL: its sources are arrays, the columns
    once: bool = False  # ROWS: only the first of those whose first column is the same
    each: int | None = None  # the slot of the rows for each of which it runs, together with its neighbours of the same slot
    rows: Shaping | None = None  # what the worker makes of the rows it keeps; TARGET: of the row at hand and the found one
    # ROWS, TABLE, ROUND, GUARD: the types of their columns. Without SQL, so many of its sources make a row.
    kinds: tuple[Oid, ...] = ()
    command: str = ""  # TARGET: what must not affect a row twice. LOCK: the table
    busy: Busy = Busy.WAIT
    limit: Program | None = None  # how many rows are wanted of steps around a LOCK that skips; none: all
    back: int = 0  # KEYS behind a LOCK: with fewer rows than were wanted, so many steps before it run again
    distinct: bool = False  # TABLE, ROUND: rows that the slot has or had are left out
    guard: Guard | None = None


class OnCommit(Enum):
    """What becomes of a temporary table at the end of a transaction."""

    PRESERVE = "preserve rows"
    DELETE = "delete rows"
    DROP = "drop"


@dataclass(frozen=True)
class Temporary:
    """A temporary table or view. name: as IRIS is told it, with its schema. kind: TABLE or VIEW."""

    name: str
    kind: str = "TABLE"
    on_commit: OnCommit = OnCommit.PRESERVE


@dataclass(frozen=True)
class SessionValue:
    """A call of a function that only the session can answer, evaluated once per execution of the statement.

    arguments: a str is a constant, an int the index of the client's parameter or lifted literal, None is NULL.
    """

    function: str  # lower case, without pg_catalog: current_user, now, current_setting, set_config, pg_advisory_lock ...
    arguments: tuple[str | int | None, ...]
    oid: Oid


class Generated(NamedTuple):
    """The sequence (IRIS's schema, name) whose numbers IRIS gives to inserted rows. told: the worker can tell the last one."""

    schema: str
    name: str
    told: bool = True


class NoteAction(NamedTuple):
    """An action of backend/keeper.py's Keeper."""

    action: str
    arguments: tuple[Any, ...]


class ViewText(NamedTuple):
    """A view that is made, and how PostgreSQL prints it (a Template of sql/deparse); "" where that is not known."""

    schema: str
    name: str
    text: str


class SortKey(NamedTuple):
    program: Program
    descending: bool
    nulls_first: bool


@dataclass(frozen=True)
class Grouping:
    """How rows become groups. keys: by which (none: all rows are one group, even if there are none). condition: which rows count.

    aggregates: programs of the rows of a group (compute/gathered.py). A group's row has the keys, then the aggregates.
    """

    keys: tuple[Program, ...]
    aggregates: tuple[Program, ...]
    condition: Program | None = None


class Expansion(NamedTuple):
    """rows: a program of a row that gives its rows of so many further cells. outer: a row without any stays, with NULLs."""

    rows: Program
    outer: bool
    width: int


@dataclass(frozen=True)
class Shaping:
    """How rows of the RESULT step become rows for the client; programs of the statement's values and of a row.

    items: one for each result column. condition: which rows count. order: none, the step's order stays. distinct: equal rows of
    items are one. offset, limit: bigints of the values alone, applied last.
    """

    items: tuple[Program, ...]
    condition: Program | None = None
    order: tuple[SortKey, ...] = ()
    distinct: bool = False
    offset: Program | None = None
    limit: Program | None = None
    grouping: Grouping | None = None  # what is said above is then said of groups
    expansions: tuple[Expansion, ...] = ()  # first of all, one after the other
    width: int = 0  # with expansions: how many columns the backend gives


@dataclass(frozen=True)
class Plan:
    """How to carry out one statement."""

    target: Target
    tag: str = ""  # first words of the command tag: SELECT, INSERT, UPDATE, CREATE TABLE, BEGIN ...
    effect: Effect = Effect.READ
    steps: tuple[Step, ...] = ()
    parameters: tuple[Oid, ...] = ()  # of $1, $2 ...
    literals: tuple[Oid, ...] = ()  # types of the lifted literals
    session_values: tuple[SessionValue, ...] = ()
    computed: tuple[Program, ...] = ()  # values that the worker computes before the steps run
    shaping: Shaping | None = None  # what the worker makes of the RESULT step's rows; None: they are the client's
    row: tuple[Source, ...] = ()  # CONSTANT: the value of each column
    # Result columns. None: the backend's own columns as they come. A column with oid 0 takes its type from the backend.
    # Empty: the statement returns no rows.
    columns: tuple[Column, ...] | None = ()
    command: Command | None = None
    temporary: Temporary | None = None  # what the session has to drop again
    notices: tuple[PgError, ...] = ()
    rules: tuple[str, ...] = field(default=(), compare=False)  # names of the rewrites that fired
    draws: bool = False  # its rows take numbers of sequences
    generates: Generated | None = None
    notes: tuple[NoteAction, ...] = ()  # what is to be noted when it has been carried out
    one_row: bool = False  # a division by zero in it means that a subquery has several rows (21000)
    live: tuple[str, ...] = ()  # CATALOG: relations whose rows only the session can tell
    view: ViewText | None = None  # what is to be kept of it when it has been made
    block_only: str = ""  # its name in the error when it stands outside of a transaction block (25P01)

    @property
    def returns_rows(self) -> bool:
        return self.columns is None or bool(self.columns) or self.tag == "SELECT"
