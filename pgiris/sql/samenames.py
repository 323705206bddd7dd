"""Tables of one name in several schemas: ``sales.users JOIN support.users``. All but the first get an alias.

What names them follows: ``support.users.id``, and ``users.id`` where only one of them is seen, the nearest.
PostgreSQL: refnameNamespaceItem and scanNameSpaceForRelid in parse_relation.c
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.infer import fold
from pgiris.sql.postgres import position_of
from pgiris.sql.scope import find_relation
from pgiris.sql.trees import Census, walk
from pgiris.types.relation import Relation, Snapshot

TOLD_APART = "same_names_told_apart"  # in the tree's meta
_WITH_TABLES = (exp.Select, exp.Update, exp.Delete, exp.Insert)
_QUERIES = (exp.Select, exp.SetOperation, exp.Values)
_CLAUSES = ("from_", "joins", "using")


def distinguish(census: Census, snapshot: Snapshot, search_path: tuple[str, ...]) -> bool:
    """Whether there are such. Raises PgError 42P09 for a name that may mean several."""
    named: dict[str, list[exp.Table]] = {}
    for table in census.of(exp.Table):
        if isinstance(table.this, exp.Identifier) and table.args.get("alias") is None:
            named.setdefault(fold(table.this), []).append(table)
    shared = {name: tables for name, tables in named.items() if len(tables) > 1 and any(table.args.get("db") for table in tables)}
    for name, tables in list(shared.items()):
        found = [_relation(table, snapshot, search_path) for table in tables]
        if None in found or len({id(relation) for relation in found}) < 2:
            del shared[name]
    if not shared:
        return False
    aliases = {name: _aliases(tables, census, snapshot, search_path) for name, tables in shared.items()}
    for column in census.of(exp.Column):
        name = fold(column.args.get("table"))
        if name in shared:
            _follow(column, aliases[name], snapshot, search_path)
    for of_name in aliases.values():
        for table, alias in of_name.values():
            if alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
    census.tree.meta[TOLD_APART] = True
    return True


_Aliases = dict[int, tuple[exp.Table, str]]  # by the table's id; "" for those that keep their name


def _relation(table: exp.Expr, snapshot: Snapshot, search_path: tuple[str, ...]) -> Relation | None:
    table_or_column = "this" if isinstance(table, exp.Table) else "table"
    return find_relation(snapshot, search_path, fold(table.args.get("db")), fold(table.args.get(table_or_column)))


def _aliases(tables: list[exp.Table], census: Census, snapshot: Snapshot, search_path: tuple[str, ...]) -> _Aliases:
    """The relation that is changed, else the first one, keeps its name."""
    changed = next((table for table in tables if table.arg_key == "this" and isinstance(table.parent, _WITH_TABLES)), tables[0])
    first = _relation(changed, snapshot, search_path)
    taken = {fold(identifier) for identifier in census.of(exp.Identifier)}
    aliases: _Aliases = {}
    of_relation: dict[int, str] = {id(first): ""}
    for table in tables:
        relation = _relation(table, snapshot, search_path)
        if id(relation) not in of_relation:
            number = 1
            while (alias := f"{fold(table.this)}_{number}") in taken:
                number += 1
            taken.add(alias)
            of_relation[id(relation)] = alias
        aliases[id(table)] = table, of_relation[id(relation)]
    return aliases


def _follow(column: exp.Column, aliases: _Aliases, snapshot: Snapshot, search_path: tuple[str, ...]) -> None:
    wanted = _relation(column, snapshot, search_path) if column.args.get("db") is not None else None
    for seen in _seen(column):
        found = [table for table in seen if id(table) in aliases]
        if wanted is not None:
            found = [table for table in found if _relation(table, snapshot, search_path) is wanted]
        if len(found) > 1:
            name = fold(column.args["table"])
            raise PgError(sqlstate.AMBIGUOUS_ALIAS, f'table reference "{name}" is ambiguous', position=position_of(column))
        if found:
            alias = aliases[id(found[0])][1]
            if alias:
                column.set("table", exp.to_identifier(alias, quoted=True))
            column.set("db", None)
            return


def _seen(node: exp.Expr) -> Iterator[list[exp.Expr]]:
    """The tables of the queries around a node, of the nearest first."""
    outer = node.parent
    while outer is not None:
        if isinstance(outer, _WITH_TABLES):
            yield list(_tables(outer))
        outer = outer.parent


def _tables(query: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(query.this, exp.Table):
        yield query.this
    elif isinstance(query.this, exp.Schema):
        yield query.this.this
    for clause in _CLAUSES:
        value = query.args.get(clause)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, exp.Expr):
                yield from (node for node in walk(part, _QUERIES) if isinstance(node, exp.Table))
