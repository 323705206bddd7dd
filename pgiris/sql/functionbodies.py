"""Function bodies: the query of a function in SQL, read, checked, and ready to be written out where the function is called.

In: a function and the schema. Out: a Body, whose tree has Parameters where arguments go.
PostgreSQL: xfunc-sql; check_sql_fn_retval in functions.c
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import expansions, modifying, samenames, scanner, sequences, typenames
from pgiris.sql.aggregates import has_aggregate, is_aggregate
from pgiris.sql.coercion import Kind, assignable
from pgiris.sql.functions import FUNCTIONS, Sort
from pgiris.sql.infer import Binder, Output, fold
from pgiris.sql.plainer import plainer
from pgiris.sql.postgres import Unparsable, end_of, parse, position_of
from pgiris.sql.reader import QUERY_WORDS
from pgiris.sql.schemanames import shown_schema
from pgiris.sql.scope import Scope, find_relation
from pgiris.sql.session_functions import SESSION_FUNCTIONS
from pgiris.sql.split import split
from pgiris.sql.statement import Statement
from pgiris.sql.trees import Census, copied, walk
from pgiris.types import enums
from pgiris.types.codec import Oid
from pgiris.types.routines import RoutineMeta
from pgiris.types.table import type_name

Expand = Callable[[exp.Expr, Statement], exp.Expr]  # writes out the calls of other functions in a tree
_PLACES = ("start", "end", "line", "col")  # what a node's meta tells of another text


@dataclass(frozen=True)
class Body:
    """tree: a Query. kinds: of its columns. uses: how often each argument stands in it. value: the expression that it is,
    when it is nothing but one. is_plain: that has no query within."""

    tree: exp.Expr
    kinds: tuple[Kind, ...]
    uses: tuple[int, ...]
    value: exp.Expr | None
    is_plain: bool


def body_of(function: RoutineMeta, statement: Statement, expand: Expand, *, placed: bool = False) -> Body:
    """placed: nodes keep their places in the body, for errors. Raises what PostgreSQL raises for such a body, and 0A000."""
    tree = read(function, statement)
    if not placed:
        without_places(tree)
    for named in _names(tree, function):
        named.meta["argument"] = [_number(named, function)]
    if not any(isinstance(node, exp.Table) for node in walk(tree)):
        _settle(tree, lambda node: True)
    _uses(tree, function)
    scratch = statement.fresh()
    scratch.computing = scratch.keeping = True
    scratch.analysis = replace(scratch.analysis, parameters=[Oid(p.oid) for p in function.inputs])
    outputs = bound(expand(copied(tree), scratch), scratch)
    _settle(tree, lambda node: len(node.meta["argument"]) > 1)
    for node in walk(tree):
        node.meta.pop("argument", None)
    _check_result(function, outputs)
    _place_tables(tree, statement)
    value = _value(tree)
    is_plain = value is not None and not any(isinstance(node, exp.Query) for node in walk(value))
    return Body(tree, tuple(output.kind for output in outputs), _uses(tree, function), value, is_plain)


def _place_tables(tree: exp.Expr, statement: Statement) -> None:
    """Tables name their schemas, so that WITH around a call does not hide them."""
    analysis, census = statement.analysis, Census(tree)
    own = {fold(cte.args["alias"].this) for cte in census.of(exp.CTE)}
    for table in census.of(exp.Table):
        name, schema = fold(table.this), fold(table.args.get("db"))
        if isinstance(table.this, exp.Identifier) and not schema and name not in own:
            found = find_relation(analysis.snapshot, analysis.search_path, "", name)
            if found is not None:
                table.set("db", exp.to_identifier(shown_schema(found.schema), quoted=True))


def _uses(tree: exp.Expr, function: RoutineMeta) -> tuple[int, ...]:
    """How often each argument stands there. Raises 42P02."""
    uses = [0] * len(function.inputs)
    for node in walk(tree):
        if isinstance(node, exp.Parameter):
            number = int(node.this.name)
            if not 1 <= number <= len(uses):
                place = position_of(node)  # of the digits
                message = f"there is no parameter ${number}"
                raise PgError(sqlstate.UNDEFINED_PARAMETER, message, position=None if place is None else place - 1)
            uses[number - 1] += 1
    return tuple(uses)


def read(function: RoutineMeta, statement: Statement) -> exp.Expr:
    """The query."""
    texts = [one.text for one in split(text_of(function))]
    if not texts:
        raise _mismatch(function, "Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.")
    if len(texts) > 1:
        raise not_supported("functions of several statements are not supported")
    try:
        tree = parse(text_of(function).rstrip().rstrip(";"))
    except Unparsable:
        raise _syntax_error(function) from None
    if not isinstance(tree, exp.Query | exp.Values) or modifying.changes_data(tree):
        raise not_supported("functions whose body is not a query are not supported")
    if any(isinstance(node, exp.Lock) or node.args.get("into") for node in walk(tree)):
        raise not_supported("functions that lock rows or create tables are not supported")
    return typenames.resolve(expansions.expand(tree), statement.analysis.snapshot, statement.analysis.search_path)


def text_of(function: RoutineMeta) -> str:
    """Of the query."""
    is_value = function.function is not None and function.function.form == "return"
    return f"{RETURN}{function.text}" if is_value else function.text


RETURN = "SELECT "  # in the place of RETURN


def _syntax_error(function: RoutineMeta) -> PgError:
    """Where the parser does not tell where it is: at the first word, if no query begins with that."""
    text = text_of(function)
    first = scanner.next_token(text, 0)
    if first.text not in QUERY_WORDS:
        return scanner.syntax_error(text, first)
    return PgError(sqlstate.SYNTAX_ERROR, f'syntax error in the body of function "{function.name}"')


def without_places(tree: exp.Expr) -> exp.Expr:
    for node in walk(tree):
        for key in _PLACES:
            node.meta.pop(key, None)
    return tree


def bound(tree: exp.Expr, statement: Statement) -> list[Output]:
    """The columns of a query. Both are of no use any more."""
    census = Census(tree)
    if sequences.read(census, statement):
        census = Census(census.tree)
    if samenames.distinguish(census, statement.analysis.snapshot, statement.analysis.search_path):
        for column in census.of(exp.Column):
            column.meta.get("sources", []).append("")  # nobody knows what the table is called in the statement
        census = Census(tree)
    return Binder(statement.analysis).query(plainer(census, statement), Scope())


# Arguments


def _names(tree: exp.Expr, function: RoutineMeta) -> list[exp.Column]:
    """What may name an argument: ``a``, or ``f.a``."""
    names = {parameter.name for parameter in function.inputs if parameter.name}
    return [
        node
        for node in walk(tree)
        if isinstance(node, exp.Column)
        and not isinstance(node.this, exp.Star)
        and fold(node.this) in names
        and fold(node.args.get("table")) in ("", function.name)
    ]


def _number(node: exp.Column, function: RoutineMeta) -> int:
    name = fold(node.this)
    return next(number for number, parameter in enumerate(function.inputs, 1) if parameter.name == name)


def _settle(tree: exp.Expr, is_argument: Callable[[exp.Expr], bool]) -> None:
    for node in walk(tree):
        found = node.meta.get("argument")
        if found is not None and is_argument(node):
            made = exp.Parameter(this=exp.Literal.number(found[0]))
            start, end = position_of(node), end_of(node)
            if start is not None and end is not None:
                made.meta.update(start=start - 1, end=end - 1)
            node.replace(made)


# Results


def _check_result(function: RoutineMeta, outputs: list[Output]) -> None:
    """Raises 42P13."""
    columns = [p for p in function.parameters if p.mode == "TABLE"]
    if not columns:
        if len(outputs) != 1:
            raise _mismatch(function, "Final statement must return exactly one column.")
        own = outputs[0].kind.oid
        if own and not assignable(own, Oid(function.result)):
            raise _mismatch(function, f"Actual return type is {type_name(own)}.")
        return
    if len(outputs) != len(columns):
        few = "few" if len(outputs) < len(columns) else "many"
        raise _mismatch(function, f"Final statement returns too {few} columns.")
    for place, (output, column) in enumerate(zip(outputs, columns, strict=True), 1):
        own = output.kind.oid
        if own and not assignable(own, Oid(column.oid)):
            told = f"Final statement returns {type_name(own)} instead of {type_name(Oid(column.oid))} at column {place}."
            raise _mismatch(function, told)


def _mismatch(function: RoutineMeta, detail: str) -> PgError:
    shown = type_name(Oid(function.result))
    message = f"return type mismatch in function declared to return {shown}"
    return PgError(sqlstate.INVALID_FUNCTION_DEFINITION, message, detail=detail)


_CLAUSES = frozenset(
    (
        "with_", "from_", "joins", "laterals", "where", "group", "having", "windows", "qualify", "distinct", "order", "limit",
        "offset", "locks",
    )
)  # fmt: skip


def _value(tree: exp.Expr) -> exp.Expr | None:
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or any(tree.args.get(clause) for clause in _CLAUSES):
        return None
    item = tree.expressions[0]
    value: exp.Expr = item.this if isinstance(item, exp.Alias) else item
    return None if gathers(value) else value


def gathers(node: exp.Expr) -> bool:
    """Whether it is made of the rows of a query, or makes rows: an aggregate, a window, a function of rows."""
    return any(is_aggregate(part) or isinstance(part, exp.Window) or is_rows(part) for part in walk(node, (exp.Query,)))


def is_own_aggregate(item: exp.Expr) -> bool:
    """Whether it makes one value of all rows of its query."""
    return has_aggregate(item, (exp.Query, exp.Window))


def is_rows(node: exp.Expr) -> bool:
    found = FUNCTIONS.get(fold(node.this)) if isinstance(node, exp.Anonymous) else None
    return found is not None and found[0].sort is Sort.ROWS


# PostgreSQL: provolatile in pg_proc, of the functions that are known here
_VOLATILE = frozenset(
    [
        "random",
        "gen_random_uuid",
        "uuid_generate_v1",
        "uuid_generate_v4",
        "clock_timestamp",
        "timeofday",
        "nextval",
        "currval",
        "lastval",
        "setval",
        "set_config",
    ]
)


def is_volatile(node: exp.Expr) -> bool:
    """Whether it may differ, or do something, each time that it is computed. Functions of IRIS may."""
    for call in walk(node):
        if isinstance(call, exp.Anonymous):
            name = fold(call.this)
            if name in _VOLATILE or any(one.volatile for one in SESSION_FUNCTIONS.get(name, ())):
                return True
            if name not in FUNCTIONS and name not in SESSION_FUNCTIONS and "function" not in call.meta and name not in _PLAIN:
                return True
    return False


_PLAIN = frozenset(("row", "pg_typeof"))


def type_node(oid: Oid) -> exp.DataType:
    """A type as a tree of postgres.py has it after typenames.py."""
    found = enums.find(oid)
    if found is None:
        return exp.DataType.build(type_name(oid), dialect="postgres")
    kind = f'"{found.parsed}"' + ("[]" if oid == found.array else "")
    return exp.DataType(this=exp.DType.USERDEFINED, kind=kind)


def as_type(value: exp.Expr, oid: Oid) -> exp.Cast:
    made = exp.Cast(this=value, to=type_node(oid))
    made.meta["target"] = Kind(oid)
    return made
