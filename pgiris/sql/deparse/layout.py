"""Layout: a Query as PostgreSQL prints it, clause by clause. PostgreSQL: get_query_def() and below in ruleutils.c"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgiris.compute.strings import quote_ident
from pgiris.sql.deparse.nodes import Const, Grouping, Join, Node, Query, Setop, Source, Sublink, Var, With
from pgiris.sql.deparse.printing import INDENT, STEP, Printer
from pgiris.sql.deparse.template import (
    FIRST_TARGET,
    ITEM,
    ITEM_END,
    NAME_END,
    PLAIN_CLOSE,
    PLAIN_OPEN,
    PRETTY_CLOSE,
    PRETTY_OPEN,
    RELATION,
    SCHEMA_END,
    SOURCE,
    TARGET,
)
from pgiris.sql.deparse.template import INDENT as INDENTED

_JOIN = 4  # blanks before JOIN
_Names = Mapping[Source, str]


def shown_query(query: Query, names: Sequence[str] | None = None) -> str:
    """names: of the columns of a view."""
    return _Layout(query, {}, 0).shown(names, True)


class _Layout(Printer):
    """around: the names of the tables of the queries around it; there are none around the outermost one only."""

    def __init__(self, query: Query, around: _Names, depth: int, is_inner: bool = False) -> None:
        self._query = query
        self._all = {**around, **_unique(query, around)}
        super().__init__(depth)
        self._prefixes = is_inner or len(query.sources) + _joins(query) != 1

    def prefix(self, source: Source) -> str:
        return f"{quote_ident(self._all[source])}." if self._prefixes else ""

    def query(self, sublink: Sublink) -> str:
        return self._inner(sublink.query, False)

    def _inner(self, query: Query, names_are_seen: bool) -> str:
        return _Layout(query, self._all, self.depth, True).shown(None, names_are_seen)

    def shown(self, names: Sequence[str] | None, names_are_seen: bool) -> str:
        """names_are_seen: others tell the columns by their names, also one called "?column?"."""
        query = self._query
        made = self._with(query.ctes) if query.ctes else ""
        if query.setop is not None:
            made += self._setop(query.setop, names, names_are_seen)
        else:
            made += self._select(names, names_are_seen)
        if query.order:
            number = _number if query.setop is not None else None
            made += self.line(" ORDER BY ", -INDENT, INDENT, 1) + self.orders(query.order, number)
        for words, value in ((" OFFSET ", query.offset), (" LIMIT ", query.limit)):
            if value is not None:
                made += self.line(words, -INDENT, INDENT)
                is_all = isinstance(value, Const) and value.text is None
                made += "ALL" if is_all else self.show(value, False)
        return made

    def _with(self, ctes: Sequence[With]) -> str:
        self.depth += INDENT
        made = " WITH RECURSIVE " if self._query.recursive else " WITH "
        parts = []
        for cte in ctes:
            columns = f"({', '.join(map(quote_ident, cte.columns))})" if cte.columns else ""
            words = {True: "MATERIALIZED ", False: "NOT MATERIALIZED ", None: ""}[cte.materialized]
            head = f"{quote_ident(cte.name)}{columns} AS {words}({self.line('')}"
            parts.append(f"{head}{self._inner(cte.query, True)}{self.line('')})")
        made += ", ".join(parts)
        self.depth -= INDENT
        return made + self.line("")

    # UNION

    def _setop(self, part: Setop | Query, names: Sequence[str] | None, names_are_seen: bool) -> str:
        if isinstance(part, Query):
            shown = _Layout(part, self._all, self.depth, True).shown(names, names_are_seen)
            is_more = part.ctes or part.order or part.limit is not None or part.offset is not None
            return f"({shown})" if is_more else shown
        left = part.left
        is_alike = isinstance(left, Setop) and (left.word, left.all) == (part.word, part.all)
        if isinstance(left, Setop) and not is_alike:
            made = "(" + self.line("", INDENT) + self._setop(left, names, names_are_seen) + self.line(") ", -INDENT)
        else:
            made = self._setop(left, names, names_are_seen) + self.line("")
        made += f"{part.word} {'ALL ' if part.all else ''}"
        is_nested = isinstance(part.right, Setop)
        made += ("(" if is_nested else "") + self.line("", INDENT if is_nested else 0)
        made += self._setop(part.right, names, False)
        if is_nested:
            self.depth -= INDENT
            made += self.line(")")
        return made

    # SELECT

    def _select(self, names: Sequence[str] | None, names_are_seen: bool) -> str:
        query = self._query
        self.depth += INDENT
        if query.values is not None and names in (None, [target.name for target in query.targets]):
            return f" {self._values(query.values)}"
        made = " SELECT"
        if query.distinct is True:
            made += " DISTINCT"
        elif query.distinct:
            made += f" DISTINCT ON ({', '.join(map(self.key, query.distinct))})"
        made += self._targets(names, names_are_seen)
        made += self._from()
        if query.where is not None:
            made += self.line(" WHERE ", -INDENT, INDENT, 1) + self.show(query.where, False)
        if query.groups:
            made += self.line(" GROUP BY ", -INDENT, INDENT, 1) + ", ".join(map(self._grouping, query.groups))
        if query.having is not None:
            made += self.line(" HAVING ", -INDENT, INDENT) + self.show(query.having, False)
        if query.windows:
            shown = (f"{quote_ident(window.name)} AS {self.window(window)}" for window in query.windows)
            made += self.line(" WINDOW ", -INDENT, INDENT, 1) + ", ".join(shown)
        return made

    def _values(self, rows: Sequence[Sequence[Node]]) -> str:
        return "VALUES " + ", ".join(f"({','.join(self.show(item, False) for item in row)})" for row in rows)

    def _targets(self, names: Sequence[str] | None, names_are_seen: bool) -> str:
        parts = []
        indent = max(self.depth - INDENT, 0) + STEP
        for place, target in enumerate(self._query.targets):
            name = names[place] if names is not None else target.name
            shown = self.show(target.expression, True)
            own = target.expression.name if isinstance(target.expression, Var) else None
            if own is None and not names_are_seen:
                own = "?column?"
            kind = TARGET if place else FIRST_TARGET
            made = shown if own == name else f"{shown} AS {quote_ident(name)}"
            parts.append(f"{ITEM}{kind}{indent}{INDENTED}{made}{ITEM_END}")
        return " " + ", ".join(parts)

    def _grouping(self, group: Grouping, in_set: bool = False) -> str:
        if group.word not in ("", "SET"):
            word = f"{group.word} " if group.word == "GROUPING SETS" else group.word
            return f"{word}({', '.join(self._grouping(item, True) for item in group.items if isinstance(item, Grouping))})"
        keys = [self.key(item) for item in group.items if isinstance(item, Node)]
        return f"({', '.join(keys)})" if group.word == "SET" else keys[0]

    # FROM

    def _from(self) -> str:
        if not self._query.tree:
            return ""
        first, *others = self._query.tree
        made = self.line(" FROM ", -INDENT, INDENT, 2) + self._item(first)
        indent = max(self.depth - INDENT, 0) + STEP
        for other in others:
            made += f", {ITEM}{SOURCE}{indent}{INDENTED}{self._item(other)}{ITEM_END}"
        return made

    def _item(self, item: Join | Source) -> str:
        if isinstance(item, Source):
            return self._source(item)
        made = PLAIN_OPEN + self._item(item.left)
        has_condition = item.on is not None or bool(item.using)
        words = item.kind if item.kind != "INNER" else "" if has_condition else "CROSS"
        made += self.line(f" {words} JOIN " if words else " JOIN ", -INDENT, INDENT, _JOIN)
        right = self._item(item.right)
        made += f"{PRETTY_OPEN}{right}{PRETTY_CLOSE}" if isinstance(item.right, Join) else right
        if item.using:
            made += f" USING ({', '.join(map(quote_ident, item.using))})"
        elif item.on is not None:
            made += f" ON {PLAIN_OPEN}{self.show(item.on, False)}{PLAIN_CLOSE}"
        elif item.kind != "INNER":
            made += " ON TRUE"
        return made + PLAIN_CLOSE

    def _source(self, source: Source) -> str:
        name = self._all[source]
        has_alias = source.has_alias or source.renames
        if source.relation is not None:
            schema, own = source.relation
            made = f"{RELATION}{schema}{SCHEMA_END}{own}{NAME_END}"
            has_alias = has_alias or own != name
        elif source.query is not None:
            made = f"({self._inner(source.query, True)})"
        elif source.function is not None:
            made = self.show(source.function, True)
        else:
            made = quote_ident(source.cte)
            has_alias = has_alias or source.cte != name
        if has_alias:
            made += f" {quote_ident(name)}"
        if source.renames:
            made += f"({', '.join(map(quote_ident, source.columns))})"
        return f"LATERAL {made}" if source.lateral else made


def _number(node: Node) -> str:
    assert isinstance(node, Const)
    assert node.text is not None
    return node.text


def _joins(query: Query) -> int:
    def count(tree: Join | Source) -> int:
        return 1 + count(tree.left) + count(tree.right) if isinstance(tree, Join) else 0

    return sum(map(count, query.tree))


def _unique(query: Query, around: _Names) -> dict[Source, str]:
    """Each table's name, other than those of the queries around. PostgreSQL: set_rtable_names()"""
    used = set(around.values())
    made = {}
    for source in query.sources:
        name, number = source.name, 0
        while name in used:
            number += 1
            name = f"{source.name}_{number}"
        used.add(name)
        made[source] = name
    return made
