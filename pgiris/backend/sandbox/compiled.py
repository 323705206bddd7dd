"""Compiled: a statement's text -> what SQLite runs and what its result looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property, lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from pgiris.backend.base import Described
from pgiris.backend.sandbox.bulk import several_rows
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, Dictionary, TableDef
from pgiris.backend.sandbox.functions import USER_WORDS
from pgiris.backend.sandbox.iristypes import Kind
from pgiris.backend.sandbox.lower_data import LowerData
from pgiris.backend.sandbox.lower_sources import Named
from pgiris.backend.sandbox.privileges import Needs
from pgiris.backend.sandbox.values import Convert, Stored
from pgiris.backend.sqlcode import pg_error
from pgiris.sql.iris import IRIS, IrisSyntaxError, nodes
from pgiris.sql.iris.phrases import Phrase
from pgiris.types import native, oids
from pgiris.types.rows import Column

PLAN = (Column("Plan", oids.TEXT),)  # of EXPLAIN
ROWS_AT_ONCE = 32
MAX_PARAMETERS = 32_000  # SQLite: SQLITE_MAX_VARIABLE_NUMBER


class Action(Enum):
    QUERY = auto()
    CHANGE = auto()  # INSERT, UPDATE, DELETE
    DEFINE = auto()  # DDL: the session carries out the tree
    CONTROL = auto()  # transactions, options, locks: the session carries out the tree


@dataclass(frozen=True)
class Compiled:
    action: Action
    tree: exp.Expr
    parameter_count: int = 0
    sql: str = ""
    slots: tuple[tuple[int, Convert | None], ...] = ()
    columns: tuple[Column, ...] | None = None
    table: TableDef | None = None
    validators: tuple[Convert, ...] = ()
    plain: bool = field(default=True)  # parameters are bound in order and as they are
    checked: bool = False  # a change returns, for each row, whether it fulfils WITH CHECK OPTION
    unchecked: bool = False  # a change says %NOCHECK
    needs: Needs | None = None  # the privileges that it takes

    @cached_property
    def binder(self) -> native.RowBinder | None:
        """What finds out that many rows need no conversion, if it is compiled and knows all of the columns."""
        kinds = []
        for place, convert in self.slots:
            kind = ("any", 0, 0) if convert is None else convert.twin if isinstance(convert, Stored) else None
            if kind is None:
                return None
            kinds.append((place, kind))
        return native.binder(kinds, self.parameter_count)

    @cached_property
    def several(self) -> str | None:
        """The SQL that inserts ROWS_AT_ONCE rows, if this inserts one, row after row of its parameters."""
        return several_rows(self.sql, len(self.slots), ROWS_AT_ONCE) if len(self.slots) * ROWS_AT_ONCE <= MAX_PARAMETERS else None

    @property
    def described(self) -> Described:
        return Described(self.columns, self.parameter_count)


class Lowering(LowerData):
    def __init__(self, dictionary: Dictionary, default_schema: str = DEFAULT_SCHEMA) -> None:
        super().__init__(dictionary, default_schema)
        self.ctes = {}
        self._validators: list[Convert] = []

    @property
    def validators(self) -> list[Convert]:
        return self._validators

    def parse_view(self, query: str) -> exp.Expr:
        return _parsed_view(query).copy()

    def parse_default(self, text: str) -> exp.Expr:
        return _parsed_value(text).copy()


@lru_cache(512)
def _parsed_view(query: str) -> exp.Expr:
    return parse(query)


@lru_cache(512)
def _parsed_value(text: str) -> exp.Expr:
    """Of a default. It may be a word that is no expression elsewhere."""
    word = text.strip("() ").upper()
    if word in USER_WORDS:
        return nodes.SpecialVariable(this=word)
    return sqlglot.parse_one(text, into=exp.Expr, dialect=IRIS)


def parse(sql: str) -> exp.Expr:
    """Raises PgError with the SQLCODE that IRIS gives; its detail marks the place in the IRIS text."""
    try:
        tree = sqlglot.parse_one(sql, dialect=IRIS)
    except IrisSyntaxError as error:
        place = error.position
        raise pg_error(error.sqlcode, f"{error.message}^{sql[:place]}^{sql[place:]}"[:1000], text=error.message) from None
    except TokenError as error:
        raise pg_error(-3, f"Closing quote (') missing^{sql}"[:1000], text="Closing quote missing") from error
    except ParseError as error:
        raise pg_error(-1, f"Invalid SQL statement: {error}") from error
    except RecursionError:
        raise pg_error(-400, "Fatal error occurred: <FRAMESTACK>", state="54001", text="stack depth limit exceeded") from None
    return numbered(tree)


def numbered(tree: exp.Expr) -> exp.Expr:
    """The tree, its parameters numbered in the order of the text."""
    placeholders = sorted(tree.find_all(exp.Placeholder), key=lambda node: node.meta["start"])
    for index, node in enumerate(placeholders):
        node.meta["index"] = index
    tree.meta["parameters"] = len(placeholders)
    return tree


_CHANGES: dict[type[exp.Expr], Callable[[LowerData, exp.Expr], str]] = {
    exp.Insert: LowerData.insert,
    exp.Update: LowerData.update,
    exp.Delete: LowerData.delete,
    exp.TruncateTable: LowerData.truncate,
}


def compile_statement(sql: str, dictionary: Dictionary) -> Compiled:
    """Raises PgError."""
    return compile_tree(parse(sql), dictionary)


def compile_tree(tree: exp.Expr, dictionary: Dictionary) -> Compiled:
    """Raises PgError."""
    count = tree.meta["parameters"]
    if isinstance(tree, (exp.Create, exp.Alter, exp.Drop)):
        return Compiled(Action.DEFINE, tree, count)
    if isinstance(tree, nodes.Explain):
        return Compiled(Action.CONTROL, tree, count, columns=PLAN)
    if isinstance(tree, (exp.Command, Phrase, exp.Transaction, exp.Commit, exp.Rollback)):
        return Compiled(Action.CONTROL, tree, count)
    lowering = Lowering(dictionary)
    try:
        change = _CHANGES.get(type(tree))
        if change is not None:
            return _finish(lowering, tree, Action.CHANGE, change(lowering, tree), None)
        text, columns = lowering.query(tree)
        return _finish(
            lowering, tree, Action.QUERY, _shown(text, columns), tuple(result_column(dictionary, named) for named in columns)
        )
    except RecursionError:
        raise pg_error(-400, "Fatal error occurred: <FRAMESTACK>", state="54001", text="stack depth limit exceeded") from None


def _finish(lowering: Lowering, tree: exp.Expr, action: Action, sql: str, columns: tuple[Column, ...] | None) -> Compiled:
    slots = tuple(lowering.binds.slots)
    count = tree.meta["parameters"]
    plain = all(convert is None for _, convert in slots) and [index for index, _ in slots] == list(range(count))
    validators = tuple(lowering.validators)
    checks = (lowering.checked, lowering.unchecked)
    return Compiled(action, tree, count, sql, slots, columns, lowering.target, validators, plain, *checks, lowering.needs)


def _shown(sql: str, columns: list[Named]) -> str:
    """Vectors leave as text; everything else leaves as it is kept."""
    if not any(typed.kind == Kind.VECTOR for _, typed in columns):
        return sql
    items = [
        f"iris_vector_text(v.k{number})" if typed.kind == Kind.VECTOR else f"v.k{number}"
        for number, (_, typed) in enumerate(columns, 1)
    ]
    return f"SELECT {', '.join(items)} FROM ({sql}) AS v"


def result_column(dictionary: Dictionary, named: Named) -> Column:
    name, typed = named
    oid, typmod = typed.type.oid
    table = typed.table
    if typed.column is None or table is None:
        return Column(name, oid, typmod)
    return Column(name, oid, typmod, dictionary.oid(table), typed.attribute)
