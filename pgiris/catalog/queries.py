"""Queries of the catalog: SELECT, VALUES, set operations and WITH, as DuckDB SQL with PostgreSQL's names and types.

PostgreSQL: sql-select, queries
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog import computed
from pgiris.catalog.expressions import Expressions, common_kind
from pgiris.catalog.functions import is_aggregate
from pgiris.catalog.names import Cte, Scope, Source
from pgiris.catalog.relations import CatalogRelation
from pgiris.catalog.sources import Sources
from pgiris.catalog.typed import Field, Typed, physical
from pgiris.errors import PgError, not_supported
from pgiris.sql import recursion
from pgiris.sql.coercion import INT8, TEXT, UNKNOWN, Kind
from pgiris.sql.infer import column_name, fold, ordinal, unwrapped, value_of
from pgiris.sql.postgres import position_of
from pgiris.sql.rowcalls import check_row_calls, row_calls
from pgiris.sql.statement import Statement
from pgiris.types import oids

_KEYS = {"pg_index": ("indexrelid",), "pg_sequence": ("seqrelid",), "pg_attribute": ("attrelid", "attnum")}  # others: oid
_REFUSED = {
    "laterals": "LATERAL VIEW",
    "into": "SELECT INTO",
    "sample": "TABLESAMPLE",
    "qualify": "QUALIFY",
    "locks": "FOR UPDATE",
}


class Queries:
    """One statement's compilation."""

    def __init__(self, statement: Statement, path: str, inline: bool) -> None:
        self.expressions = Expressions(statement, path, self, inline)
        self.relations: set[CatalogRelation] = set()  # that are named somewhere
        self._numbers = itertools.count(1)
        self._sources = Sources(self)

    def name(self, letter: str) -> str:
        return f"{letter}{next(self._numbers)}"

    # Any query

    def query(self, node: exp.Expr, scope: Scope, keep_open: bool = False, natural: bool = False) -> tuple[str, list[Field]]:
        """SQL, and what its columns c1, c2 ... are.

        keep_open: untyped constants stay so, for a set operation. natural: without ORDER BY, rows come in the order in which
        PostgreSQL finds them where clients count on it, columns of a table as they are declared.
        """
        if isinstance(node, exp.Subquery):
            return self._parenthesized(node, scope, keep_open)
        inner = scope.child()
        head = self._with(node, inner)
        if isinstance(node, exp.Select):
            sql, fields = self._select(node, inner, keep_open, natural)
        elif isinstance(node, exp.SetOperation):
            sql, fields = self._set_operation(node, inner)
        elif isinstance(node, exp.Values):
            sql, fields = self._values(node, inner)
        else:
            raise not_supported(f"{node.key.upper()} is not supported in a catalog query")
        return head + sql, fields

    def _parenthesized(self, node: exp.Subquery, scope: Scope, keep_open: bool) -> tuple[str, list[Field]]:
        inner = scope.child()
        head = self._with(node, inner)
        sql, fields = self.query(node.this, inner, keep_open)
        tail = self._order_by_outputs(node, fields) + self._limit(node, inner)
        return (head + f"SELECT * FROM ({sql}){tail}" if head or tail else sql), fields

    def _with(self, node: exp.Expr, scope: Scope) -> str:
        clause = node.args.get("with_")
        if clause is None:
            return ""
        if clause.args.get("recursive"):
            recursion.check(clause)
        made = [self._cte(cte, scope, bool(clause.args.get("recursive"))) for cte in clause.expressions]
        return f"WITH {'RECURSIVE ' if clause.args.get('recursive') else ''}{', '.join(made)} "

    def _cte(self, node: exp.CTE, scope: Scope, recursive: bool) -> str:
        alias = node.args["alias"]
        name, sql_name = fold(alias.this), self.name("w")
        names = [fold(column) for column in alias.args.get("columns") or ()]
        if recursive and isinstance(node.this, exp.Union):
            sql, fields = self._recursive(node.this, scope, name, sql_name, names)
        else:
            sql, fields = self.query(node.this, scope)
        scope.ctes[name] = Cte(sql_name, renamed(fields, names, name))
        columns = ", ".join(f"c{number}" for number in range(1, len(fields) + 1))
        kept = " MATERIALIZED" if _RANDOM.search(sql) else ""  # else each mention of it would have values of its own
        return f"{sql_name}({columns}) AS{kept} ({sql})"

    def _recursive(
        self, node: exp.Union, scope: Scope, name: str, sql_name: str, names: Sequence[str]
    ) -> tuple[str, list[Field]]:
        first, fields = self.query(node.this, scope)
        scope.ctes[name] = Cte(sql_name, renamed(fields, names, name))
        second, others = self.query(node.expression, scope, keep_open=True)
        kinds = [field.value.kind for field in fields]
        for place, (kind, other) in enumerate(zip(kinds, others, strict=False), 1):
            if not other.value.open and kind.oid and other.value.kind.oid:
                recursion.check_type(name, place, kind, other.value.kind)
        second = self._leg(second, others, kinds)
        word = "UNION" if node.args.get("distinct") else "UNION ALL"
        return f"{first} {word} {second}", fields

    # SELECT

    def _select(self, node: exp.Select, scope: Scope, keep_open: bool, natural: bool) -> tuple[str, list[Field]]:
        for clause, shown in _REFUSED.items():
            if node.args.get(clause):
                raise not_supported(f"{shown} is not supported in a catalog query")
        check_row_calls(node, [call for item in node.expressions for call in row_calls(item)])
        scope.windows = {fold(window.this): window for window in node.args.get("windows") or ()}
        source = self._sources.clause(node, scope)
        items = self._items(node.expressions, scope)
        fields = [self._field(item, scope, keep_open) for item in items]
        where = node.args.get("where")
        condition = f" WHERE {self._where(where.this, scope)}" if where is not None else ""
        having = node.args.get("having")
        filtered = f" HAVING {self.expressions.condition(having.this, scope, 'HAVING')}" if having is not None else ""
        distinct = self._distinct(node, items, fields, scope)
        order = self._order_by(node, items, fields, scope)
        if natural and not order and not any(node.args.get(clause) for clause in ("distinct", "group", "having")):
            order = "" if _aggregates(node) else self.natural_order(scope)
        group = self._group_by(node, items, fields, scope)
        for checked in scope.checked:
            condition += f"{' AND' if condition else ' WHERE'} coalesce({checked}, ' ') <> ''"
        if scope.empty and not (group or having or _aggregates(node)) and not any(field.value.fields for field in fields):
            return _no_rows(fields), fields
        listed = ", ".join(f"{field.value.sql} AS c{number}" for number, field in enumerate(fields, 1)) or "1 AS c1"
        groups = f"{group}{filtered}{self._told_apart(scope)}"
        sql = f"SELECT {distinct}{listed}{source}{condition}{groups}{order}{self._limit(node, scope)}"
        return sql, fields

    def _where(self, node: exp.Expr, scope: Scope) -> str:
        """DuckDB would call functions of Python for all rows: they are called for those that the other conditions on their table
        let through."""
        parts = list(node.flatten()) if isinstance(node, exp.And) else [node]
        clause = "AND" if len(parts) > 1 else "WHERE"
        conditions = [self.expressions.condition(part, scope, clause) for part in parts]
        cheap = [(condition, _tables_of(condition)) for condition in conditions if not _COSTLY.search(condition)]
        for place, condition in enumerate(conditions):
            tables = _tables_of(condition)
            guards = [guard for guard, own in cheap if own == tables]
            if len(tables) == 1 and guards and _COSTLY.search(condition) and "SELECT" not in condition:
                conditions[place] = f"(CASE WHEN {' AND '.join(guards)} THEN {condition} ELSE false END)"
        return f"({' AND '.join(conditions)})" if len(conditions) > 1 else conditions[0]

    def _items(self, items: Sequence[exp.Expr], scope: Scope) -> list[exp.Expr | Field]:
        """The select list; what a star stands for is known already."""
        made: list[exp.Expr | Field] = []
        for item in items:
            if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
                made += self._star(item, scope)
            elif isinstance(item, exp.Dot) and isinstance(item.expression, exp.Star):
                made += self.expressions.members(item, scope)
            else:
                made.append(item)
        return made

    def _star(self, item: exp.Expr, scope: Scope) -> list[Field]:
        table = fold(item.args.get("table"))
        if not table:
            if not scope.sources:
                message = "SELECT * with no tables specified is not valid"
                raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(item))
            return [field for source in scope.sources for field in source.shown()]
        source = scope.source(table)
        if source is None:
            message = f'missing FROM-clause entry for table "{table}"'
            raise PgError(sqlstate.UNDEFINED_TABLE, message, position=position_of(item))
        return source.fields

    def _field(self, item: exp.Expr | Field, scope: Scope, keep_open: bool) -> Field:
        if isinstance(item, Field):
            return item
        value = value_of(item)
        typed = self.expressions.typed(value, scope)
        if typed.open and not keep_open:
            typed = self.expressions.coerce(typed, TEXT)
        if typed.open and typed.parameter:
            raise not_supported("a parameter without a type in a set operation is not supported in a catalog query")
        return Field(fold(item.args["alias"]) if isinstance(item, exp.Alias) else _name(value), typed)

    def _distinct(self, node: exp.Select, items: Sequence[exp.Expr | Field], fields: list[Field], scope: Scope) -> str:
        distinct = node.args.get("distinct")
        if distinct is None:
            return ""
        on = distinct.args.get("on")
        if on is None:
            fields[:] = [Field(field.name, replace(field.value, sql=computed.grouped(field.value))) for field in fields]
            return self._distinct_on(fields)
        parts = on.expressions if isinstance(on, exp.Tuple) else [unwrapped(on)]
        keys = [self._key(part, fields, scope, "DISTINCT ON") for part in parts]
        values = [
            fields[key - 1].value if isinstance(key, int) else self.expressions.value(unwrapped(part), scope)
            for key, part in zip(keys, parts, strict=True)
        ]
        return f"DISTINCT ON ({', '.join(computed.equality_key(self.expressions, value) for value in values)}) "

    def _distinct_on(self, fields: Sequence[Field]) -> str:
        """DISTINCT, of whose equal values one is shown."""
        if not any(field.value.oid in computed.VARIED for field in fields):
            return "DISTINCT "
        return f"DISTINCT ON ({', '.join(computed.equality_key(self.expressions, field.value) for field in fields)}) "

    def _key(self, node: exp.Expr, fields: Sequence[Field], scope: Scope, clause: str) -> int | str:
        """What a sort key means: the place of an output column, or an expression."""
        inner = unwrapped(node)
        place = ordinal(inner, len(fields), clause)
        if place is not None:
            return place
        if isinstance(inner, exp.Column) and not inner.args.get("table"):
            for place, field in enumerate(fields, 1):
                if field.name == fold(inner.this):
                    return place
        sql = self.expressions.value(inner, scope).sql
        return next((place for place, field in enumerate(fields, 1) if field.value.sql == sql), sql)

    def _order_by(self, node: exp.Expr, items: Sequence[exp.Expr | Field], fields: Sequence[Field], scope: Scope) -> str:
        order = node.args.get("order")
        if order is None:
            return ""
        return " ORDER BY " + ", ".join(f"{self._sort_key(o.this, fields, scope)}{_direction(o)}" for o in order.expressions)

    def _sort_key(self, node: exp.Expr, fields: Sequence[Field], scope: Scope) -> int | str:
        key = self._key(node, fields, scope, "ORDER BY")
        value = fields[key - 1].value if isinstance(key, int) else self.expressions.value(unwrapped(node), scope)
        made = computed.sort_key(self.expressions, value)
        return key if made == value.sql else made

    def order(self, order: exp.Expr | None, scope: Scope) -> str:
        """ORDER BY of an aggregate or a window, which knows no output columns."""
        if order is None:
            return ""
        keys = [computed.sort_key(self.expressions, self.expressions.value(o.this, scope)) for o in order.expressions]
        return "ORDER BY " + ", ".join(f"{key}{_direction(o)}" for key, o in zip(keys, order.expressions, strict=True))

    def natural_order(self, scope: Scope) -> str:
        """ORDER BY for rows whose query wants no order."""
        for source in scope.sources:
            names = _NATURAL.get(source.relation.name, ()) if source.relation is not None else ()
            if names:
                return " ORDER BY " + ", ".join(source.find(name)[0].sql for name in names)
        return ""

    def _group_by(self, node: exp.Select, items: Sequence[exp.Expr | Field], fields: Sequence[Field], scope: Scope) -> str:
        group = node.args.get("group")
        if group is None:
            return ""
        keys = [self._grouping(part, fields, scope) for part in group.expressions]
        for source in scope.sources:
            keys += [sql for sql in sorted(source.used) if sql not in keys and _is_keyed(source, keys)]
        return f" GROUP BY {', '.join(dict.fromkeys(keys))}"

    def _checked_key(self, value: Typed, scope: Scope) -> str:
        made = computed.grouped(value)
        if made != value.sql:
            scope.checked.append(made)
        scope.keys.append((value.sql, computed.equality_key(self.expressions, value)))
        return value.sql

    def _told_apart(self, scope: Scope) -> str:
        """QUALIFY, which refuses groups that DuckDB tells apart only since equal values have several texts."""
        if all(sql == key for sql, key in scope.keys):
            return ""
        parts = dict.fromkeys([key for _, key in scope.keys])
        grouping = f"GROUPING({', '.join(dict.fromkeys(sql for sql, _ in scope.keys))})"
        count = f"count(*) OVER (PARTITION BY {', '.join(parts)}, {grouping})"
        return f" QUALIFY pgf_one_text({count})"

    def _grouping(self, node: exp.Expr, fields: Sequence[Field], scope: Scope) -> str:
        """An element of GROUP BY: a key, or sets of keys."""
        words: dict[type[exp.Expr], str] = {
            exp.Rollup: "ROLLUP ",
            exp.Cube: "CUBE ",
            exp.GroupingSets: "GROUPING SETS ",
            exp.Tuple: "",
        }
        word = words.get(type(node))
        if word is None:
            return self._group_key(node, fields, scope)
        return f"{word}({', '.join(self._grouping(part, fields, scope) for part in node.expressions)})"

    def _group_key(self, node: exp.Expr, fields: Sequence[Field], scope: Scope) -> str:
        """An input column has precedence over an output column of the same name, and that over a table of it."""
        inner = unwrapped(node)
        if isinstance(inner, exp.Column) and not inner.args.get("table"):
            name = fold(inner.this)
            named = [field.value for field in fields if field.name == name]
            if named and not any(source.visible(name) for source in scope.sources):
                return self._checked_key(named[0], scope)
        if isinstance(inner, exp.Column):
            return self._checked_key(self.expressions.value(inner, scope), scope)
        key = self._key(inner, fields, scope, "GROUP BY")
        value = fields[key - 1].value if isinstance(key, int) else self.expressions.value(inner, scope)
        return self._checked_key(value, scope)

    def _limit(self, node: exp.Expr, scope: Scope) -> str:
        limit, offset = node.args.get("limit"), node.args.get("offset")
        sql = ""
        if limit is not None:
            count: exp.Expr | None = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit.expression
            if count is None:
                count = exp.Literal.number(1)
            if not (isinstance(count, exp.Null) or (isinstance(count, exp.Column | exp.Var) and count.name.lower() == "all")):
                sql += f" LIMIT {self.expressions.coerce(self.expressions.typed(count, Scope()), INT8).sql}"
        if offset is not None:
            sql += f" OFFSET {self.expressions.coerce(self.expressions.typed(offset.expression, Scope()), INT8).sql}"
        return sql

    # VALUES and set operations

    def _values(self, node: exp.Values, scope: Scope) -> tuple[str, list[Field]]:
        rows = [row.expressions if isinstance(row, exp.Tuple) else [unwrapped(row)] for row in node.expressions]
        if any(len(row) != len(rows[0]) for row in rows):
            raise PgError(sqlstate.SYNTAX_ERROR, "VALUES lists must all be the same length")
        columns = []
        for place in range(len(rows[0])):
            values = [self.expressions.as_text(self.expressions.typed(row[place], scope)) for row in rows]
            columns.append(self.expressions.unify(values, "VALUES"))
        listed = ", ".join(f"({', '.join(column[1][row].sql for column in columns)})" for row in range(len(rows)))
        names = ", ".join(f"c{number}" for number in range(1, len(columns) + 1))
        fields = [Field(f"column{number}", Typed(f"c{number}", kind)) for number, (kind, _) in enumerate(columns, 1)]
        sql = f"SELECT {names} FROM (VALUES {listed}) AS {self.name('v')}({names})"
        return sql + self._order_by_outputs(node, fields) + self._limit(node, scope), fields

    def _set_operation(self, node: exp.SetOperation, scope: Scope) -> tuple[str, list[Field]]:
        word = node.key.upper()
        left, ours = self.query(node.this, scope, keep_open=True)
        right, theirs = self.query(node.expression, scope, keep_open=True)
        if len(ours) != len(theirs):
            raise PgError(sqlstate.SYNTAX_ERROR, f"each {word} query must have the same number of columns")
        kinds = []
        for one, other in zip(ours, theirs, strict=True):
            kinds.append(common_kind([_kind(one), _kind(other)], word))
            if kinds[-1].oid == oids.RECORD:
                raise not_supported(f"{word} of rows as values is not supported")
        fields = [
            Field(one.name, Typed(f"c{number}", kind)) for number, (one, kind) in enumerate(zip(ours, kinds, strict=True), 1)
        ]
        joint = f"{word}{'' if node.args.get('distinct') else ' ALL'}"
        legs = self._leg(left, ours, kinds), self._leg(right, theirs, kinds)
        sql = f"{legs[0]} {joint} {legs[1]}"
        if node.args.get("distinct") and any(kind.oid in computed.VARIED for kind in kinds):
            if not isinstance(node, exp.Union):
                raise not_supported(f"{word} of numbers with decimals and intervals is not supported here")
            sql = f"SELECT {self._distinct_on(fields)}* FROM ({legs[0]} UNION ALL {legs[1]}) AS {self.name('l')}"
        return sql + self._order_by_outputs(node, fields) + self._limit(node, scope), fields

    def _leg(self, sql: str, fields: Sequence[Field], kinds: Sequence[Kind]) -> str:
        cells = []
        for number, (field, kind) in enumerate(zip(fields, kinds, strict=True), 1):
            value = field.value if field.value.open else Typed(f"c{number}", field.value.kind)
            cells.append(f"{self.expressions.coerce(value, kind).sql} AS c{number}")
        return f"(SELECT {', '.join(cells)} FROM ({sql}) AS {self.name('l')})"

    def _order_by_outputs(self, node: exp.Expr, fields: Sequence[Field]) -> str:
        order = node.args.get("order")
        if order is None:
            return ""
        outputs = Scope(sources=[Source("", list(fields))])
        keys = [(self._sort_key(o.this, fields, outputs), o) for o in order.expressions]
        return " ORDER BY " + ", ".join(f"{key}{_direction(o)}" for key, o in keys)


