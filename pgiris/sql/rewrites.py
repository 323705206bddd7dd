"""Rewrites: a tree with types (infer) -> the tree of an IRIS statement that means the same.

REWRITES is walked for every node, children first; a rewrite answers with another node, or None when it has nothing to say. The
order counts among rewrites of the same node class: the first answer is the one that stands. What concerns whole queries (ORDER
BY, LIMIT, DISTINCT) is in queries.py, conditions against values in conditions.py.
iris-reference 4
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute import rowcounts
from pgiris.compute.rowcounts import Clause
from pgiris.errors import PgError, not_supported
from pgiris.sql import calls, casts, computing, tablefunctions, textorder
from pgiris.sql.coercion import INTEGERS, NUMBERS, STRINGS, TEXT, Kind, category
from pgiris.sql.dates import date_arithmetic
from pgiris.sql.infer import is_nullable, kind_of, unwrapped
from pgiris.sql.infer.scales import static_scale
from pgiris.sql.infer.symbols import NOT_IN_IRIS, SYMBOLS_OF
from pgiris.sql.iris import nodes
from pgiris.sql.laterals import BY_WORKER
from pgiris.sql.plan import SessionValue
from pgiris.sql.postgres import CosineDistance, Distance, L2Distance, NegativeInnerProduct
from pgiris.sql.programs import Builder
from pgiris.sql.session_functions import SessionFunction
from pgiris.sql.statement import Statement
from pgiris.sql.trees import change_children, copied, is_star
from pgiris.sql.write import Computed, RowCount, Template, Value, template, test, under_casts
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import TYPES, type_name
from pgiris.types.vector import DENSE, VECTORS

Answer = exp.Expr | None


@dataclass(frozen=True)
class Rewrite:
    name: str
    classes: tuple[type[exp.Expr], ...]
    apply: Callable[[Any, Statement], Answer]


def rewrite(node: exp.Expr, statement: Statement) -> exp.Expr:
    """The tree with all rewrites applied; nodes keep their kinds."""
    made = computing.constant(node, statement)
    if made is not None:
        for key in _KEPT:
            if key in node.meta:
                made.meta.setdefault(key, node.meta[key])
        return made
    if "rows" not in node.meta:  # of a function in FROM the worker takes the arguments as they are
        change_children(node, rewrite, statement)
    for rule in _BY_CLASS.get(type(node), ()):
        changed_node = rule.apply(node, statement)
        if changed_node is not None and changed_node is not node:
            statement.fired(rule.name)
            for key in _KEPT:
                if key in node.meta:
                    changed_node.meta.setdefault(key, node.meta[key])
            changed_node.meta.setdefault("nullable", is_nullable(node))
            return changed_node
    return node


_KEPT = ("kind", "item", "place")  # what infer noted and later stages need


def operand(node: exp.Expr) -> exp.Expr:
    """In parentheses if it needs them inside an operator."""
    if isinstance(node, exp.Binary | exp.Connector | exp.Not | exp.Neg | exp.Between | exp.In | exp.Is):
        wrapped = exp.Paren(this=node)
        wrapped.meta["kind"] = kind_of(node)
        return wrapped
    return node


# Arithmetic


def _no_arithmetic(node: exp.Expr, statement: Statement) -> Answer:
    """IRIS would take intervals, vectors and documents for numbers."""
    for operand_ in (node.this, node.args.get("expression")):
        kind = kind_of(operand_) if operand_ is not None else Kind(oids.INT4)
        if kind.oid and kind.oid not in NUMBERS:
            raise not_supported(f"arithmetic with {type_name(kind.oid)} is not supported here")
    return None


def _no_sum_of_vectors(node: exp.Expr, statement: Statement) -> Answer:
    if kind_of(node).oid in DENSE:
        raise not_supported(f"arithmetic with {type_name(kind_of(node).oid)} is not supported here")
    return None


def _integer_division(node: exp.Div, statement: Statement) -> Answer:
    """IRIS: 7 / 2 = 3.5. iris-reference 4.12, 4.14"""
    if kind_of(node.this).oid in INTEGERS and kind_of(node.expression).oid in INTEGERS:
        return template("({0} \\ {1})", operand(node.this), operand(node.expression))
    return None


def _division(node: exp.Div, statement: Statement) -> Answer:
    node.set("typed", None)  # sqlglot would cast the operands for a dialect whose division it thinks other
    node.set("safe", None)
    return None


def _modulo(node: exp.Mod, statement: Statement) -> Answer:
    return template("MOD({0}, {1})", unwrapped(node.this), unwrapped(node.expression))


def _power(node: exp.Pow, statement: Statement) -> Answer:
    return template("POWER({0}, {1})", unwrapped(node.this), unwrapped(node.expression))


def _concatenation(node: exp.DPipe, statement: Statement) -> Answer:
    """Operands that are no strings are written as PostgreSQL shows them."""
    kind = kind_of(node)
    if kind.oid not in (0, *STRINGS):  # of arrays, jsonb, bytea ... it is more than to put texts together
        raise not_supported(f"{type_name(kind.oid)} || {type_name(kind.oid)} is not supported here")
    changed = False
    for key in ("this", "expression"):
        part = node.args[key]
        text = casts.to_text(part, statement)
        if text is not part:
            node.set(key, text)
            changed = True
    if node.args.get("safe"):
        node.set("safe", None)
    return copied(node) if changed else None


# Predicates


def _any_all(node: exp.Binary, statement: Statement) -> Answer:
    """``= ANY (array)`` -> %INLIST or IN; of a subquery it is SQL that IRIS knows."""
    right = node.expression
    if not isinstance(right, exp.Any | exp.All):
        return None
    inner = unwrapped(right.this)
    if isinstance(inner, exp.Query | exp.Subquery):
        query = inner.this if isinstance(inner, exp.Subquery) else inner
        node.set("expression", type(right)(this=exp.Subquery(this=query)))
        return None
    kind = kind_of(node.this)
    if kind.oid in DENSE or is_kept_as_text(kind.oid, True):
        raise not_supported(f"comparison of {type_name(kind.oid)} with ANY or ALL of an array is not supported here")
    is_in = isinstance(node, exp.EQ) and isinstance(right, exp.Any)
    if not is_in and not (isinstance(node, exp.NEQ) and isinstance(right, exp.All)):
        raise not_supported("comparison with ANY or ALL of an array other than = ANY and <> ALL is not supported")
    if isinstance(inner, exp.Cast):
        inner = unwrapped(inner.this)
    if isinstance(inner, exp.Array):
        made: exp.Expr = exp.In(this=operand(node.this), expressions=list(inner.expressions))
    elif isinstance(inner, exp.Parameter):
        made = nodes.InList(this=operand(node.this), expression=statement.parameter(int(inner.this.name), as_list=True))
    elif isinstance(inner, Computed):
        made = nodes.InList(this=operand(node.this), expression=statement.computed_value(inner.this, as_list=True))
    elif isinstance(inner, exp.Literal):
        made = nodes.InList(this=operand(node.this), expression=statement.literal(inner, kind_of(right), as_list=True))
    else:
        raise not_supported("ANY and ALL of this array expression are not supported")
    return made if is_in else exp.Not(this=made)


def _comparable(node: exp.Expr, statement: Statement) -> Answer:
    """IRIS keeps intervals, arrays and their like as text: it would order and compare texts."""
    if isinstance(node, exp.Binary) and isinstance(node.expression, exp.Any | exp.All):
        return None
    equality = isinstance(node, exp.EQ | exp.NEQ | exp.In)
    operands = [node.this, node.args.get("expression"), node.args.get("low"), *node.expressions]
    kinds = [kind_of(part) for part in operands if isinstance(part, exp.Expr)]
    if {oids.INET, oids.CIDR} <= {kind.oid for kind in kinds}:  # one shows /32, the other does not
        raise not_supported("comparison of inet and cidr is not supported here")
    for kind in kinds:
        if is_kept_as_text(kind.oid, equality):
            raise not_supported(f"comparison of values of type {type_name(kind.oid)} is not supported here")
    return None


def _sortable(node: exp.Ordered, statement: Statement) -> Answer:
    kind = kind_of(node.this)
    if is_kept_as_text(kind.oid, False):
        raise not_supported(f"ORDER BY of type {type_name(kind.oid)} is not supported here")
    return None


def _distinguishable(node: exp.Group | exp.Distinct | exp.SetOperation, statement: Statement) -> Answer:
    """IRIS would tell 1 and 1.0 in documents apart, and a day and 24 hours."""
    if isinstance(node, exp.SetOperation):
        words, keys = f"{node.key.upper()} of", _first_items(node) if node.args.get("distinct") else []
    elif isinstance(node, exp.Distinct):
        on = node.args.get("on")
        words, keys = "DISTINCT of", list(node.expressions)
        if isinstance(node.parent, exp.Select):
            keys = list(on.expressions) if isinstance(on, exp.Tuple) else [on] if on is not None else node.parent.expressions
    else:
        words, keys = "GROUP BY", list(node.expressions)
    for key in keys:
        kind = kind_of(key)
        if is_kept_as_text(kind.oid, True):
            raise not_supported(f"{words} type {type_name(kind.oid)} is not supported here")
    return None


def _first_items(node: exp.Expr) -> list[exp.Expr]:
    while isinstance(node, exp.SetOperation | exp.Subquery):
        node = node.this
    return list(node.expressions) if isinstance(node, exp.Select) else []


def is_kept_as_text(oid: Oid, equality: bool) -> bool:
    """Whether the text that IRIS keeps compares otherwise than the value. equality: only equal or not is asked."""
    if oid in (oids.INTERVAL, oids.JSONB):
        return True
    return not equality and (oid in _ORDERED_OTHERWISE or category(oid) == "A")


_ORDERED_OTHERWISE = frozenset((oids.JSONB, *VECTORS, oids.INET, oids.CIDR, oids.MACADDR, oids.MACADDR8, oids.TIMETZ))


def _texts_ordered(node: exp.Binary, statement: Statement) -> Answer:
    if isinstance(node.expression, exp.Any | exp.All):
        return _texts_of_query_ordered(node, statement) if textorder.is_needed(statement, node.this) else None
    if not textorder.is_needed(statement, node.this, node.expression):
        return None
    return type(node)(this=textorder.padded(operand(node.this)), expression=textorder.padded(operand(node.expression)))


def _texts_of_query_ordered(node: exp.Binary, statement: Statement) -> exp.Expr:
    """``text < ALL (SELECT text ...)``"""
    query = unwrapped(node.expression.this)
    query = query.this if isinstance(query, exp.Subquery) else query
    item = query.expressions[0] if isinstance(query, exp.Select) else None
    value = item.this if isinstance(item, exp.Alias) else item
    if value is None or is_star(value) or not textorder.is_needed(statement, value):
        raise not_supported("comparing the order of texts with ANY or ALL of this query is not supported here")
    value.replace(textorder.padded(operand(copied(value))))
    return type(node)(this=textorder.padded(operand(node.this)), expression=node.expression)


def _texts_between(node: exp.Between, statement: Statement) -> Answer:
    parts = {key: node.args[key] for key in ("this", "low", "high")}
    if not textorder.is_needed(statement, *parts.values()):
        return None
    return exp.Between(**{key: textorder.padded(operand(part)) for key, part in parts.items()})


def _between_symmetric(node: exp.Between, statement: Statement) -> Answer:
    if not node.args.get("symmetric"):
        return None
    low, high = node.args["low"], node.args["high"]
    one = exp.Between(this=node.this, low=low, high=high)
    other = exp.Between(this=copied(node.this), low=copied(high), high=copied(low))
    return exp.Paren(this=exp.or_(*(_texts_between(part, statement) or part for part in (one, other)), copy=False))


def _rows_equal(node: exp.Binary, statement: Statement) -> Answer:
    if not isinstance(node.this, exp.Tuple):
        return None
    if not isinstance(node, exp.EQ | exp.NEQ):
        return _rows_ordered(node, statement)
    pairs = zip(node.this.expressions, node.expression.expressions, strict=True)
    equal: exp.Expr = exp.Paren(this=exp.and_(*_equal(pairs, statement), copy=False))
    return equal if isinstance(node, exp.EQ) else exp.Not(this=equal)


def _rows_ordered(node: exp.Binary, statement: Statement) -> exp.Expr:
    """(a, b) < (x, y): a < x, or a = x and b < y."""
    strict = exp.LT if isinstance(node, exp.LT | exp.LTE) else exp.GT
    pairs = list(zip(node.this.expressions, node.expression.expressions, strict=True))
    choices: list[exp.Expr] = []
    for place, (one, other) in enumerate(pairs):
        decide = type(node) if place == len(pairs) - 1 else strict
        last = _compared(decide, one, other, statement)
        choices.append(exp.and_(*_equal(pairs[:place], statement), _texts_ordered(last, statement) or last, copy=False))
    return exp.Paren(this=exp.or_(*choices, copy=False))


def _rows_in(node: exp.In, statement: Statement) -> Answer:
    if not isinstance(node.this, exp.Tuple):
        return None
    choices = []
    for item in node.expressions:
        pairs = zip(node.this.expressions, item.expressions, strict=True)
        choices.append(exp.and_(*_equal(pairs, statement), copy=False))
    return exp.Paren(this=exp.or_(*choices, copy=False))


def _equal(pairs: Iterable[tuple[exp.Expr, exp.Expr]], statement: Statement) -> list[exp.Expr]:
    return [_compared(exp.EQ, one, other, statement) for one, other in pairs]


def _compared(decide: type[exp.Binary], one: exp.Expr, other: exp.Expr, statement: Statement) -> exp.Binary:
    made = decide(this=copied(one), expression=copied(other))
    _dates_against_timestamps(made, statement)
    return made


def _ilike(node: exp.ILike, statement: Statement) -> Answer:
    upper = (template("UPPER({0})", unwrapped(node.this)), template("UPPER({0})", unwrapped(node.expression)))
    for made, old in zip(upper, (node.this, node.expression), strict=True):
        made.meta["kind"] = kind_of(old)
    made_like = exp.Like(this=upper[0], expression=upper[1], negate=node.args.get("negate"))
    made_like.meta["pattern"] = node.expression
    return _default_escape(made_like, statement) or made_like


def _matched_with_blanks(node: exp.Binary, statement: Statement) -> Answer:
    """Patterns are compared with a character(n) and its blanks, which IRIS does not keep."""
    length = static_scale(node.this) if kind_of(node.this).oid == oids.BPCHAR else None
    if length is None or isinstance(unwrapped(node.this), Template) or _ends_before_blanks(unwrapped(node.expression)):
        return None
    changed = copied(node)
    changed.set("this", template(f"RPAD({{0}}, {length})", copied(unwrapped(node.this)), kind=TEXT))
    changed.parent = node.parent
    return rewrite(changed, statement)


def _ends_before_blanks(pattern: exp.Expr) -> bool:
    """Whether what a pattern says ends with a character that is no blank, and then anything may follow."""
    if not isinstance(pattern, exp.Literal):
        return False
    pattern.meta["pin"] = True
    said = pattern.name.rstrip("%")
    return said != pattern.name and "\\" not in said and not said.endswith(("_", " "))


def _default_escape(node: exp.Like, statement: Statement) -> Answer:
    """PostgreSQL's escape character is the backslash unless another is given; IRIS has none. iris-reference 4.13"""
    if isinstance(node.parent, exp.Escape):
        return None
    pattern = unwrapped(node.meta.get("pattern", node.expression))
    if isinstance(pattern, exp.Literal) and "\\" not in pattern.name:
        return None
    return exp.Escape(this=node, expression=_raw("'\\'"))


