"""Programs: expressions of an analysed tree as what pgiris/compute runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from pgiris.compute import casts as conversions
from pgiris.compute.comparisons import SYMBOLS
from pgiris.compute.program import Program, is_known, moved, oid_of
from pgiris.compute.registry import ANY, ANYARRAY, ANYELEMENT
from pgiris.sql import operators
from pgiris.sql.coercion import INT4, NUMBERS, STRINGS, TEXT, Kind
from pgiris.sql.functions import Call
from pgiris.sql.infer import kind_of, parameter_of, unwrapped
from pgiris.sql.infer.analysis import CONSTRUCTS
from pgiris.sql.infer.scales import static_scale
from pgiris.sql.infer.symbols import SYMBOLS_OF
from pgiris.sql.plan import SessionValue
from pgiris.sql.session_functions import EACH_TIME, OF_SEQUENCES
from pgiris.sql.statement import Statement
from pgiris.sql.write import Value
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import TYPES
from pgiris.types.vector import VECTORS

Leaf = Callable[[exp.Expr], Program | None]


class NotComputable(Exception):
    """The expression holds something that only the backend knows, or that is not known here."""


class Builder:
    """leaf: programs of what is not computed here. volatile: the expression is evaluated once."""

    def __init__(self, statement: Statement, leaf: Leaf | None = None, *, volatile: bool = False) -> None:
        self._statement = statement
        self._leaf = leaf
        self._volatile = volatile

    def program(self, node: exp.Expr) -> Program:
        """Raises NotComputable, or the PgError of a session function's arguments."""
        node = unwrapped(node)
        if isinstance(node, exp.Alias):
            node = node.this
        if self._leaf is not None:
            found = self._leaf(node)
            if found is not None:
                return _padded(found, node)
        build = _BUILDERS.get(type(node))
        if build is None:
            raise NotComputable
        made = build(self, node)
        if not oid_of(made):
            raise NotComputable
        return made

    def call(self, name: str, result: Oid, *arguments: Program, typmod: int = -1) -> Program:
        if not is_known(name, tuple(oid_of(argument) for argument in arguments)):
            raise NotComputable
        return ("f", name, result, typmod, *arguments)

    def cast(self, program: Program, kind: Kind) -> Program:
        own = oid_of(program)
        if own == kind.oid and kind.typmod < 0:
            return program
        if program[0] == "k" and program[2] is None:
            return ("k", kind.oid, None)
        if own in STRINGS and kind.oid in (oids.TEXT, oids.VARCHAR) and own != oids.BPCHAR and kind.typmod < 0:
            return program if own == kind.oid else ("f", "cast", kind.oid, -1, program)
        if own == oids.RECORD and kind.oid in STRINGS:
            return self.cast(self._record_text(program), kind)
        if not conversions.is_possible(own, kind.oid):
            raise NotComputable
        return ("f", "cast", kind.oid, kind.typmod, program)

    def as_type(self, node: exp.Expr, oid: Oid) -> Program:
        return self.cast(self.program(node), Kind(oid))

    # One method for each class of nodes

    def literal(self, node: exp.Literal) -> Program:
        kind = kind_of(node)
        oid = oids.TEXT if kind.oid in (0, oids.UNKNOWN) else kind.oid
        return ("v", oid, self._statement.literal_index(node.name, Kind(oid), self._statement.place(node)))

    def null(self, node: exp.Null) -> Program:
        oid = kind_of(node).oid
        return ("k", oids.TEXT if oid in (0, oids.UNKNOWN) else oid, None)

    def boolean(self, node: exp.Boolean) -> Program:
        return ("k", oids.BOOL, "true" if node.this else "false")

    def parameter(self, node: exp.Parameter) -> Program:
        number = int(node.this.name)
        oid = self._statement.analysis.parameters[number - 1]
        return self.cast(("v", oid, number - 1), Kind(kind_of(node).oid or oid)) if oid else self._refuse()

    def _refuse(self) -> Program:
        raise NotComputable

    def negative(self, node: exp.Neg) -> Program:
        inner = unwrapped(node.this)
        if isinstance(inner, exp.Literal) and not inner.is_string:
            kind = kind_of(inner)
            self._statement.fix(inner)
            return ("v", kind.oid, self._statement.literal_index("-" + inner.name, kind, None))
        own = self.program(inner)
        return self.call("-", oid_of(own), own)

    def complement(self, node: exp.BitwiseNot) -> Program:
        own = self.as_type(node.this, kind_of(node).oid)
        return self.call("~", oid_of(own), own)

    def cast_node(self, node: exp.Cast) -> Program:
        return self.cast(self.program(node.this), kind_of(node))

    def operation(self, node: exp.Binary) -> Program:
        symbol = SYMBOLS_OF[type(node)]
        if isinstance(node.expression, exp.Any | exp.All):
            return self._quantified(node, symbol)
        if isinstance(node.this, exp.Tuple):
            return self._row_comparison(node, symbol)
        made = self.operate(symbol, node.this, node.expression, kind_of(node).oid)
        return self.call("not", oids.BOOL, made) if node.args.get("negate") else made

    def operate(self, symbol: str, left: exp.Expr, right: exp.Expr, result: Oid = oids.BOOL) -> Program:
        one, other = self.program(left), self.program(right)
        if symbol in operators.MATCHES:
            one = self._as_matched(one)
        try:
            wanted_left, wanted_right, found = operators.resolve(symbol, Kind(oid_of(one)), Kind(oid_of(other)))
        except operators.NoOperator:
            raise NotComputable from None
        if symbol in operators.COMPARISONS:
            return self._compared(symbol, one, other)
        result = found.oid or result
        if symbol in ("<<", ">>") and result != oids.BOOL:
            wanted_left, wanted_right = Kind(result), INT4
        elif result in NUMBERS and wanted_left.oid in NUMBERS and wanted_right.oid in NUMBERS:
            wanted_left = wanted_right = Kind(result)
        elif result == oids.INTERVAL and symbol in "*/":
            wanted_left, wanted_right = (Kind(oids.FLOAT8) if k.oid in NUMBERS else k for k in (wanted_left, wanted_right))
        elif symbol == "||" and result == oids.TEXT:
            wanted_left = wanted_right = TEXT
        return self.call(symbol, result, self.cast(one, wanted_left), self.cast(other, wanted_right))

    def _compared(self, symbol: str, one: Program, other: Program) -> Program:
        common = _common(oid_of(one), oid_of(other))
        return self.call(symbol, oids.BOOL, self.cast(one, Kind(common)), self.cast(other, Kind(common)))

    def _row_comparison(self, node: exp.Binary, symbol: str) -> Program:
        pairs = list(zip(node.this.expressions, node.expression.expressions, strict=True))
        if symbol in ("=", "<>"):
            equal = self.call("and", oids.BOOL, *(self.operate("=", one, other) for one, other in pairs))
            return equal if symbol == "=" else self.call("not", oids.BOOL, equal)
        choices = []
        for place, (one, other) in enumerate(pairs):
            strict = symbol.rstrip("=") if place < len(pairs) - 1 else symbol
            before = [self.operate("=", *pair) for pair in pairs[:place]]
            choices.append(self.call("and", oids.BOOL, *before, self.operate(strict, one, other)))
        return self.call("or", oids.BOOL, *choices)

    def _quantified(self, node: exp.Binary, symbol: str) -> Program:
        right = node.expression
        inner = unwrapped(right.this)
        if symbol not in SYMBOLS or isinstance(inner, exp.Query | exp.Subquery):
            raise NotComputable
        items, left = self.program(inner), self.program(node.this)
        row = TYPES.get(oid_of(items))
        if row is None or not row.element:
            raise NotComputable
        common = _common(oid_of(left), row.element)
        items = self.cast(items, Kind(TYPES[common].array))
        name = "any" if isinstance(right, exp.Any) else "all"
        return self.call(name, oids.BOOL, self.cast(left, Kind(common)), items, typmod=SYMBOLS.index(symbol))

    def distance(self, node: exp.Binary) -> Program:
        return self.operate(node.symbol, node.this, node.expression, oids.FLOAT8)  # type: ignore[attr-defined]

    def connected(self, node: exp.Connector) -> Program:
        name = "and" if isinstance(node, exp.And) else "or"
        return self.call(name, oids.BOOL, self.as_type(node.this, oids.BOOL), self.as_type(node.expression, oids.BOOL))

    def negated(self, node: exp.Not) -> Program:
        return self.call("not", oids.BOOL, self.as_type(node.this, oids.BOOL))

    def is_node(self, node: exp.Is) -> Program:
        if isinstance(node.expression, exp.Null):
            made = self.call("is null", oids.BOOL, self.program(node.this))
        elif isinstance(node.expression, exp.Boolean):
            name = "is true" if node.expression.this else "is false"
            made = self.call(name, oids.BOOL, self.as_type(node.this, oids.BOOL))
        elif isinstance(node.expression, exp.JSON):
            wanted, unique = node.expression.args.get("this") or "VALUE", bool(node.expression.args.get("with_"))
            flags: list[Program] = [("k", oids.TEXT, str(wanted)), ("k", oids.BOOL, "true" if unique else "false")]
            made = self.call("is json", oids.BOOL, self.program(node.this), *flags)
        else:
            raise NotComputable
        return self.call("not", oids.BOOL, made) if node.args.get("negate") else made

    def distinct_from(self, node: exp.Binary) -> Program:
        one, other = self.program(node.this), self.program(node.expression)
        common = Kind(_common(oid_of(one), oid_of(other)))
        made = self.call("is distinct", oids.BOOL, self.cast(one, common), self.cast(other, common))
        return self.call("not", oids.BOOL, made) if isinstance(node, exp.NullSafeEQ) else made

    def between(self, node: exp.Between) -> Program:
        low, high = node.args["low"], node.args["high"]

        def within(one: exp.Expr, other: exp.Expr) -> Program:
            return self.call("and", oids.BOOL, self.operate(">=", node.this, one), self.operate("<=", node.this, other))

        made = within(low, high)
        if node.args.get("symmetric"):
            made = self.call("or", oids.BOOL, made, within(high, low))
        return self.call("not", oids.BOOL, made) if node.args.get("negate") else made

    def in_list(self, node: exp.In) -> Program:
        if node.args.get("query") is not None or not node.expressions or isinstance(node.this, exp.Tuple):
            raise NotComputable
        made = self.call("or", oids.BOOL, *(self.operate("=", node.this, item) for item in node.expressions))
        return self.call("not", oids.BOOL, made) if node.args.get("negate") else made

    def escape(self, node: exp.Escape) -> Program:
        inner = node.this
        symbol = SYMBOLS_OF.get(type(inner))
        if symbol not in ("~~", "~~*", "similar to"):
            raise NotComputable
        one = self.cast(self._as_matched(self.program(inner.this)), TEXT)
        made = self.call(symbol, oids.BOOL, one, *(self.as_type(part, oids.TEXT) for part in (inner.expression, node.expression)))
        return self.call("not", oids.BOOL, made) if inner.args.get("negate") else made

    def _as_matched(self, program: Program) -> Program:
        """What patterns are compared with: of a character(n) with its blanks."""
        return self.call("with blanks", oids.TEXT, program) if oid_of(program) == oids.BPCHAR else program

    def case(self, node: exp.Case) -> Program:
        kind = kind_of(node)
        parts: list[Program] = []
        for branch in node.args["ifs"]:
            condition = branch.this
            tested = self.as_type(condition, oids.BOOL) if node.this is None else self.operate("=", node.this, condition)
            parts += [tested, self.as_type(branch.args["true"], kind.oid)]
        default = node.args.get("default")
        parts.append(("k", kind.oid, None) if default is None else self.as_type(default, kind.oid))
        return self.call("case", kind.oid, *parts)

    def array(self, node: exp.Array) -> Program:
        kind = kind_of(node)
        row = TYPES.get(kind.oid)
        if row is None or not row.element:
            raise NotComputable
        items = [self.program(item) for item in node.expressions]
        if "last" in node.meta:
            first = parameter_of(node.expressions[0])
            items = [moved(items[0], number - first) for number in range(first, node.meta["last"] + 1)]
        element = kind.oid if any(_is_array(oid_of(item)) for item in items) else row.element
        return self.call("array", kind.oid, *(self.cast(item, Kind(element)) for item in items))

    def bracket(self, node: exp.Bracket) -> Program:
        items = self.program(node.this)
        row = TYPES.get(oid_of(items))
        places = list(node.expressions)
        if oid_of(items) == oids.JSONB:
            steps = self.call("array", oids.TEXT_ARRAY, *(self.as_type(place, oids.TEXT) for place in places))
            return self.call("#>", oids.JSONB, items, steps)
        if row is None or not row.element:
            raise NotComputable
        if any(isinstance(place, exp.Slice) for place in places):
            return self._slice(items, places)
        return self.call("subscript", row.element, items, *(self.as_type(place, oids.INT4) for place in places))

    def _slice(self, items: Program, places: list[exp.Expr]) -> Program:
        """Among slices a single place is a slice that begins at 1."""
        parts: list[Program] = []
        for place in places:
            if not isinstance(place, exp.Slice):
                parts += [("k", oids.INT4, "1"), self.as_type(place, oids.INT4)]
                continue
            for bound, outermost in ((place.this, -(1 << 31)), (place.expression, (1 << 31) - 1)):
                parts.append(("k", oids.INT4, str(outermost)) if bound is None else self.as_type(bound, oids.INT4))
        return self.call("slice", oid_of(items), items, *parts)

    def at_time_zone(self, node: exp.AtTimeZone) -> Program:
        return self.call("timezone", kind_of(node).oid, self.program(node.args["zone"]), self.program(node.this))

    def function(self, node: exp.Anonymous) -> Program:
        session = node.meta.get("session")
        if session is not None:
            return self._session_call(node, session)
        if "names" in node.meta:
            return self._record(node)
        resolved: Call | None = node.meta.get("call")
        if resolved is None or node.meta.get("aggregate_call"):
            raise NotComputable
        name = resolved.function.name
        kind = kind_of(node)
        if name in CONSTRUCTS:
            return self._construct(name, kind, node.expressions)
        arguments = []
        for argument, oid in zip(node.expressions, resolved.arguments, strict=True):
            program = self.program(argument)
            own = oid_of(program)
            pseudo = oid in _PSEUDO
            arguments.append(program if pseudo and own != oids.UNKNOWN else self.cast(program, TEXT if pseudo else Kind(oid)))
        element = node.meta.get("element")
        if element is not None:
            arguments = [
                self._of_element(program, oid, element) for program, oid in zip(arguments, resolved.arguments, strict=True)
            ]
        return self.call(name, kind.oid, *arguments)

    def _record(self, node: exp.Anonymous) -> Program:
        named = zip(node.meta["names"], node.expressions, strict=True)
        parts = ((("k", oids.TEXT, name), self.program(value)) for name, value in named)
        made: Program = ("f", "record", oids.RECORD, -1, *(part for pair in parts for part in pair))
        present = node.meta.get("present")
        if present is None:
            return made
        is_missing = self.call("is null", oids.BOOL, self.program(present))
        return ("f", "case", oids.RECORD, -1, is_missing, ("k", oids.RECORD, None), made)

    def _record_text(self, program: Program) -> Program:
        """What _record() made, as the text of a row."""
        parts = tuple(self._record_text(part) if oid_of(part) == oids.RECORD else part for part in program[4:])
        if program[0] == "k":
            return ("k", oids.TEXT, None)
        if program[1] == "case":
            return ("f", "case", oids.TEXT, -1, *parts)
        if program[1] != "record":
            raise NotComputable
        return self.call("record text", oids.TEXT, *parts[1::2])

    def _of_element(self, program: Program, wanted: Oid, element: Kind) -> Program:
        """Arguments of anyelement and anyarray agree in their types."""
        if wanted == ANYELEMENT:
            return self.cast(program, Kind(element.oid))
        return self.cast(program, Kind(TYPES[element.oid].array)) if wanted == ANYARRAY else program

    def _construct(self, name: str, kind: Kind, arguments: list[exp.Expr]) -> Program:
        if name == "nullif":
            first = self.as_type(arguments[0], kind.oid)
            return self.call("nullif", kind.oid, first, self.operate("=", arguments[0], arguments[1]))
        return self.call(name, kind.oid, *(self.as_type(argument, kind.oid) for argument in arguments))

    def _session_call(self, node: exp.Anonymous, function: Any) -> Program:
        from pgiris.sql.rewrites import session_argument  # which imports this module

        if function.name in EACH_TIME and self._leaf is not None:
            pairs = zip(node.expressions, function.arguments, strict=True)
            return self.call(function.name, function.result, *(self.as_type(argument, oid) for argument, oid in pairs))
        if function.name in OF_SEQUENCES:
            made = self._of_sequence(node, function)
            if made is not None:
                return made
        if function.volatile and not (self._volatile or node.meta.get("once")):
            raise NotComputable
        pairs = zip(node.expressions, function.arguments, strict=True)
        arguments = tuple(session_argument(argument, oid, self._statement) for argument, oid in pairs)
        return ("v", function.result, self._statement.session_index(SessionValue(function.name, arguments, function.result)))

    def _of_sequence(self, node: exp.Anonymous, function: Any) -> Program | None:
        """nextval() and its kin where they are called anew for each row, or with computed arguments; None elsewhere."""
        each = function.name == "pgiris_nextval"  # the INSERT runs for each row of a COPY
        if self._leaf is None and not each and all(map(_is_plain_argument, node.expressions)):
            return None
        if self._leaf is None and not (each or self._volatile or node.meta.get("once")):
            raise NotComputable
        self._statement.draws = True
        pairs = zip(node.expressions, function.arguments, strict=True)
        arguments = [self._name(argument) if oid in _NAMES else self.as_type(argument, oid) for argument, oid in pairs]
        return self.call(function.name.removeprefix("pgiris_"), oids.INT8, *arguments)

    def _name(self, node: exp.Expr) -> Program:
        """A sequence's name, which the session looks up."""
        inner = unwrapped(node)
        while isinstance(inner, exp.Cast):
            inner = unwrapped(inner.this)
        if isinstance(inner, exp.Literal):
            return ("k", oids.TEXT, inner.name)  # a COPY has no values but those of its rows
        return self.as_type(inner, oids.TEXT)


