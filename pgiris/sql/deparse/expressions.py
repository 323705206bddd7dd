"""Expressions: trees of postgres.py -> nodes. PostgreSQL: parse_expr.c, parse_func.c, parse_agg.c"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from sqlglot import exp

from pgiris.errors import PgError
from pgiris.sql.deparse import signatures
from pgiris.sql.deparse.conversions import Conversions
from pgiris.sql.deparse.nodes import (
    BOOL,
    Aggregate,
    Array,
    ArrayOp,
    Bool,
    Call,
    Case,
    Collate,
    Const,
    Construct,
    Distinct,
    Form,
    Frame,
    Node,
    Op,
    Order,
    Query,
    Row,
    Source,
    Sublink,
    Subscript,
    Test,
    Tested,
    Unsure,
    Value,
    Var,
    Window,
    WindowCall,
)
from pgiris.sql.deparse.signatures import Context
from pgiris.sql.infer import cast_target, fold, unwrapped
from pgiris.sql.infer.analysis import number_kind
from pgiris.sql.infer.symbols import SYMBOLS_OF
from pgiris.types import oids
from pgiris.types.codec import Context as Settings
from pgiris.types.codec import Oid
from pgiris.types.rows import decoder, encoder

_VALUES = {
    "current_date": oids.DATE,
    "current_time": oids.TIMETZ,
    "current_timestamp": oids.TIMESTAMPTZ,
    "localtime": oids.TIME,
    "localtimestamp": oids.TIMESTAMP,
    "current_user": oids.NAME,
    "current_role": oids.NAME,
    "session_user": oids.NAME,
    "current_catalog": oids.NAME,
    "current_schema": oids.NAME,
}
_PLAIN = Settings()
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_PREFIXES: dict[type[exp.Expr], str] = {exp.BitwiseNot: "~", exp.Abs: "@", exp.Sqrt: "|/", exp.Cbrt: "||/"}
_NEGATED = {"~": "!~", "~*": "!~*", "~~": "!~~", "~~*": "!~~*"}
_ARROWS = (exp.JSONExtract, exp.JSONExtractScalar, exp.JSONBExtract, exp.JSONBExtractScalar)
_TIGHTER = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Pow)  # than operators without a rank of their own
_RANKED = (*_TIGHTER, *_COMPARISONS, exp.And, exp.Or, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Like, exp.ILike, exp.SimilarTo)


class Expressions(Conversions):
    def __init__(self, query: Query, settings: Settings) -> None:
        """query: whose FROM is known, and those around it."""
        super().__init__(settings)
        self.query = query
        self.named: set[Source] = set()  # tables whose columns have been named

    def node(self, tree: exp.Expr) -> Node:
        form = _FORMS.get(type(tree))
        if form is None:
            raise Unsure(f"{type(tree).__name__} is not printed")
        return form(self, tree)

    def boolean(self, tree: exp.Expr) -> Node:
        return self.condition(self.node(tree))

    def subquery(self, tree: exp.Expr) -> Query:
        """A query within an expression."""
        raise Unsure("a subquery is not printed here")

    # Columns and constants

    def _column(self, tree: exp.Column) -> Node:
        if isinstance(tree.this, exp.Star) or tree.args.get("db") is not None:
            raise Unsure("such a name is not printed")
        name, table = fold(tree.this), fold(tree.args.get("table"))
        query: Query | None = self.query
        while query is not None:
            if not table and name in query.merged:
                return query.merged[name]
            sources = [source for source in query.sources if not table or source.name == table]
            found = [var(source, column) for source in sources if (column := source.find(name)) is not None]
            if len(found) == 1:
                self.named.add(found[0].source)
                return found[0]
            if found or (table and sources):
                break
            query = query.outer
        raise Unsure(f"which column {name} is meant")

    def _literal(self, tree: exp.Literal) -> Node:
        return Const(oids.UNKNOWN, text=tree.name) if tree.is_string else _number(tree.name)

    def _negative(self, tree: exp.Neg) -> Node:
        inner = unwrapped(tree.this)
        if isinstance(inner, exp.Literal) and not inner.is_string:
            return _number("-" + inner.name)
        return self._prefixed("-", self.node(inner))

    def _prefix(self, tree: exp.Unary) -> Node:
        return self._prefixed(_PREFIXES[type(tree)], self.node(tree.this))

    def _prefixed(self, name: str, operand: Node) -> Node:
        _, wanted, result = signatures.operator(name, Oid(0), operand.type)
        return Op(result, name=name, left=None, right=self.coerce(operand, wanted))

    def _cast(self, tree: exp.Cast) -> Node:
        try:
            target, typmod = cast_target(tree)
        except PgError as error:
            raise Unsure(str(error)) from None
        inner = unwrapped(tree.this)
        if isinstance(inner, exp.Array) and signatures.element_of(target):
            return self.array([self.node(item) for item in inner.expressions], target, typmod)
        if isinstance(inner, exp.Array) and not inner.expressions:
            raise Unsure("an empty array")
        return self.convert(self.node(inner), target, typmod, Context.EXPLICIT, Form.EXPLICIT)

    # Operators

    def op(self, name: str, left: Node, right: Node) -> Node:
        one, other, result = signatures.operator(name, left.type, right.type)
        return Op(result, name=name, left=self.coerce(left, one), right=self.coerce(right, other))

    def _binary(self, tree: exp.Binary) -> Node:
        name = SYMBOLS_OF[type(tree)]
        _refuse_doubtful(tree)
        left, right = unwrapped(tree.this), unwrapped(tree.expression)
        if isinstance(right, exp.Any | exp.All):
            return self._quantified(name, left, right)
        if isinstance(left, exp.Tuple) or isinstance(right, exp.Tuple):
            return self._rows(name, left, right)
        if name == "similar to":
            return self.op(
                "!~" if tree.args.get("negate") else "~", self.node(left), self._call_of("similar_to_escape", [self.node(right)])
            )
        return self.op(_NEGATED[name] if tree.args.get("negate") else name, self.node(left), self.node(right))

    def _escaped(self, tree: exp.Escape) -> Node:
        inner = tree.this
        negated = isinstance(inner, exp.Not)
        inner = inner.this if negated else inner
        name = SYMBOLS_OF[type(inner)]
        negated = negated or bool(inner.args.get("negate"))
        function, name = ("similar_to_escape", "~") if name == "similar to" else ("like_escape", name)
        pattern = self._call_of(function, [self.node(inner.expression), self.node(tree.expression)])
        return self.op(_NEGATED[name] if negated else name, self.node(inner.this), pattern)

    def _rows(self, name: str, left: exp.Expr, right: exp.Expr) -> Node:
        if not (isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple)) or name not in ("=", "<>"):
            raise Unsure("a comparison of rows")
        if len(left.expressions) != len(right.expressions) or len(left.expressions) < 2:
            raise Unsure("rows of different lengths")
        pairs = zip(left.expressions, right.expressions, strict=True)
        parts = tuple(self.op(name, self.node(one), self.node(other)) for one, other in pairs)
        return Bool(BOOL, word="AND" if name == "=" else "OR", args=parts)

    def _quantified(self, name: str, left: exp.Expr, right: exp.Any | exp.All) -> Node:
        inner, is_any = unwrapped(right.this), isinstance(right, exp.Any)
        if isinstance(inner, exp.Query | exp.Subquery):
            return self._sublink("ANY" if is_any else "ALL", inner, left, name)
        return self._array_op(name, self.node(left), self.node(inner), is_any)

    def _array_op(self, name: str, left: Node, array: Node, is_any: bool) -> Node:
        """PostgreSQL: make_scalar_array_op() in parse_oper.c"""
        element = oids.UNKNOWN if array.type == oids.UNKNOWN else signatures.element_of(array.type)
        if not element:
            raise Unsure("ANY of what is no array")
        one, other, _ = signatures.operator(name, left.type, element)
        wanted = signatures.array_of(other)
        if not wanted:
            raise Unsure("ANY of these values")
        return ArrayOp(BOOL, name=name, left=self.coerce(left, one), right=self.coerce(array, wanted), any=is_any)

    def _in(self, tree: exp.In, negated: bool = False) -> Node:
        _refuse_doubtful(tree)
        query = tree.args.get("query")
        if query is not None:
            found = self._sublink("ANY", unwrapped(query), tree.this, "=")
            return Bool(BOOL, word="NOT", args=(found,)) if negated else found
        if tree.args.get("unnest") is not None or tree.args.get("field") is not None:
            raise Unsure("IN of this kind")
        if isinstance(unwrapped(tree.this), exp.Tuple):
            name = "<>" if negated else "="
            parts = [self._rows(name, unwrapped(tree.this), unwrapped(item)) for item in tree.expressions]
        else:
            parts = self._in_list(tree, "<>" if negated else "=", negated)
        word = "AND" if negated else "OR"
        return reduce(lambda made, part: Bool(BOOL, word=word, args=(made, part)), parts)

    def _in_list(self, tree: exp.In, name: str, negated: bool) -> list[Node]:
        """PostgreSQL: transformAExprIn() in parse_expr.c: what names no column is an array."""
        left = self.node(tree.this)
        items = [(item, self.node(item)) for item in tree.expressions]
        fixed = [node for item, node in items if not item.find(exp.Column)]
        parts: list[Node] = []
        if len(fixed) > 1:
            chosen = signatures.common_type([left.type, *(node.type for node in fixed)])
            if chosen is not None and signatures.array_of(chosen):
                array = Array(signatures.array_of(chosen), items=tuple(self.coerce(node, chosen) for node in fixed))
                parts = [self._array_op(name, left, array, not negated)]
        rest = [node for item, node in items if not parts or item.find(exp.Column)]
        return parts + [self.op(name, left, node) for node in rest]

    def _between(self, tree: exp.Between, negated: bool = False) -> Node:
        """PostgreSQL: transformAExprBetween() in parse_expr.c"""
        value, low, high = self.node(tree.this), self.node(tree.args["low"]), self.node(tree.args["high"])

        def within(low: Node, high: Node) -> Node:
            if negated:
                return Bool(BOOL, word="OR", args=(self.op("<", value, low), self.op(">", value, high)))
            return Bool(BOOL, word="AND", args=(self.op(">=", value, low), self.op("<=", value, high)))

        if not tree.args.get("symmetric"):
            return within(low, high)
        return Bool(BOOL, word="AND" if negated else "OR", args=(within(low, high), within(high, low)))

    # Conditions

    def _joined(self, tree: exp.And | exp.Or) -> Node:
        """The left one of the same kind is part of it, whatever parentheses stand around it."""
        word = "AND" if isinstance(tree, exp.And) else "OR"
        left, right = self.boolean(unwrapped(tree.this)), self.boolean(unwrapped(tree.expression))
        is_same = type(unwrapped(tree.this)) is type(tree)
        first = left.args if is_same and isinstance(left, Bool) else (left,)
        return Bool(BOOL, word=word, args=(*first, right))

    def _not(self, tree: exp.Not) -> Node:
        inner = tree.this
        if tree.meta.get("prefix"):
            return Bool(BOOL, word="NOT", args=(self.boolean(unwrapped(inner)),))
        if isinstance(inner, exp.In):
            return self._in(inner, negated=True)
        if isinstance(inner, exp.Between):
            return self._between(inner, negated=True)
        if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Boolean):
            return self._is(inner, negated=True)
        if isinstance(inner, exp.RegexpLike | exp.RegexpILike):
            return self.op(_NEGATED[SYMBOLS_OF[type(inner)]], self.node(inner.this), self.node(inner.expression))
        if isinstance(inner, exp.SimilarTo):
            pattern = self._call_of("similar_to_escape", [self.node(inner.expression)])
            return self.op("!~", self.node(inner.this), pattern)
        return Bool(BOOL, word="NOT", args=(self.boolean(unwrapped(inner)),))

    def _is(self, tree: exp.Is, negated: bool = False) -> Node:
        _refuse_doubtful(tree)
        negated = negated or bool(tree.args.get("negate"))
        words = "IS NOT" if negated else "IS"
        if isinstance(tree.expression, exp.Null):
            return Test(BOOL, arg=self.settle(self.node(unwrapped(tree.this))), words=f"{words} NULL")
        if not isinstance(tree.expression, exp.Boolean):
            raise Unsure("IS of this kind")
        word = "TRUE" if tree.expression.this else "FALSE"
        return Test(BOOL, arg=self.boolean(unwrapped(tree.this)), words=f"{words} {word}", of_truth=True)

    def _distinct(self, tree: exp.Binary) -> Node:
        _refuse_doubtful(tree)
        if isinstance(unwrapped(tree.this), exp.Tuple):
            raise Unsure("a comparison of rows")
        made = self.op("=", self.node(unwrapped(tree.this)), self.node(unwrapped(tree.expression)))
        assert isinstance(made, Op)
        assert made.left is not None
        found = Distinct(BOOL, left=made.left, right=made.right)
        return Bool(BOOL, word="NOT", args=(found,)) if isinstance(tree, exp.NullSafeEQ) else found

    def _case(self, tree: exp.Case) -> Node:
        arg = self.settle(self.node(tree.this)) if tree.this is not None else None
        conditions = []
        for branch in tree.args["ifs"]:
            if arg is None:
                conditions.append(self.boolean(branch.this))
            else:
                conditions.append(self.op("=", Tested(arg.type, typmod=arg.typmod), self.node(branch.this)))
        default = tree.args.get("default")
        results = [Const(oids.UNKNOWN, text=None) if default is None else self.node(default)]
        results += [self.node(branch.args["true"]) for branch in tree.args["ifs"]]
        chosen, typmod, (first, *rest) = self.unify(results)
        whens = tuple(zip(conditions, rest, strict=True))
        return Case(chosen, typmod=typmod if default is not None else -1, arg=arg, whens=whens, default=first)

    # Calls

    def _call(self, tree: exp.Anonymous) -> Node:
        name = fold(tree.this)
        if isinstance(tree.this, exp.Expr) and tree.this.args.get("quoted"):
            name = tree.this.name
        if name in _VALUES and not tree.expressions:
            return Value(_VALUES[name], word=name.upper())
        special = _SPECIALS.get(name)
        if special is not None:
            return special(self, name, tree)
        return self._called(name, tree)

    def _called(self, name: str, tree: exp.Anonymous) -> Node:
        given, variadic = list(tree.expressions), False
        if given and isinstance(given[-1], exp.Variadic):
            given[-1], variadic = given[-1].this, True
        plain, order, is_distinct = _arguments(given)
        if any(isinstance(item, exp.Star) for item in plain):
            return self._aggregate_of_all(name, plain, order, is_distinct)
        args = [self.node(item) for item in plain]
        if not order and not is_distinct:
            return self._call_of(name, args, syntax=bool(tree.meta.get("by_words")), variadic=variadic)
        chosen, converted = self._chosen(name, args, "n", variadic)
        keys = once([self.order(item) for item in order])
        return Aggregate(chosen.result, name=name, args=tuple(converted), distinct=is_distinct, order=keys, variadic=variadic)

    def _aggregate_of_all(self, name: str, plain: list[exp.Expr], order: list[exp.Expr], is_distinct: bool) -> Node:
        if len(plain) != 1 or order or is_distinct:
            raise Unsure("* among arguments")
        return Aggregate(signatures.function(name, (), "n").result, name=name, args=None)

    def _call_of(self, name: str, args: list[Node], *, syntax: bool = False, variadic: bool = False) -> Node:
        chosen, converted = self._chosen(name, args, "fn", variadic)
        if chosen.function.kind == "n":
            return Aggregate(chosen.result, name=name, args=tuple(converted), variadic=variadic or bool(chosen.merged))
        return Call(chosen.result, name=name, args=tuple(converted), syntax=syntax, variadic=variadic or bool(chosen.merged))

    def _chosen(self, name: str, args: list[Node], kinds: str, variadic: bool = False) -> tuple[signatures.Chosen, list[Node]]:
        """The function that is meant, and the arguments as it takes them."""
        chosen = signatures.function(name, tuple(arg.type for arg in args), kinds, variadic)
        converted = [self.coerce(arg, wanted) for arg, wanted in zip(args, chosen.arguments, strict=True)]
        if chosen.merged:
            merged = converted[-chosen.merged :]
            array = Array(signatures.array_of(merged[0].type), items=tuple(merged))
            converted = [*converted[: -chosen.merged], array]
        return chosen, converted

    def _construct(self, name: str, tree: exp.Anonymous) -> Node:
        chosen, typmod, args = self.unify([self.node(item) for item in tree.expressions])
        return Construct(chosen, typmod=typmod, word=name.upper(), args=tuple(args))

    def _nullif(self, name: str, tree: exp.Anonymous) -> Node:
        one, other = (self.node(item) for item in tree.expressions)
        made = self.op("=", one, other)
        assert isinstance(made, Op)
        assert made.left is not None
        return Construct(made.left.type, typmod=made.left.typmod, word="NULLIF", args=(made.left, made.right))

    def _extract(self, name: str, tree: exp.Anonymous) -> Node:
        field, value = tree.expressions
        return self._call_of(name, [Const(oids.UNKNOWN, text=field.name.lower()), self.node(value)], syntax=True)

    def _position(self, name: str, tree: exp.Anonymous) -> Node:
        return self._call_of(name, [self.node(item) for item in tree.expressions], syntax=True)

    def _row(self, name: str, tree: exp.Anonymous | exp.Tuple) -> Node:
        items = tuple(self.settle(self.node(item)) for item in tree.expressions)
        return Row(oids.RECORD, items=items)

    def _tuple(self, tree: exp.Tuple) -> Node:
        return self._row("row", tree)

    def _array_of_query(self, name: str, tree: exp.Anonymous) -> Node:
        query = self.subquery(tree.expressions[0])
        array = signatures.array_of(query.targets[0].expression.type)
        if not array:
            raise Unsure("an array of these values")
        return Sublink(array, kind="ARRAY", query=query)

    def _qualified(self, tree: exp.Dot) -> Node:
        if fold(tree.this) != "pg_catalog" or not isinstance(tree.expression, exp.Anonymous):
            raise Unsure("such a name is not printed")
        return self._called(fold(tree.expression.this), tree.expression)

    def _at_time_zone(self, tree: exp.AtTimeZone) -> Node:
        return self._call_of("timezone", [self.node(tree.args["zone"]), self.node(unwrapped(tree.this))], syntax=True)

    # Aggregates and windows

    def orders(self, tree: exp.Order | None) -> tuple[Order, ...]:
        return once([self.order(item) for item in (tree.expressions if tree is not None else ())])

    def order(self, tree: exp.Expr) -> Order:
        if not isinstance(tree, exp.Ordered):
            raise Unsure("ORDER BY of this kind")
        expression = self.settle(self.node(unwrapped(tree.this)))
        return Order(expression, bool(tree.args.get("desc")), bool(tree.args.get("nulls_first")))

    def _filter(self, tree: exp.Filter) -> Node:
        inner = self.node(tree.this)
        if not isinstance(inner, Aggregate):
            raise Unsure("FILTER of what is no aggregate")
        return replace(inner, filter=self.boolean(tree.expression.this))

    def _within(self, tree: exp.WithinGroup) -> Node:
        if not isinstance(tree.this, exp.Anonymous):
            raise Unsure("WITHIN GROUP of this kind")
        name = fold(tree.this.this)
        keys = [self.order(item) for item in tree.expression.expressions]
        args = [self.node(item) for item in tree.this.expressions]
        chosen, converted = self._chosen(name, [*args, *(key.expression for key in keys)], "o")
        within = tuple(replace(key, expression=made) for key, made in zip(keys, converted[len(args) :], strict=True))
        return Aggregate(chosen.result, name=name, args=tuple(converted[: len(args)]), within=within)

    def _window_call(self, tree: exp.Window) -> Node:
        called, filter_ = tree.this, None
        if isinstance(called, exp.Filter):
            called, filter_ = called.this, self.boolean(called.expression.this)
        if not isinstance(called, exp.Anonymous):
            raise Unsure("a window function of this kind")
        name, (plain, order, is_distinct) = fold(called.this), _arguments(list(called.expressions))
        if order or is_distinct:
            raise Unsure("a window function of this kind")
        window = self.window(tree)
        if len(plain) == 1 and isinstance(plain[0], exp.Star):
            return WindowCall(signatures.function(name, (), "n").result, name=name, args=None, window=window, filter=filter_)
        chosen, converted = self._chosen(name, [self.node(item) for item in plain], "wn")
        if chosen.merged:
            raise Unsure("a window function of this kind")
        return WindowCall(chosen.result, name=name, args=tuple(converted), window=window, filter=filter_)

    def window(self, tree: exp.Window, name: str = "") -> Window:
        """name: by which the WINDOW clause calls it."""
        refers = fold(tree.args.get("alias"))
        if not name and refers and not (tree.args.get("partition_by") or tree.args.get("order") or tree.args.get("spec")):
            return Window(refers, "", (), (), None)  # OVER w
        return Window(
            name,
            refers,
            tuple(dict.fromkeys(self.settle(self.node(unwrapped(item))) for item in tree.args.get("partition_by") or ())),
            self.orders(tree.args.get("order")),
            self._frame(tree.args.get("spec")),
        )

    def _frame(self, spec: exp.WindowSpec | None) -> Frame | None:
        if spec is None:
            return None
        if spec.args.get("exclude") is not None:
            raise Unsure("a window frame of this kind")
        bounds: list[tuple[str, Node | None]] = []
        for part in ("start", "end"):
            bound, side = spec.args.get(part), (spec.args.get(f"{part}_side") or "").upper()
            if isinstance(bound, str):
                bounds.append((f"{bound} {side}".strip().upper(), None))
            elif bound is not None:
                if spec.args["kind"].upper() == "RANGE":
                    raise Unsure("a window frame of this kind")
                bounds.append((side, self.assigned(self.node(bound), oids.INT8)))
        return Frame(spec.args["kind"].upper(), tuple(bounds))

    # Others

    def _array(self, tree: exp.Array) -> Node:
        if not tree.expressions:
            raise Unsure("an empty array")
        return self.array([self.node(item) for item in tree.expressions])

    def _bracket(self, tree: exp.Bracket) -> Node:
        places: list[exp.Expr] = []
        inner: exp.Expr = tree
        while isinstance(inner, exp.Bracket):
            places = [*inner.expressions, *places]
            inner = inner.this
        arg = self.node(unwrapped(inner))
        element = signatures.element_of(arg.type)
        if not element:
            raise Unsure("a subscript of what is no array")
        slices = any(isinstance(place, exp.Slice) for place in places)
        bounds = []
        for place in places:
            low, high = (place.this, place.expression) if isinstance(place, exp.Slice) else (None, place)
            if slices and not isinstance(place, exp.Slice):
                raise Unsure("a slice of this kind")
            bounds.append(tuple(None if part is None else self.assigned(self.node(part), oids.INT4) for part in (low, high)))
        return Subscript(arg.type if slices else element, arg=arg, bounds=tuple(bounds), is_slice=slices)  # type: ignore[arg-type]

    def _collate(self, tree: exp.Collate) -> Node:
        name = tree.expression.name if isinstance(tree.expression, exp.Expr) else str(tree.expression)
        arg = self.settle(self.node(unwrapped(tree.this)))
        return Collate(arg.type, typmod=arg.typmod, arg=arg, name=name)

    def _subquery(self, tree: exp.Expr) -> Node:
        query = self.subquery(tree)
        if len(query.targets) != 1:
            raise Unsure("a subquery of several columns")
        first = query.targets[0].expression
        return Sublink(first.type, typmod=first.typmod, kind="EXPR", query=query)

    def _exists(self, tree: exp.Exists) -> Node:
        return Sublink(BOOL, kind="EXISTS", query=self.subquery(unwrapped(tree.this)))

    def _sublink(self, kind: str, tree: exp.Expr, left: exp.Expr, name: str) -> Node:
        query = self.subquery(tree)
        if isinstance(unwrapped(left), exp.Tuple) or len(query.targets) != 1:
            raise Unsure("rows of a subquery")
        found = self.node(left)
        one, _, _ = signatures.operator(name, found.type, query.targets[0].expression.type)
        return Sublink(BOOL, kind=kind, query=query, left=self.coerce(found, one), name=name)


def var(source: Source, name: str) -> Var:
    oid, typmod = source.columns[name]
    return Var(oid, typmod=typmod, source=source, name=name)


def once(keys: Sequence[Order]) -> tuple[Order, ...]:
    """Without those that come again, which order nothing. PostgreSQL: targetIsInSortList()"""
    return tuple(key for place, key in enumerate(keys) if all(key.expression != other.expression for other in keys[:place]))


def _number(digits: str) -> Const:
    kind = number_kind(digits)
    if kind.oid != oids.NUMERIC:
        return Const(kind.oid, text=str(int(digits)))
    text = encoder(oids.NUMERIC, -1, 0, _PLAIN)(decoder(oids.NUMERIC, 0, _PLAIN)(digits.encode()))
    assert text is not None
    return Const(oids.NUMERIC, text=bytes(text).decode())


def _arguments(given: Sequence[exp.Expr]) -> tuple[list[exp.Expr], list[exp.Expr], bool]:
    """The arguments of a call, its ORDER BY, and whether it is DISTINCT."""
    is_distinct, order, plain = False, [], []
    items = list(given)
    if len(items) == 1 and isinstance(items[0], exp.Order) and isinstance(items[0].this, exp.Distinct):
        order, items = list(items[0].expressions), [items[0].this]
    if items and isinstance(items[0], exp.Distinct):
        is_distinct, items = True, [*items[0].expressions, *items[1:]]
    for item in items:
        if isinstance(item, exp.Order):
            order, item = list(item.expressions), item.this
            if isinstance(item, exp.Distinct):
                is_distinct = True
                plain += item.expressions
                continue
        if isinstance(item, exp.Kwarg):
            raise Unsure("arguments by their names")
        plain.append(item)
    return plain, order, is_distinct


def _refuse_doubtful(tree: exp.Expr) -> None:
    """Where the parser binds an operator otherwise than PostgreSQL does. PostgreSQL: sql-syntax-lexical#SQL-PRECEDENCE"""
    operands = [tree.this, *(part for part in (tree.args.get("expression"),) if isinstance(part, exp.Expr))]
    is_plain = isinstance(tree, exp.Binary) and not isinstance(tree, _RANKED)  # an operator without a rank
    for place, operand in enumerate(operands):
        if isinstance(operand, exp.Is | exp.NullSafeEQ | exp.NullSafeNEQ):
            raise Unsure("IS within a comparison")
        if isinstance(operand, _ARROWS) and (isinstance(tree, _TIGHTER) or (is_plain and place == 1)):
            raise Unsure("operators of one rank without parentheses")
        is_plain_operand = isinstance(operand, exp.Binary) and not isinstance(operand, _RANKED)
        if is_plain and place == 1 and is_plain_operand:
            raise Unsure("operators of one rank without parentheses")
        if isinstance(tree, _ARROWS) and isinstance(operand, _TIGHTER):
            raise Unsure("operators of one rank without parentheses")
        if isinstance(tree, exp.Is | exp.NullSafeEQ | exp.NullSafeNEQ) and isinstance(operand, _COMPARISONS):
            raise Unsure("IS behind a comparison")