def _escape(node: exp.Escape, statement: Statement) -> Answer:
    """The escape character is part of the statement; an empty one means none."""
    character = unwrapped(node.expression)
    if not isinstance(character, exp.Literal):
        if isinstance(character, Template):
            return None
        raise not_supported("LIKE with a computed ESCAPE is not supported")
    if len(character.name) > 1:
        raise PgError(
            sqlstate.INVALID_ESCAPE_SEQUENCE, "invalid escape string", hint="Escape string must be empty or one character."
        )
    inner = node.this.this if isinstance(node.this, exp.Escape) else node.this
    if not character.name:
        return inner if isinstance(inner, exp.Expr) else None
    quoted = character.name.replace("'", "''")
    return exp.Escape(this=inner, expression=_raw(f"'{quoted}'"))


def _raw(text: str) -> Template:
    return template(text)


def _distinct_from(node: exp.Binary, statement: Statement) -> Answer:
    """Never NULL itself. iris-reference 4.13"""
    left, right = operand(node.this), operand(node.expression)
    if isinstance(unwrapped(right), exp.Null):
        made: exp.Expr = exp.Is(this=left, expression=exp.Null())
        return made if isinstance(node, exp.NullSafeEQ) else exp.Not(this=exp.Paren(this=made))
    if not is_nullable(node.this) or not is_nullable(node.expression):
        return test(f"(CASE WHEN {{0}} = {{1}} THEN 1 ELSE 0 END = {int(isinstance(node, exp.NullSafeEQ))})", left, right)
    equal = test(
        "(CASE WHEN {0} = {1} OR ({0} IS NULL AND {1} IS NULL) THEN 1 ELSE 0 END = "
        + ("1)" if isinstance(node, exp.NullSafeEQ) else "0)"),
        left,
        right,
    )
    return equal


