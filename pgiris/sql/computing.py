"""Computing: expressions that the worker computes by itself (pgiris/compute) before a statement runs.

What constants and parameters alone decide is computed once and bound; a SELECT without FROM needs no backend at all.
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.compute.program import Program, oid_of
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import BOOL, Kind
from pgiris.sql.infer import Output, kind_of, unwrapped, value_of
from pgiris.sql.infer.analysis import number_kind
from pgiris.sql.infer.symbols import SYMBOLS_OF
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.statement import Statement
from pgiris.sql.write import Computed
from pgiris.types import oids

# Constants


def constant(node: exp.Expr, statement: Statement) -> exp.Expr | None:
    """A node for the value of an expression without columns; None: it has some, or is plain enough for IRIS."""
    if type(node) not in _WORTHWHILE or statement.inline or _is_plain(node) or _is_list(node):
        return None
    mark = statement.mark()
    try:
        program = Builder(statement).program(node)
    except (NotComputable, PgError):
        statement.back_to(mark)
        return None
    return computed(program, kind_of(node), statement)


def compared(node: exp.Expr, statement: Statement) -> exp.Expr | None:
    """A comparison of what is computed with other constants, as a whole: IRIS would not know in which type.

    None: it compares something else.
    """
    parts = [part for key in ("this", "expression", "low", "high", "expressions") for part in _parts(node.args.get(key))]
    if not any(isinstance(part, Computed) for part in parts) or not all(isinstance(part, _BOUND) for part in parts):
        return None
    mark = statement.mark()

    def leaf(part: exp.Expr) -> Program | None:
        return statement.program_at(part.this) if isinstance(part, Computed) else None

    try:
        return computed(Builder(statement, leaf).program(node), BOOL, statement)
    except (NotComputable, PgError):
        statement.back_to(mark)
        return None


_BOUND = (Computed, exp.Literal, exp.Parameter)


def _parts(found: object) -> list[exp.Expr]:
    return [unwrapped(part) for part in (found if isinstance(found, list) else [found]) if isinstance(part, exp.Expr)]


def computed(program: Program, kind: Kind, statement: Statement) -> Computed:
    made = Computed(this=statement.computed_index(program))
    made.meta["kind"] = Kind(oid_of(program), kind.typmod if oid_of(program) == kind.oid else -1)
    statement.fired("computed_constant")
    return made


def number(node: exp.Expr, target: Kind, statement: Statement) -> Computed | None:
    """A number of the text as a value of the column that it is stored into, so that other numbers there share the plan.

    None: it is none, or may be bound as it is.
    """
    inner = unwrapped(node)
    is_signed = isinstance(inner, exp.Neg)
    constant = unwrapped(inner.this) if is_signed else inner
    if not isinstance(constant, exp.Literal) or constant.is_string or statement.inline or statement.place(constant) is None:
        return None
    kind = number_kind(constant.name) if is_signed else kind_of(constant)  # 2147483648 alone is no integer
    own = kind.oid
    if own == target.oid and not (is_signed and own == oids.NUMERIC):
        return None
    mark = statement.mark()
    try:
        builder = Builder(statement)
        program = ("v", own, statement.literal_index(constant.name, kind, statement.place(constant)))
        made = builder.cast(builder.call("-", own, program) if is_signed else program, Kind(target.oid))
    except NotComputable:
        statement.back_to(mark)
        return None
    return computed(made, Kind(target.oid), statement)


def _is_plain(node: exp.Expr) -> bool:
    """A constant, perhaps cast to the type it has anyway; a function that the session answers."""
    node = unwrapped(node)
    if isinstance(node, exp.Cast):
        inner = unwrapped(node.this)
        kind = kind_of(node)
        return kind_of(inner).oid == kind.oid and kind.typmod < 0 and _is_plain(inner)
    if isinstance(node, exp.Neg):
        return isinstance(node.this, exp.Literal)
    return isinstance(node, exp.Literal | exp.Parameter | exp.Null | exp.Boolean) or "session" in node.meta


def _is_list(node: exp.Expr) -> bool:
    """The array of ``= ANY (ARRAY[...])``, which becomes an IN list; a long one, which plainer.py made of such, is bound."""
    if "listed" in node.meta:
        return False
    parent = node.parent
    while isinstance(parent, exp.Paren | exp.Cast):
        parent = parent.parent
    return isinstance(node, exp.Array) and isinstance(parent, exp.Any | exp.All)


_WORTHWHILE = frozenset(
    (
        exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Pow, exp.DPipe, exp.Anonymous, exp.Cast, exp.Case, exp.Neg, exp.Array,
        exp.AtTimeZone, exp.BitwiseNot, exp.Bracket, *SYMBOLS_OF,
    )
) - frozenset((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Like, exp.ILike))  # fmt: skip


# Rows without a table


def row_of(node: exp.Expr, statement: Statement) -> tuple[Program, ...] | None:
    """The programs of a SELECT without FROM; None when something in it is not computable."""
    if not isinstance(node, exp.Select) or any(node.args.get(clause) for clause in _CLAUSES) or statement.inline:
        return None
    mark = statement.mark()
    outputs: list[Output] = node.meta["outputs"]
    builder = Builder(statement, volatile=True)
    try:
        programs = tuple(
            builder.cast(builder.program(value_of(item)), output.kind)
            for item, output in zip(node.expressions, outputs, strict=True)
        )
    except (NotComputable, PgError):
        statement.back_to(mark)
        return None
    statement.fired("computed_row")
    return programs


_CLAUSES = ("from_", "joins", "where", "group", "having", "distinct", "limit", "offset", "with_", "locks", "order", "windows")


def refused_here(name: str) -> PgError:
    """For a function that IRIS has not, where the backend would have to compute it."""
    return not_supported(
        f"function {name} is not supported here", "It is computed of constants and parameters, and in the select list of a query."
    )