_FORMS: dict[type[exp.Expr], Callable[[Any, Any], Node]] = {
    **dict.fromkeys(SYMBOLS_OF, Expressions._binary),
    **dict.fromkeys(_PREFIXES, Expressions._prefix),
    exp.Column: Expressions._column,
    exp.Literal: Expressions._literal,
    exp.Null: lambda self, tree: Const(oids.UNKNOWN, text=None),
    exp.Boolean: lambda self, tree: Const(BOOL, text="true" if tree.this else "false"),
    exp.Paren: lambda self, tree: self.node(tree.this),
    exp.Cast: Expressions._cast,
    exp.Neg: Expressions._negative,
    exp.And: Expressions._joined,
    exp.Or: Expressions._joined,
    exp.Not: Expressions._not,
    exp.Is: Expressions._is,
    exp.In: Expressions._in,
    exp.Between: Expressions._between,
    exp.NullSafeEQ: Expressions._distinct,
    exp.NullSafeNEQ: Expressions._distinct,
    exp.Escape: Expressions._escaped,
    exp.Case: Expressions._case,
    exp.Anonymous: Expressions._call,
    exp.Dot: Expressions._qualified,
    exp.AtTimeZone: Expressions._at_time_zone,
    exp.Array: Expressions._array,
    exp.Bracket: Expressions._bracket,
    exp.Tuple: Expressions._tuple,
    exp.Collate: Expressions._collate,
    exp.Filter: Expressions._filter,
    exp.WithinGroup: Expressions._within,
    exp.Window: Expressions._window_call,
    exp.Subquery: Expressions._subquery,
    exp.Select: Expressions._subquery,
    exp.Exists: Expressions._exists,
}
_SPECIALS: dict[str, Callable[[Any, str, exp.Anonymous], Node]] = {
    **dict.fromkeys(("coalesce", "greatest", "least"), Expressions._construct),
    "nullif": Expressions._nullif,
    "extract": Expressions._extract,
    "position": Expressions._position,
    "row": Expressions._row,
    "array": Expressions._array_of_query,
}