def _dates_against_timestamps(node: exp.Binary | exp.Between | exp.In, statement: Statement) -> Answer:
    sides = [node.args.get(side) for side in ("this", "expression", "low", "high")]
    return _as_timestamps([part for part in (*sides, *node.expressions) if part is not None], statement)


def _as_timestamps(parts: list[exp.Expr], statement: Statement) -> Answer:
    """What is compared, all as TIMESTAMP, in place: IRIS may refuse to compare them (-483). iris-reference 4.13"""
    kinds = [kind_of(part) for part in parts]
    if not statement.time_zone_is_utc and oids.TIMESTAMPTZ in {kind.oid for kind in kinds}:
        return _moments_in_zone(parts, statement)
    stamp = next((kind for kind in kinds if kind.oid in (oids.TIMESTAMP, oids.TIMESTAMPTZ)), None)
    if stamp is None or not any(kind.oid == oids.DATE for kind in kinds):
        return None
    for part, kind in zip(parts, kinds, strict=True):
        if kind.oid == oids.DATE:
            part.replace(template("CAST({0} AS TIMESTAMP)", copied(part), kind=stamp))
    statement.fired("date_against_timestamp")
    return None


def _moments_in_zone(parts: list[exp.Expr], statement: Statement) -> Answer:
    """Dates and timestamps as moments of the session's time zone."""
    for part in parts:
        part.replace(casts.in_zone(copied(part), statement))
    return None


