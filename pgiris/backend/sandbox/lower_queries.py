"""Lowering of queries. iris-reference 4.6 to 4.12"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from pgiris.backend.sandbox import aggregates
from pgiris.backend.sandbox.iristypes import EXACT, SQLUPPER, STREAMS, STRING, STRINGS, IrisType, Kind
from pgiris.backend.sandbox.lower_sources import LowerSources, Named, copied
from pgiris.backend.sandbox.scope import Scope, Source
from pgiris.backend.sandbox.typed import Typed, common, key, order_key
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError, not_supported
from pgiris.sql.iris import nodes

_SET_WORDS: dict[type[exp.Expr], str] = {exp.Union: "UNION", exp.Except: "EXCEPT", exp.Intersect: "INTERSECT"}
NO_LIMIT = -1
MAX_LEGS = 400
CONSTANT_TERM = "''||''"  # SQLite would take a bare number for the place of a column
_NUMBER = re.compile(r"[\s()+-]*[0-9]+[\s()]*")


class LowerQueries(LowerSources):
    def query(self, node: exp.Expr) -> tuple[str, list[Named]]:
        """SQL, whose columns are k1, k2 ..., and the columns' names and types."""
        known = self.ctes
        prefix = self._with(node.args.get("with_"))
        if isinstance(node, exp.Subquery):
            sql, columns = self.query(node.this)
            name = self.next_alias()
            sql = f"SELECT * FROM ({sql}) AS {name}{self._limit(node)}"
        elif isinstance(node, exp.SetOperation):
            sql, columns = self._set_operation(node)
        else:
            sql, columns = self._select(node)
        self.ctes = known
        return prefix + sql, columns

    def subquery(self, node: exp.Expr) -> tuple[str, list[Typed]]:
        outer = self.scope
        sql, columns = self.query(node)
        self.scope = outer
        return sql, [typed for _, typed in columns]

    # WITH

    def _with(self, with_: exp.With | None) -> str:
        if with_ is None:
            return ""
        parts = []
        self.ctes = dict(self.ctes)
        for cte in with_.expressions:
            outer = self.scope
            self.scope = Scope(parent=outer)
            sql, columns = self.query(cte.this)
            self.scope = outer
            name = self.next_alias()
            self.ctes[cte.alias.upper()] = (name, columns)
            parts.append(f"{name} AS ({sql})")
        return f"WITH {', '.join(parts)} "

    # Set operations

    def _set_operation(self, node: exp.SetOperation) -> tuple[str, list[Named]]:
        distinct = bool(node.args.get("distinct"))
        sides = [self.query(side) for side in _union_legs(node)]
        first = sides[0][1]
        if any(len(columns) != len(first) for _, columns in sides):
            raise pg_error(-9, "Incompatible SELECT lists used in UNION, INTERSECT or EXCEPT")
        rows = [[typed.type for _, typed in columns] for _, columns in sides]
        types = [common(list(column), "a set operation") for column in zip(*rows, strict=True)]
        legs = [self._conformed(sql, columns, types, distinct) for sql, columns in sides]
        sql = self._compound(legs, _SET_WORDS[type(node)] + ("" if distinct else " ALL"))
        columns = [(name, Typed("", type_, label=typed.label)) for (name, typed), type_ in zip(first, types, strict=True)]
        return self._ordered_whole(node, sql, columns), columns

    def _compound(self, legs: list[str], words: str) -> str:
        """SQLite joins no more than 500 SELECTs at once."""
        while len(legs) > MAX_LEGS:
            chunks = [legs[start : start + MAX_LEGS] for start in range(0, len(legs), MAX_LEGS)]
            legs = [f"SELECT * FROM ({f' {words} '.join(chunk)}) AS {self.next_alias()}" for chunk in chunks]
        return f" {words} ".join(legs)

    def _conformed(self, sql: str, columns: list[Named], types: list[IrisType], distinct: bool) -> str:
        """A side whose columns have the types of the whole; duplicates are found by collation, which shows (4.10)."""
        name = self.next_alias()
        items = []
        for number, ((_, typed), type_) in enumerate(zip(columns, types, strict=True), 1):
            if distinct and typed.kind in STREAMS:
                raise pg_error(-313, "Predicate not supported on stream fields")
            item = self.as_type(Typed(f"{name}.k{number}", typed.type), type_)
            items.append(f"{key(item, type_) if distinct else item} AS k{number}")
        return f"SELECT {', '.join(items)} FROM ({sql}) AS {name}"

    def _ordered_whole(self, node: exp.SetOperation, sql: str, columns: list[Named]) -> str:
        order = node.args.get("order")
        limit = self._limit(node)
        if order is None and not limit:
            return sql
        name = self.next_alias()
        terms = [self._whole_term(item, name, columns) for item in order.expressions] if order else []
        ordering = f" ORDER BY {', '.join(terms)}" if terms else ""
        return f"SELECT * FROM ({sql}) AS {name}{ordering}{limit}"

    def _whole_term(self, item: exp.Expr, name: str, columns: list[Named]) -> str:
        number = _ordinal(item.this)
        if number is None:
            wanted = item.this.name.upper() if isinstance(item.this, exp.Column) else ""
            number = next((n for n, (column, _) in enumerate(columns, 1) if column.upper() == wanted), None)
            if number is None:
                raise pg_error(-6, f"ORDER BY column '{item.this.sql('iris')}' after UNION is not in the SELECT list")
        if not 1 <= number <= len(columns):
            raise pg_error(-5, f"ORDER BY column number {number} does not match the SELECT list")
        term = order_key(f"{name}.k{number}", _sorting(columns[number - 1][1].type))
        return f"{term} DESC" if item.args.get("desc") else term

    # SELECT

    def _select(self, node: exp.Expr) -> tuple[str, list[Named]]:
        outer = self.scope
        self.scope = Scope(parent=outer)
        sources = self._from(node)
        where = node.args.get("where")
        where_sql = f" WHERE {self.condition(where.this)}" if where is not None else ""
        self._refuse_aggregates(where)
        self.scope.over = self._mixes(node)
        having = node.args.get("having")
        if self.scope.over and having is not None and not _aggregates_in(having):
            self.scope.having = self.condition(having.this)
        columns = self._items(node)
        self.scope.aliases = (
            {item.alias.upper(): typed for item, (_, typed) in zip(node.expressions, columns, strict=False) if item.alias}
            if not any(_is_star(item) for item in node.expressions)
            else _aliases(node, columns)
        )
        group_sql = self._group(node)
        having_sql = f" HAVING {self.condition(having.this)}" if having is not None and not self.scope.over else ""
        distinct = node.args.get("distinct")
        if distinct is not None and not distinct.args.get("on"):
            columns = [(name, self._distinct_item(typed)) for name, typed in columns]
        elif group_sql:
            columns = [(name, self._grouped_item(typed)) for name, typed in columns]
        terms = self._order(node, columns)
        order_sql = _order_by(terms)
        body = f"{sources}{where_sql}{group_sql}{having_sql}"
        items = ", ".join(f"{typed.sql} AS k{number}" for number, (_, typed) in enumerate(columns, 1))
        if self.scope.over and having is not None:
            sql = self._kept_by_having(node, columns, items, body, terms)
        elif distinct is not None and distinct.args.get("on"):
            sql = self._distinct_by(distinct, columns, items, body, terms, node)
        else:
            sql = f"SELECT {'DISTINCT ' if distinct is not None else ''}{items}{body}{order_sql}{self._limit(node)}"
        self.scope = outer
        return sql, columns

    def _mixes(self, node: exp.Expr) -> bool:
        """Without GROUP BY, aggregates beside fields, or a HAVING, speak of all rows, and every row is in the result."""
        if node.args.get("group") is not None:
            return False
        aggregated = any(_aggregates_in(item) for item in node.expressions)
        fields = any(_fields_in(item) for item in node.expressions)
        having = node.args.get("having")
        if having is None:
            return aggregated and fields
        if fields or not aggregated:
            return True
        if _fields_in(having):
            raise not_supported(
                "HAVING of fields without GROUP BY, where only aggregates are selected, is not known to the sandbox"
            )
        return False

    def _kept_by_having(self, node: exp.Expr, columns: list[Named], items: str, body: str, terms: list[str]) -> str:
        """HAVING without GROUP BY: it keeps rows, after the aggregates of all rows were made."""
        distinct = node.args.get("distinct")
        if distinct is not None and distinct.args.get("on"):
            raise not_supported("DISTINCT BY with HAVING, without GROUP BY, is not known to the sandbox")
        name = self.next_alias()
        kept = self.condition(node.args["having"].this)
        shown = ", ".join(f"{name}.k{number}" for number in range(1, len(columns) + 1))
        computed, outside = _as_columns(terms, "o")
        order = _order_by(outside) if distinct is None else ""
        word = "DISTINCT " if distinct is not None else ""
        inner = f"SELECT {', '.join([items, f'({kept}) AS kh', *computed])}{body}"
        return f"SELECT {word}{shown} FROM ({inner}) AS {name} WHERE {name}.kh{order}{self._limit(node)}"

    def _refuse_aggregates(self, where: exp.Expr | None) -> None:
        if where is None:
            return
        if _aggregates_in(where):
            raise pg_error(-19, "Aggregates are not allowed in a WHERE or GROUP BY clause")

    def _distinct_by(
        self, distinct: exp.Expr, columns: list[Named], items: str, body: str, terms: list[str], node: exp.Expr
    ) -> str:
        """DISTINCT BY (a, b): one row for each a, b. Keys and order, which may be aggregates of all rows, are computed first."""
        keys, parts = _as_columns([self.partition_key(self.value(item)) for item in distinct.args["on"].expressions], "d")
        computed, order = _as_columns(terms, "o")
        window = _order_by(order).strip()
        name, rows = self.next_alias(), self.next_alias()
        inner = f"SELECT {', '.join([items, *keys, *computed])}{body}"
        numbered = (
            f"SELECT *, ROW_NUMBER() OVER (PARTITION BY {', '.join(parts)} {window}) AS kn,"
            f" ROW_NUMBER() OVER ({window}) AS ko FROM ({inner}) AS {rows}"
        )
        shown = ", ".join(f"{name}.k{number}" for number in range(1, len(columns) + 1))
        return f"SELECT {shown} FROM ({numbered}) AS {name} WHERE {name}.kn = 1 ORDER BY {name}.ko{self._limit(node)}"

    def partition_key(self, typed: Typed) -> str:
        return key(self.untyped(typed), typed.type)

    def _distinct_item(self, typed: Typed) -> Typed:
        if typed.kind in STREAMS:
            raise pg_error(-313, "Predicate not supported on stream fields")
        if typed.kind in STRINGS and typed.type.collation != EXACT:
            typed.sql = key(typed.sql, typed.type)
        return typed

    def _grouped_item(self, typed: Typed) -> Typed:
        grouped = self.scope.grouped.get(typed.sql)
        if grouped is not None:
            typed.sql = grouped
        return typed

    # Items

    def _items(self, node: exp.Expr) -> list[Named]:
        columns: list[Named] = []
        for item in node.expressions:
            if isinstance(item, exp.Star):
                columns += self._star(self.scope.sources, None)
            elif isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
                columns += self._qualified_star(item.table)
            else:
                columns.append(self._item(item, len(columns) + 1))
        if not columns:
            raise pg_error(-12, "A term expected in the SELECT list")
        return columns

    def _item(self, item: exp.Expr, number: int) -> Named:
        value = item.this if isinstance(item, exp.Alias) else item
        typed = self.selected(self.value(value))
        if typed.kind == Kind.UNTYPED:
            typed = Typed(typed.sql, STRING, label="HostVar")
        if item.alias:
            return item.alias, typed
        if isinstance(value, nodes.Arrow) and typed.column is not None:
            return typed.column.name, typed
        if isinstance(value, exp.Column):
            name = typed.label if value.name.startswith("%") else self._column_name(value)
            return name, typed
        return f"{typed.label if typed.label in _LABELS else 'Expression'}_{number}", typed

    def _column_name(self, column: exp.Column) -> str:
        """The name as it was defined, in a table, a subquery or a CTE."""
        for source in self.scope.sources:
            for name, _ in source.columns:
                if name.upper() == column.name.upper() and (not column.table or source.name.upper() == column.table.upper()):
                    return name
        return column.name

    def _star(self, sources: list[Source], only: Source | None) -> list[Named]:
        if not sources:
            raise pg_error(-12, "A term expected, * found")
        shown = []
        for source in sources if only is None else [only]:
            for name, typed in source.columns:
                if (only is None and name.upper() in source.merged) or (typed.column is not None and typed.column.private):
                    continue
                value = self.scope.merged.get(name.upper(), typed) if only is None else typed
                shown.append((name, copied(self.used(value))))
        return shown

    def _qualified_star(self, table: str) -> list[Named]:
        for source in self.scope.sources:
            if source.name.upper() == table.upper():
                return self._star(self.scope.sources, source)
        raise pg_error(-23, f"Label '{table}' is not listed among the applicable tables", table=table)

    # GROUP BY, ORDER BY, rows

    def _group(self, node: exp.Expr) -> str:
        group = node.args.get("group")
        if group is None:
            return ""
        terms = []
        self._refuse_aggregates(group)
        for item in group.expressions:
            typed = self._by_alias(item)
            if typed is not None and typed.aggregate:
                raise pg_error(-19, "Aggregates are not allowed in a WHERE or GROUP BY clause")
            if typed is None:
                typed = self.value(item)
            if typed.kind in STREAMS:
                raise pg_error(-313, "Predicate not supported on stream fields")
            if _is_constant(typed):  # one group: GROUP BY 1 does not name a column (iris-reference 4.12)
                terms.append(CONSTANT_TERM)
                continue
            term = key(typed.sql, typed.type)
            if term != typed.sql:
                self.scope.grouped[typed.sql] = term
            terms.append(term)
        return f" GROUP BY {', '.join(terms)}"

    def _by_alias(self, item: exp.Expr) -> Typed | None:
        """A select item by its alias; columns of the tables come first."""
        if not isinstance(item, exp.Column) or item.table:
            return None
        try:
            self.scope.column(item.name, "", "")
        except PgError:
            alias = self.scope.aliases.get(item.name.upper())
            return copied(alias) if alias is not None else None
        return None

    def _order(self, node: exp.Expr, columns: list[Named]) -> list[str]:
        """The terms of ORDER BY, each with DESC if it is said."""
        order = node.args.get("order")
        if order is None:
            return []
        if any(_aggregates_in(item) for item in order.expressions):
            raise pg_error(-73, "Aggregates are not allowed in an ORDER BY clause: name the SELECT item")
        starred = any(_is_star(item) for item in node.expressions)
        return [self._order_term(item, columns, starred) for item in order.expressions]

    def _order_term(self, item: exp.Expr, columns: list[Named], starred: bool) -> str:
        number = _ordinal(item.this)
        if number is not None:
            if starred:
                raise pg_error(-22, "ORDER BY column number is not allowed with SELECT *")
            if not 1 <= number <= len(columns):
                raise pg_error(-5, f"ORDER BY column number {number} does not match the SELECT list")
            typed = copied(columns[number - 1][1])
        else:
            typed = self._order_value(item.this)
        if typed.kind in STREAMS:
            raise pg_error(-313, "Predicate not supported on stream fields")
        if typed.kind == Kind.VECTOR:
            raise pg_error(-313, "Predicate not supported on vectors")
        if _is_constant(typed):
            return CONSTANT_TERM
        term = order_key(self.scope.grouped.get(typed.sql, typed.sql), _sorting(typed.type, typed.label))
        return f"{term} DESC" if item.args.get("desc") else term

    def _order_value(self, node: exp.Expr) -> Typed:
        if isinstance(node, exp.Column) and not node.table:
            alias = self.scope.aliases.get(node.name.upper())
            if alias is not None:
                return copied(alias)
        return self.value(node)

    def _limit(self, node: exp.Expr) -> str:
        limit, offset = node.args.get("limit"), node.args.get("offset")
        count = limit.args.get("count" if isinstance(limit, exp.Fetch) else "expression") if limit is not None else None
        if count is None and offset is None:
            return ""
        rows = str(NO_LIMIT) if count is None or count.name == "ALL" else self._row_count(count)
        skipped = f" OFFSET {self._row_count(offset.expression)}" if offset is not None else ""
        return f" LIMIT {rows}{skipped}"

    def _row_count(self, node: exp.Expr) -> str:
        if isinstance(node, exp.Placeholder):
            return self.binds.add(node.meta["index"], row_count)
        return "0" if isinstance(node, exp.Neg) else str(min(int(node.name), 2**62))