_NAMES = frozenset((oids.TEXT, oids.REGCLASS))


def _is_plain_argument(node: exp.Expr) -> bool:
    """Whether rewrites.session_argument() takes it."""
    node = unwrapped(node)
    while isinstance(node, exp.Cast):
        node = unwrapped(node.this)
    if isinstance(node, exp.Neg):
        node = unwrapped(node.this)
    return isinstance(node, exp.Literal | exp.Parameter | exp.Null | exp.Boolean | Value)


def _padded(program: Program, node: exp.Expr) -> Program:
    """A character(n) of IRIS, which keeps it without its blanks."""
    length = static_scale(node) if oid_of(program) == oids.BPCHAR else None
    return program if length is None else ("f", "cast", oids.BPCHAR, length + 4, program)


def _is_array(oid: Oid) -> bool:
    row = TYPES.get(oid)
    return row is not None and row.is_array


_PADDED = frozenset((oids.BPCHAR, oids.VARCHAR, oids.UNKNOWN))  # what is compared as character(n)


def _common(left: Oid, right: Oid) -> Oid:
    """The type in which two values are compared."""
    if left == right:
        return left
    if left in STRINGS and right in STRINGS:
        return oids.BPCHAR if oids.BPCHAR in (left, right) and {left, right} <= _PADDED else oids.TEXT
    for ladder in (NUMBERS, _MOMENTS, VECTORS):
        if left in ladder and right in ladder:
            return max(left, right, key=ladder.index)
    if {left, right} == {oids.INET, oids.CIDR}:
        return oids.INET
    if {left, right} <= {oids.OID, oids.INT2, oids.INT4, oids.INT8}:
        return oids.INT8
    if oids.UNKNOWN in (left, right):
        return right if left == oids.UNKNOWN else left
    raise NotComputable