def _case_of_moments(node: exp.Case, statement: Statement) -> Answer:
    """What a CASE compares, and the results of one that gives moments."""
    if node.this is not None:
        _as_timestamps([node.this, *(branch.this for branch in node.args["ifs"])], statement)
    if kind_of(node).oid == oids.TIMESTAMPTZ and not statement.time_zone_is_utc:
        results = [*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default")]
        _moments_in_zone([result for result in results if result is not None], statement)
    return None


def _comparable_moments(node: exp.Binary | exp.In, statement: Statement) -> Answer:
    """Moments of a subquery or an array that are not of the type they are compared with."""
    if statement.time_zone_is_utc:
        return None
    right = node.args.get("expression")
    query = node.args.get("query") or (unwrapped(right.this) if isinstance(right, exp.Any | exp.All) else None)
    if query is None:
        return None
    outputs = (query.this if isinstance(query, exp.Subquery) else query).meta.get("outputs")
    array = TYPES.get(kind_of(query).oid)
    others = [output.kind.oid for output in outputs] if outputs else [array.element] if array is not None else []
    kinds = {kind_of(node.this).oid, *others}
    if len(kinds) > 1 and oids.TIMESTAMPTZ in kinds and kinds <= _MOMENTS:
        raise not_supported("comparing moments with and without time zone is not supported here", _IN_UTC)
    return None


_MOMENTS = frozenset((oids.DATE, oids.TIMESTAMP, oids.TIMESTAMPTZ))
_IN_UTC = "It can be done while TimeZone is UTC."


# Constructs


def _filter(node: exp.Filter, statement: Statement) -> Answer:
    """agg(x) FILTER (WHERE c) -> agg(CASE WHEN c THEN x END)"""
    call, condition = node.this, node.expression.this
    argument = call.meta.get("aggregated")
    if argument is None:
        raise not_supported("FILTER of this aggregate is not supported")
    function, distinct, value = argument
    chosen = exp.Case(ifs=[exp.If(this=condition, true=value if value is not None else exp.Literal.number(1))])
    chosen.meta["kind"] = kind_of(value) if value is not None else Kind(oids.INT4)
    made = calls.aggregate(function, distinct, chosen)
    if not call.meta.get("padded"):
        return made
    made.meta["padded"], made.meta["kind"] = True, kind_of(call)
    return made if isinstance(node.parent, exp.Window) else textorder.unpadded(made)


def _text_chosen(node: exp.Window, statement: Statement) -> Answer:
    """min(text) OVER (...)"""
    return textorder.unpadded(node) if node.this.meta.get("padded") else None


def _using_null(node: exp.Is, statement: Statement) -> Answer:
    """``IS NOT NULL`` came as Is(negate). IRIS's IS JSON says other things of scalars and of keys: the worker says it."""
    if isinstance(node.expression, exp.JSON):
        raise not_supported("IS JSON is not supported here")
    if node.args.get("negate"):
        return exp.Is(this=operand(node.this), expression=exp.Not(this=exp.Null()))
    return None


def _session_function(node: exp.Anonymous, statement: Statement) -> Answer:
    function = node.meta.get("session")
    if function is None:
        return None
    if function.name == "pgiris_nextval":
        return computing.computed(Builder(statement).program(node), kind_of(node), statement)
    if function.volatile and not node.meta.get("once"):
        raise not_supported(
            f"function {function.name} is not supported here",
            "It may stand in the select list of a SELECT without FROM, or in VALUES of an INSERT.",
        )
    if statement.of_view:
        return _kept_session_function(node, function, statement)
    arguments = tuple(
        session_argument(argument, kind, statement) for argument, kind in zip(node.expressions, function.arguments, strict=True)
    )
    return statement.session_value(SessionValue(function.name, arguments, function.result))


# What a view can ask IRIS for whenever it is read: in UTC, as a timestamptz is kept. iris-reference 4.22
_NOW_IN_VIEWS = frozenset(("now", "transaction_timestamp", "statement_timestamp", "current_timestamp"))
_LOCAL_IN_VIEWS = {"localtimestamp": "GETUTCDATE({0})", "current_date": "CAST(GETUTCDATE() AS DATE)"}  # while TimeZone is UTC


def _kept_session_function(node: exp.Anonymous, function: SessionFunction, statement: Statement) -> exp.Expr:
    """In the text of a view, which no session's values reach."""
    precision = node.expressions[0] if node.expressions else exp.Literal.number(6)
    if function.name in _NOW_IN_VIEWS:
        return template("GETUTCDATE({0})", precision, kind=Kind(function.result))
    if function.name in _LOCAL_IN_VIEWS and statement.time_zone_is_utc:
        return template(_LOCAL_IN_VIEWS[function.name], precision, kind=Kind(function.result))
    hint = "It can be used in one while TimeZone is UTC." if function.name in _LOCAL_IN_VIEWS else None
    raise not_supported(f"function {function.name} is not supported in a view", hint)


def session_argument(node: exp.Expr, oid: Oid, statement: Statement) -> str | int | None:
    """What SessionValue.arguments holds. Raises 0A000 for a computed argument."""
    node = unwrapped(node)
    while isinstance(node, exp.Cast):
        node = unwrapped(node.this)
    if isinstance(node, exp.Null):
        return None
    if isinstance(node, exp.Parameter):
        return int(node.this.name) - 1
    if isinstance(node, Value):
        return statement.sources[int(node.this)].index
    if isinstance(node, exp.Boolean):
        return "true" if node.this else "false"
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
        statement.fix(node.this)
        return "-" + node.this.name
    if isinstance(node, exp.Literal):
        place = statement.place(node)
        if place is None:
            return str(node.name)
        return statement.literal_index(node.name, kind_of(node), place)
    raise not_supported("arguments of session functions must be constants or parameters")


# Vectors. iris-reference 10.3


def _distance(node: Distance, statement: Statement) -> Answer:
    if kind_of(node.this).oid == oids.SPARSEVEC:
        raise not_supported(f"the operator {node.symbol} of sparsevec is not supported here")
    left, right = vector_operands(node.this, node.expression, statement)
    if isinstance(node, CosineDistance):
        made: exp.Expr = template("(1 - VECTOR_COSINE({0}, {1}))", left, right)
    elif isinstance(node, NegativeInnerProduct):
        made = template("(-VECTOR_DOT_PRODUCT({0}, {1}))", left, right)
    elif isinstance(node, L2Distance):
        made = calls.l2_distance(left, right)
    else:
        raise _no_distance(node)
    made.meta["distance"] = (type(node), left, right)
    return made


def _no_distance(node: Distance) -> PgError:
    return not_supported(f"the operator {node.symbol} is not supported", "IRIS computes cosine and dot product only.")


def vector_operands(left: exp.Expr, right: exp.Expr, statement: Statement) -> tuple[exp.Expr, exp.Expr]:
    """Both operands as vectors of one element type, which a column among them decides."""
    element = element_type(left) or element_type(right) or "FLOAT"
    return casts.to_vector(left, element, statement), casts.to_vector(right, element, statement)


def element_type(node: exp.Expr) -> str | None:
    """FLOAT, DOUBLE ...: of a column's VECTOR(type, length)."""
    found = unwrapped(node).meta.get("field")
    if found is None or not found.iris_type.upper().startswith("VECTOR"):
        return None
    inside = found.iris_type.partition("(")[2].rstrip(") ").split(",")[0].strip().upper()
    return inside if inside and not inside.isdigit() else "FLOAT"


def _at_utc(node: exp.AtTimeZone, statement: Statement) -> Answer:
    """In UTC, in which timestamps with time zone are kept, the value stays what it is."""
    zone = unwrapped(node.args["zone"])
    if not isinstance(zone, exp.Literal) or zone.name.lower() not in _UTC:
        raise not_supported("AT TIME ZONE is supported with 'UTC' only here", "IRIS has no time zones.")
    zone.meta["pin"] = True
    return template("{0}", unwrapped(node.this))


_UTC = frozenset(("utc", "gmt", "etc/utc", "etc/gmt", "z"))


def _no_operator(node: exp.Binary, statement: Statement) -> Answer:
    symbol = SYMBOLS_OF[type(node)]
    raise not_supported(
        f"the operator {symbol} is not supported here" if symbol[0] != "s" else "SIMILAR TO is not supported here",
        "It is computed of constants and parameters, and in the select list of a query.",
    )


def _no_complement(node: exp.BitwiseNot, statement: Statement) -> Answer:
    raise not_supported("the operator ~ is not supported here")


def _frame(node: exp.WindowSpec, statement: Statement) -> Answer:
    """Numbers of rows that the statement is run with."""
    for side, clause in (("start", Clause.FRAME_START), ("end", Clause.FRAME_END)):
        given = node.args.get(side)
        bound = under_casts(given) if isinstance(given, exp.Expr) else given
        if isinstance(bound, exp.Parameter | Value | Computed):
            node.set(side, RowCount(this=bound, clause=clause))
        elif isinstance(bound, exp.Literal):
            node.set(side, exp.Literal.number(rowcounts.fitted(_whole(bound), clause)))
        elif isinstance(bound, exp.Neg) and isinstance(bound.this, exp.Literal):
            node.set(side, exp.Literal.number(rowcounts.fitted(-_whole(bound.this), clause)))
        elif isinstance(bound, exp.Null):
            rowcounts.fitted(None, clause)
    return None


def _whole(number: exp.Literal) -> int:
    return int(Decimal(number.name).quantize(Decimal(1), ROUND_HALF_UP))


def _no_lateral(node: exp.Subquery, statement: Statement) -> Answer:
    """IRIS would not look whether there are several rows."""
    if BY_WORKER in node.meta:
        raise not_supported("LATERAL is not supported here")
    return None


def _no_subscript(node: exp.Bracket, statement: Statement) -> Answer:
    raise not_supported(
        "subscripting of arrays is not supported here",
        "It is computed of constants and parameters, and in the select list of a query.",
    )


# character(n), which IRIS keeps without its blanks


def _compared_unpadded(node: exp.Expr, statement: Statement) -> Answer:
    """A varchar beside a character(n) is one, whose blanks do not count."""
    keys = [key for key in ("this", "expression", "low", "high") if isinstance(node.args.get(key), exp.Expr)]
    parts = [*(node.args[key] for key in keys), *(node.expressions if isinstance(node, exp.In) else ())]
    if {kind_of(part).oid for part in parts} != {oids.BPCHAR, oids.VARCHAR}:
        return None
    changed = copied(node)
    for key in keys:
        changed.set(key, _as_bpchar(node.args[key], statement))
    if isinstance(node, exp.In):
        changed.set("expressions", [_as_bpchar(item, statement) for item in node.expressions])
    return rewrite(changed, statement)


def _as_bpchar(node: exp.Expr, statement: Statement) -> exp.Expr:
    if kind_of(node).oid != oids.VARCHAR:
        return node
    made = casts.convert(unwrapped(node), kind_of(node), Kind(oids.BPCHAR), statement)
    made.meta["kind"] = Kind(oids.BPCHAR)
    return made


_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)