def row_count(value: object) -> int:
    try:
        return max(int(value), 0)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        raise pg_error(-65, "Positive integer constant or variable expected") from None


_LABELS = ("Expression", "Aggregate", "HostVar", "Subquery", "Window")


def _own(node: exp.Expr, kinds: tuple[type[exp.Expr], ...]) -> Iterator[exp.Expr]:
    """Nodes of these kinds that belong to this query, not to one within it."""
    stack = [node]
    while stack:
        found = stack.pop()
        if isinstance(found, kinds):
            yield found
        if not isinstance(found, (exp.Query, exp.Exists)):
            stack.extend(found.iter_expressions())


def _aggregates_in(node: exp.Expr) -> bool:
    """Aggregates that are not window functions."""
    for found in _own(node, (exp.AggFunc, exp.Anonymous)):
        named = isinstance(found, exp.AggFunc) or found.name.upper() in aggregates.AGGREGATES
        if named and not isinstance(found.parent, exp.Window):
            return True
    return False


def _fields_in(node: exp.Expr) -> bool:
    """Columns outside of aggregates."""
    stack = [node]
    while stack:
        found = stack.pop()
        if isinstance(found, (exp.Column, exp.Star)):
            return True
        aggregate = isinstance(found, exp.AggFunc) or (
            isinstance(found, exp.Anonymous) and found.name.upper() in aggregates.AGGREGATES
        )
        if not aggregate and not isinstance(found, (exp.Query, exp.Exists)):
            stack.extend(found.iter_expressions())
    return False