_PSEUDO = frozenset((ANY, ANYARRAY, ANYELEMENT, oids.ANYENUM))
_MOMENTS = (oids.DATE, oids.TIMESTAMP, oids.TIMESTAMPTZ)
_BUILDERS: dict[type[exp.Expr], Callable[[Builder, Any], Program]] = {
    **dict.fromkeys(SYMBOLS_OF, Builder.operation),
    exp.And: Builder.connected,
    exp.Anonymous: Builder.function,
    exp.Array: Builder.array,
    exp.AtTimeZone: Builder.at_time_zone,
    exp.Between: Builder.between,
    exp.BitwiseNot: Builder.complement,
    exp.Boolean: Builder.boolean,
    exp.Bracket: Builder.bracket,
    exp.Case: Builder.case,
    exp.Cast: Builder.cast_node,
    exp.Escape: Builder.escape,
    exp.In: Builder.in_list,
    exp.Is: Builder.is_node,
    exp.Literal: Builder.literal,
    exp.Neg: Builder.negative,
    exp.Not: Builder.negated,
    exp.Null: Builder.null,
    exp.NullSafeEQ: Builder.distinct_from,
    exp.NullSafeNEQ: Builder.distinct_from,
    exp.Or: Builder.connected,
    exp.Parameter: Builder.parameter,
}