_COSTLY = re.compile(r"\bpgf_(?!regex\()|\bSELECT\b")  # calls Python for each row, or asks more


def _tables_of(condition: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b(t\d+)\.", condition))


_RANDOM = re.compile(r"\b(gen_)?random(_uuid)?\(")

# Relation -> columns in whose order its rows are expected. Others: as they are stored.
_NATURAL = {
    "pg_attribute": ("attrelid", "attnum"),
    "pg_enum": ("enumtypid", "enumsortorder"),
    "columns": ("table_schema", "table_name", "ordinal_position"),
    "key_column_usage": ("constraint_schema", "constraint_name", "ordinal_position"),
}


def _no_rows(fields: Sequence[Field]) -> str:
    """What DuckDB need not look for: it takes longer to plan a query than to run it."""
    listed = ", ".join(f"NULL::{physical(field.value.oid)} AS c{number}" for number, field in enumerate(fields, 1))
    return f"SELECT {listed or '1 AS c1'} WHERE false"


def _aggregates(node: exp.Select) -> bool:
    for item in node.expressions:
        for part in item.walk(prune=lambda part: isinstance(part, exp.Query | exp.Window)):
            if isinstance(part, exp.Anonymous) and is_aggregate(fold(part.this)):
                return True
    return False


def _kind(field: Field) -> Kind:
    return UNKNOWN if field.value.open else field.value.kind


def _name(node: exp.Expr) -> str:
    """The name of a column without AS. A domain of information_schema is none that column_name knows."""
    inner = unwrapped(node)
    if isinstance(inner, exp.Collate):
        return _name(inner.this)
    if isinstance(inner, exp.Cast) and isinstance(unwrapped(inner.this), exp.Column | exp.Dot | exp.Collate):
        return _name(inner.this)
    if isinstance(inner, exp.Column) and isinstance(inner.this, exp.Star):
        return fold(inner.args.get("table"))
    if isinstance(inner, exp.Dot) and isinstance(inner.expression, exp.Identifier):
        return fold(inner.expression)
    try:
        return column_name(node)
    except PgError:
        return node.to.sql(dialect="postgres").rpartition(".")[2] if isinstance(node, exp.Cast) else "?column?"


def _direction(ordered: exp.Expr) -> str:
    descending = bool(ordered.args.get("desc"))
    first = bool(ordered.args.get("nulls_first")) if ordered.meta.get("explicit_nulls") else descending
    return f"{' DESC' if descending else ' ASC'} NULLS {'FIRST' if first else 'LAST'}"


def _is_keyed(source: Source, keys: Sequence[str]) -> bool:
    """Whether the rows of a catalog relation are told apart by the columns that a query groups by."""
    if source.relation is None:
        return False
    names = _KEYS.get(source.relation.name, ("oid",))
    found = [value.sql for name in names for value in source.find(name)]
    return len(found) == len(names) and all(sql in keys for sql in found)


def renamed(fields: Sequence[Field], names: Sequence[str], table: str) -> list[Field]:
    """The columns of a source under the names that an alias gives them."""
    if len(names) > len(fields):
        message = f'table "{table}" has {len(fields)} columns available but {len(names)} columns specified'
        raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message)
    shown = [*names, *(field.name for field in fields[len(names) :])]
    return [Field(name, field.value) for name, field in zip(shown, fields, strict=True)]
