"""Core: what all parts of inference share: dispatch by node, coercion of unknowns, common types, operators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import operators
from pgiris.sql.coercion import BOOL, TEXT, Kind, assignable, check_literal, common, implicit
from pgiris.sql.infer.analysis import Analysis, Output, kind_of, kind_of_parameter, set_kind, unwrapped
from pgiris.sql.postgres import operator_position, position_of
from pgiris.sql.scope import Scope
from pgiris.sql.trees import copied
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import parse_type, registered_name, type_name
from pgiris.types.vector import VECTORS


class Core:
    handlers: ClassVar[dict[type[exp.Expr], Callable[..., Kind]]]  # how the kind of a node is found: set in binder.py

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._aggregates: list[list[exp.Expr]] = []
        self.open_query: exp.Expr | None = None  # the query of an INSERT, whose columns' types the table decides

    def condition(self, node: exp.Expr, scope: Scope, clause: str) -> None:
        self.expression(node, scope)
        self.boolean(node, f"argument of {clause}")

    def boolean(self, node: exp.Expr, what: str) -> None:
        kind = kind_of(node)
        if kind.oid == oids.UNKNOWN:
            self.coerce(node, BOOL)
        elif kind.oid not in (oids.BOOL, 0):
            message = f"{what} must be type boolean, not type {type_name(kind.oid)}"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(node))

    def expression(self, node: exp.Expr, scope: Scope) -> Kind:
        handler = self.handlers.get(type(node))
        if handler is None:
            raise unsupported(node)
        return set_kind(node, handler(self, node, scope))

    def coerce(self, node: exp.Expr, kind: Kind) -> Kind:
        """Give an expression of unknown type the type that its context wants."""
        if isinstance(node, exp.Paren | exp.Alias):
            self.coerce(node.this, kind)
        elif isinstance(node, exp.Parameter):
            number = int(node.this.name)
            known = self.analysis.parameter(number, position_of(node))
            if known.oid not in (oids.UNKNOWN, kind.oid):
                raise PgError(
                    sqlstate.AMBIGUOUS_PARAMETER,
                    f"inconsistent types deduced for parameter ${number}",
                    detail=f"{type_name(known.oid)} versus {type_name(kind.oid)}",
                    position=position_of(node),
                )
            if kind.oid == oids.REGTYPE:
                raise not_supported("parameters of type regtype are not supported here")
            self.analysis.parameters[number - 1] = kind.oid
        elif isinstance(node, exp.Literal) and node.is_string:
            check_literal(node.name, kind, position_of(node), self.analysis.date_style)
            if kind.oid == oids.BPCHAR and node.name.endswith(" ") and not isinstance(node.parent, exp.Cast):
                # IRIS keeps, and compares, it without its blanks.
                node.set("this", node.name.rstrip(" "))
                node.meta["pin"] = True
            elif kind.oid == oids.REGTYPE:
                node.set("this", registered_name(_type_called(node)))
                node.meta["pin"] = True
        return set_kind(node, Kind(kind.oid, -1 if isinstance(node, exp.Parameter) else kind.typmod))

    def to_type(self, node: exp.Expr, kind: Kind, *, assignment: bool = False) -> Kind | None:
        """Coerce an unknown, or see whether a known type may be taken for another; None: it may not."""
        own = kind_of(node)
        if own.oid == oids.UNKNOWN:
            return self.coerce(node, kind)
        fits = assignable(own.oid, kind.oid) if assignment else implicit(own.oid, kind.oid)
        return own if fits else None

    def unify(self, nodes: Sequence[exp.Expr], context: str) -> Kind:
        """The common type of expressions; the unknown ones take it."""
        kind = common([kind_of(node) for node in nodes], context, position_of(nodes[-1]))
        for node in nodes:
            if kind_of(node).oid == oids.UNKNOWN:
                self.coerce(node, TEXT if not kind.oid else kind)
            else:
                as_vector(node, kind.oid)
        return kind

    def settle(self, key: exp.Expr) -> None:
        if kind_of(key).oid == oids.UNKNOWN:
            self.coerce(key, TEXT)

    def operator(self, node: exp.Expr, symbol: str, left: exp.Expr, right: exp.Expr, one: Kind, other: Kind) -> Kind:
        try:
            wanted_left, wanted_right, result = operators.resolve(symbol, one, other)
        except operators.NoOperator as error:
            raise self.no_operator(symbol, one, other, left, error.ambiguous) from None
        for operand, own, wanted in ((left, one, wanted_left), (right, other, wanted_right)):
            if own.oid == oids.UNKNOWN:
                # The second mention of a parameter may have been settled by the first.
                if kind_of_parameter(operand, self.analysis) is None:
                    self.coerce(operand, Kind(wanted.oid))
                else:
                    set_kind(operand, Kind(wanted.oid))
            else:
                as_vector(operand, wanted.oid)
        if symbol in ("<", "<=", ">", ">=") and oids.REGTYPE in (one.oid, other.oid):
            raise not_supported("the order of values of type regtype is not supported here")
        if symbol in operators.DISTANCES:
            check_dimensions(left, right, wanted_left)
        return result

    def no_operator(self, symbol: str, one: Kind, other: Kind, left: exp.Expr, ambiguous: bool) -> PgError:
        shown = f"{type_name(one.oid)} {symbol} {type_name(other.oid)}"
        position = operator_position(self.analysis.text, left)
        if ambiguous:
            hint = "Could not choose a best candidate operator. You might need to add explicit type casts."
            return PgError(sqlstate.AMBIGUOUS_FUNCTION, f"operator is not unique: {shown}", hint=hint, position=position)
        hint = "No operator matches the given name and argument types. You might need to add explicit type casts."
        return PgError(sqlstate.UNDEFINED_FUNCTION, f"operator does not exist: {shown}", hint=hint, position=position)

    def no_prefix_operator(self, symbol: str, own: Kind, node: exp.Expr) -> PgError:
        position = position_of(node)
        if position is not None:
            position = self.analysis.text.rfind(symbol, 0, position) + 1 or None
        hint = "No operator matches the given name and argument type. You might need to add an explicit type cast."
        message = f"operator does not exist: {symbol} {type_name(own.oid)}"
        return PgError(sqlstate.UNDEFINED_FUNCTION, message, hint=hint, position=position)

    def missing_column(self, name: str, table: str, node: exp.Expr) -> PgError:
        shown = f"column {table}.{name}" if table else f'column "{name}"'
        return PgError(sqlstate.UNDEFINED_COLUMN, f"{shown} does not exist", position=position_of(node))

    def parenthesis_before(self, node: exp.Expr) -> int | None:
        position = position_of(node)
        return None if position is None else self.analysis.text.rfind("(", 0, position) + 1 or None

    def query(self, node: exp.Expr, scope: Scope) -> list[Output]:
        """A query within an expression."""
        raise NotImplementedError

    def expanded(self, items: Sequence[exp.Expr], scope: Scope) -> list[exp.Expr]:
        """A list with its stars expanded."""
        raise NotImplementedError


def unsupported(node: exp.Expr) -> PgError:
    words = _WORDS.get(type(node)) or node.key.upper()
    error = not_supported(f"{words} is not supported")
    error.position = position_of(node)
    return error


_WORDS: dict[type[exp.Expr], str] = {
    exp.RegexpLike: "the operator ~",
    exp.RegexpILike: "the operator ~*",
    exp.SimilarTo: "SIMILAR TO",
    exp.JSONExtract: "the operator ->",
    exp.JSONExtractScalar: "the operator ->>",
    exp.JSONBExtract: "the operator #>",
    exp.JSONBExtractScalar: "the operator #>>",
    exp.JSONBContains: "the operator ?",
    exp.ArrayContainsAll: "the operator @>",
    exp.ArrayContainedBy: "the operator <@",
    exp.ArrayOverlaps: "the operator &&",
    exp.BitwiseAnd: "the operator &",
    exp.BitwiseOr: "the operator |",
    exp.BitwiseXor: "the operator #",
    exp.BitwiseNot: "the operator ~",
    exp.BitwiseLeftShift: "the operator <<",
    exp.BitwiseRightShift: "the operator >>",
    exp.Bracket: "subscripting of arrays",
    exp.Operator: "OPERATOR()",
    exp.StartsWith: "the operator ^@",
    exp.WithinGroup: "WITHIN GROUP",
}


def _type_called(literal: exp.Literal) -> Oid:
    """The type that a constant of type regtype names. Raises 42704."""
    if literal.name.isdigit():
        return Oid(int(literal.name))
    try:
        return parse_type(literal.name)[0]
    except PgError as error:
        error.position = position_of(literal)
        raise


def as_vector(node: exp.Expr, wanted: Oid) -> exp.Expr:
    """What becomes a vector unasked: a cast that replaces it, since numbers are rounded. Others as they are."""
    own = kind_of(node).oid
    if wanted not in VECTORS or own in (wanted, oids.UNKNOWN, 0):
        return node
    kind = Kind(wanted)
    cast = exp.Cast(this=copied(node), to=exp.DataType(this=exp.DType.UNKNOWN))
    cast.meta["target"] = kind
    set_kind(cast, kind)
    node.replace(cast)
    return cast


def check_unrounded(own: Kind, wanted: Kind) -> None:
    """0A000 where rows of one type of vectors would have to become those of another before they are compared."""
    if own.oid in VECTORS and wanted.oid in VECTORS and own.oid != wanted.oid:
        raise not_supported(f"comparing rows of {type_name(own.oid)} with {type_name(wanted.oid)} is not supported here")


def check_dimensions(left: exp.Expr, right: exp.Expr, kind: Kind) -> None:
    """22000 when a vector literal has not the column's dimensions."""
    sizes = [_dimensions(left), _dimensions(right)]
    if None not in sizes and sizes[0] != sizes[1]:
        raise PgError(sqlstate.DATA_EXCEPTION, f"different {type_name(kind.oid)} dimensions {sizes[0]} and {sizes[1]}")


def _dimensions(node: exp.Expr) -> int | None:
    node = unwrapped(node)
    kind = kind_of(node)
    if isinstance(node, exp.Cast) and kind.typmod < 0:
        node = unwrapped(node.this)
    if kind.typmod > 0:
        return kind.typmod
    if isinstance(node, exp.Literal) and node.is_string:
        node.meta["pin"] = True
        return int(node.name.rpartition("/")[2]) if kind.oid == oids.SPARSEVEC else node.name.count(",") + 1
    return None
