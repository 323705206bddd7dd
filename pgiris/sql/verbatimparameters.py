"""Parameters of IRIS SQL that a client sends as such: the types that columns, clauses and casts around them ask for.

In: a statement with ``?``. Out: one PostgreSQL type for each, in order; text where nothing says more, which IRIS converts.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pgiris.errors import PgError
from pgiris.sql.coercion import STRINGS
from pgiris.sql.iris import IRIS, nodes
from pgiris.sql.iris.words import words
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.iristypes import from_iris
from pgiris.types.relation import Relation, Snapshot

DEFAULT_SCHEMA = "SQLUser"  # where IRIS looks for a name without a schema
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, nodes.Modulo)
_CHOICES = frozenset(("COALESCE", "NVL", "ISNULL", "IFNULL", "NULLIF", "GREATEST", "LEAST"))
# Functions whose arguments beyond strings are whole numbers: name -> their places.
_WHOLE = {
    "$PIECE": (2, 3), "$P": (2, 3), "$EXTRACT": (1, 2), "$E": (1, 2), "$LIST": (1, 2), "$LISTGET": (1,), "DATEADD": (1,),
    "TIMESTAMPADD": (1,), "SUBSTRING": (1, 2), "SUBSTR": (1, 2), "LEFT": (1,), "RIGHT": (1,), "REPEAT": (1,), "REPLICATE": (1,),
    "SPACE": (0,), "LPAD": (1,), "RPAD": (1,), "ROUND": (1,), "TRUNCATE": (1,), "STUFF": (1, 2), "$JUSTIFY": (1, 2),
    "STR": (1, 2),
}  # fmt: skip
_WHOLE_RESULTS = words(
    "LENGTH CHAR_LENGTH CHARACTER_LENGTH $LENGTH $LISTLENGTH $FIND DATEDIFF DATEPART YEAR MONTH DAY HOUR MINUTE"
)
_REAL_RESULTS = frozenset(("VECTOR_COSINE", "VECTOR_DOT_PRODUCT"))
# Those whose values a client may send by them; others, vectors among them, travel as text.
_KNOWN = frozenset(
    (
        *(oids.INT2, oids.INT4, oids.INT8, oids.NUMERIC, oids.FLOAT4, oids.FLOAT8, oids.BOOL, oids.BYTEA),
        *(oids.DATE, oids.TIME, oids.TIMESTAMP, oids.TIMESTAMPTZ),
    )
)


def types(sql: str, count: int, snapshot: Snapshot) -> list[Oid]:
    """count: how many parameters there are; when the grammar finds others, nothing is known of them."""
    try:
        tree = sqlglot.parse_one(sql, dialect=IRIS) if count else None
    except (SqlglotError, RecursionError):
        tree = None
    if tree is None:
        return [oids.TEXT] * count
    found = sorted(tree.find_all(exp.Placeholder), key=lambda node: int(node.meta.get("start", 0)))
    if len(found) != count:
        return [oids.TEXT] * count
    return [_known(_wanted(node, snapshot)) for node in found]


def _known(oid: Oid) -> Oid:
    return oid if oid in _KNOWN else oids.TEXT


def _wanted(node: exp.Expr, snapshot: Snapshot) -> Oid:
    """What the place of a parameter asks for; 0 when it asks for nothing."""
    inner, parent = node, node.parent
    while isinstance(parent, exp.Paren | exp.Neg):
        inner, parent = parent, parent.parent
    if isinstance(parent, exp.Limit | exp.Offset | exp.Fetch):
        return oids.INT8
    if isinstance(parent, exp.Tuple) and isinstance(parent.parent, exp.Values):
        return _inserted(parent, inner, snapshot)
    if isinstance(parent, exp.Cast):
        return _declared(parent.args["to"])
    if isinstance(parent, exp.Anonymous):
        return _argument(parent, inner, snapshot)
    if isinstance(parent, _COMPARISONS + _ARITHMETIC):
        other = parent.expression if parent.this is inner else parent.this
        return _type_of(other, snapshot)
    if isinstance(parent, exp.Between | exp.In):
        others = [parent.this, *(parent.expressions or ()), *(parent.args.get(side) for side in ("low", "high"))]
        return _first_type([other for other in others if other is not None and other is not inner], snapshot)
    if isinstance(parent, exp.If | exp.Case):
        case = parent if isinstance(parent, exp.Case) else parent.parent
        return _branch(case, inner, snapshot) if isinstance(case, exp.Case) else Oid(0)
    return Oid(0)


def _branch(case: exp.Case, inner: exp.Expr, snapshot: Snapshot) -> Oid:
    if any(branch.this is inner for branch in case.args["ifs"]):
        return _type_of(case.this, snapshot) if case.this is not None else Oid(0)
    values = [branch.args["true"] for branch in case.args["ifs"]] + [case.args.get("default")]
    return _first_type([value for value in values if value is not None and value is not inner], snapshot)


def _first_type(nodes_: list[exp.Expr], snapshot: Snapshot) -> Oid:
    return next((oid for node in nodes_ if (oid := _type_of(node, snapshot))), Oid(0))


def _argument(call: exp.Anonymous, inner: exp.Expr, snapshot: Snapshot) -> Oid:
    name = str(call.this).upper()
    place = next((number for number, argument in enumerate(call.expressions) if argument is inner), -1)
    if place in _WHOLE.get(name, ()):
        return oids.INT4
    others = [argument for argument in call.expressions if argument is not inner]
    return _first_type(others, snapshot) if name in _CHOICES else Oid(0)


def _type_of(node: exp.Expr, snapshot: Snapshot) -> Oid:
    """Of what a parameter is compared or computed with."""
    node = node.unnest()
    if isinstance(node, exp.Neg):
        return _type_of(node.this, snapshot)
    if isinstance(node, exp.Column):
        return _column(node, snapshot)
    if isinstance(node, exp.Count):
        return oids.INT8
    if isinstance(node, exp.Cast):
        return _declared(node.args["to"])
    if isinstance(node, exp.Anonymous):
        name = str(node.this).upper()
        return oids.INT4 if name in _WHOLE_RESULTS else oids.FLOAT8 if name in _REAL_RESULTS else Oid(0)
    if isinstance(node, exp.Sum | exp.Avg | exp.Min | exp.Max):
        return _type_of(node.this, snapshot) if isinstance(node.this, exp.Expr) else Oid(0)
    return Oid(0)


def _declared(kind: exp.Expr) -> Oid:
    try:
        return from_iris(kind.sql(IRIS))[0]
    except PgError:
        return Oid(0)


def _column(node: exp.Column, snapshot: Snapshot) -> Oid:
    for relation, alias in _relations(node, snapshot):
        if node.table and node.table.lower() != alias.lower():
            continue
        if node.name.upper() == "%ID":
            return oids.INT8
        found = relation.by_name.get(node.name.lower())
        if found is not None:
            oid = found[1].oid
            return oids.TEXT if oid in STRINGS else oid
    return Oid(0)


def _relations(node: exp.Expr, snapshot: Snapshot) -> Iterator[tuple[Relation, str]]:
    """The tables whose columns a name may mean, those of the innermost query first."""
    around = node.find_ancestor(exp.Select, exp.Update, exp.Delete, exp.Insert)
    while around is not None:
        for table in around.find_all(exp.Table):
            if table.find_ancestor(exp.Select, exp.Update, exp.Delete, exp.Insert) is around:
                relation = _relation(table, snapshot)
                if relation is not None:
                    yield relation, table.alias_or_name
        around = around.find_ancestor(exp.Select, exp.Update, exp.Delete, exp.Insert)


def _relation(table: exp.Expr | None, snapshot: Snapshot) -> Relation | None:
    if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
        return None
    return snapshot.find(table.db or DEFAULT_SCHEMA, table.name)


def _inserted(row: exp.Tuple, inner: exp.Expr, snapshot: Snapshot) -> Oid:
    insert = row.find_ancestor(exp.Insert)
    if insert is None:
        return Oid(0)
    target = insert.this
    relation = _relation(target.this if isinstance(target, exp.Schema) else target, snapshot)
    if relation is None:
        return Oid(0)
    names = [name.name for name in target.expressions] if isinstance(target, exp.Schema) else [c.name for c in relation.columns]
    place = next(number for number, value in enumerate(row.expressions) if value is inner)
    found = relation.by_name.get(names[place].lower()) if place < len(names) else None
    return found[1].oid if found is not None else Oid(0)