def _order_by(terms: list[str]) -> str:
    return f" ORDER BY {', '.join(terms)}" if terms else ""


def _as_columns(terms: list[str], letter: str) -> tuple[list[str], list[str]]:
    """Terms of ORDER BY or PARTITION BY as further columns of a query, and what names them outside of it."""
    columns = [f"{term.removesuffix(' DESC')} AS {letter}{number}" for number, term in enumerate(terms, 1)]
    return columns, [f"{letter}{n}{' DESC' if term.endswith(' DESC') else ''}" for n, term in enumerate(terms, 1)]


def _is_constant(typed: Typed) -> bool:
    return typed.is_literal or typed.parameter is not None or _NUMBER.fullmatch(typed.sql) is not None


def _union_legs(node: exp.SetOperation) -> list[exp.Expr]:
    """The SELECTs of a chain of UNION ALL, however long; else the two sides."""
    if not isinstance(node, exp.Union) or node.args.get("distinct"):
        return [node.this, node.expression]
    legs: list[exp.Expr] = []
    leg: exp.Expr = node
    while isinstance(leg, exp.Union) and (
        leg is node or not any(leg.args.get(c) for c in ("distinct", "order", "limit", "with_"))
    ):
        legs.append(leg.expression)
        leg = leg.this
    return [leg, *reversed(legs)]


def _is_star(item: exp.Expr) -> bool:
    return isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star))


def _aliases(node: exp.Expr, columns: list[Named]) -> dict[str, Typed]:
    wanted = {item.alias.upper() for item in node.expressions if not _is_star(item) and item.alias}
    return {name.upper(): typed for name, typed in columns if name.upper() in wanted}


def _ordinal(node: exp.Expr) -> int | None:
    return int(node.name) if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit() else None


def _sorting(type_: IrisType, label: str = "") -> IrisType:
    """Strings sort by the namespace's collation, SQLUPPER, whatever the column's is (iris-reference 4.6)."""
    if type_.kind in STRINGS and label != "%EXACT":
        return type_.collated(SQLUPPER)
    return type_