_WITHOUT_IRIS = tuple(node for node, symbol in SYMBOLS_OF.items() if symbol in NOT_IN_IRIS)

REWRITES = (
    Rewrite("integer_division", (exp.Div,), _integer_division),
    Rewrite("division", (exp.Div,), _division),
    Rewrite("no_sum_of_vectors", (exp.Add, exp.Sub), _no_sum_of_vectors),
    Rewrite("date_arithmetic", (exp.Add, exp.Sub), date_arithmetic),
    Rewrite("constants_compared", (*_COMPARISONS, exp.Between, exp.In), computing.compared),
    Rewrite("no_comparison", (*_COMPARISONS, exp.Between, exp.In), _comparable),
    Rewrite("no_order", (exp.Ordered,), _sortable),
    Rewrite("no_group", (exp.Group, exp.Distinct, exp.Union, exp.Except, exp.Intersect), _distinguishable),
    Rewrite("no_arithmetic", (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Pow, exp.Neg), _no_arithmetic),
    Rewrite("unpadded", (*_COMPARISONS, exp.Between, exp.In, exp.NullSafeEQ, exp.NullSafeNEQ), _compared_unpadded),
    Rewrite("date_against_timestamp", (exp.Between, exp.In), _dates_against_timestamps),
    Rewrite("between_symmetric", (exp.Between,), _between_symmetric),
    Rewrite("modulo", (exp.Mod,), _modulo),
    Rewrite("power", (exp.Pow,), _power),
    Rewrite("concatenation", (exp.DPipe,), _concatenation),
    Rewrite("no_other_moments", (*_COMPARISONS, exp.In), _comparable_moments),
    Rewrite("any_all_to_inlist", _COMPARISONS, _any_all),
    Rewrite("row_comparison", _COMPARISONS, _rows_equal),
    Rewrite("date_against_timestamp", (*_COMPARISONS, exp.NullSafeEQ, exp.NullSafeNEQ), _dates_against_timestamps),
    Rewrite("text_ordering", (exp.LT, exp.LTE, exp.GT, exp.GTE), _texts_ordered),
    Rewrite("text_ordering", (exp.Between,), _texts_between),
    Rewrite("text_ordering", (exp.Window,), _text_chosen),
    Rewrite("row_in", (exp.In,), _rows_in),
    Rewrite("with_blanks", (exp.Like, exp.ILike), _matched_with_blanks),
    Rewrite("ilike", (exp.ILike,), _ilike),
    Rewrite("like_escape", (exp.Like,), _default_escape),
    Rewrite("escape", (exp.Escape,), _escape),
    Rewrite("is_distinct_from", (exp.NullSafeEQ, exp.NullSafeNEQ), _distinct_from),
    Rewrite("is_not_null", (exp.Is,), _using_null),
    Rewrite("at_time_zone_utc", (exp.AtTimeZone,), _at_utc),
    Rewrite("cast", (exp.Cast,), casts.cast),
    Rewrite("session_function", (exp.Anonymous,), _session_function),
    Rewrite("function", (exp.Anonymous,), calls.call),
    Rewrite("filter_to_case", (exp.Filter,), _filter),
    Rewrite("no_operator", _WITHOUT_IRIS, _no_operator),
    Rewrite("no_complement", (exp.BitwiseNot,), _no_complement),
    Rewrite("no_subscript", (exp.Bracket,), _no_subscript),
    Rewrite("table_function", (exp.Table, exp.Unnest, exp.Lateral), tablefunctions.derived_table),
    Rewrite("case_of_moments", (exp.Case,), _case_of_moments),
    Rewrite("frame", (exp.WindowSpec,), _frame),
    Rewrite("no_lateral", (exp.Subquery,), _no_lateral),
    Rewrite("vector_distance", tuple(Distance.__subclasses__()), _distance),
)
_BY_CLASS: dict[type[exp.Expr], list[Rewrite]] = {}
for _rewrite in REWRITES:
    for _class in _rewrite.classes:
        _BY_CLASS.setdefault(_class, []).append(_rewrite)
