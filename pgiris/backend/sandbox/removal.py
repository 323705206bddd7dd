"""DROP. iris-reference 4.19"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlglot import exp

from pgiris.backend.sandbox import dictionary as store
from pgiris.backend.sandbox import privileges, storage
from pgiris.backend.sandbox.compiled import parse
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, TableDef
from pgiris.backend.sandbox.tabledefinition import TableDefinition
from pgiris.backend.sqlcode import pg_error


class Removal(TableDefinition):
    def drop(self, tree: exp.Expr) -> None:
        _DROPS[tree.args["kind"]](self, tree)

    def _drop_table(self, tree: exp.Drop) -> None:
        node = tree.args["tables"][0]
        table = self._dictionary.find(node.text("db"), node.name)
        if table is None or table.is_view:
            if tree.args.get("exists") and table is None:
                return
            self._base_table(node)
        assert table is not None
        self._check_word("%DROP_TABLE", f"must be owner of table {table.name}")
        self._drop_found_table(table, bool(tree.args.get("cascade")))

    def _drop_found_table(self, table: TableDef, cascade: bool) -> None:
        self._admit(table)
        for other, constraint in self._dictionary.referencing(table):
            if other.id != table.id:
                message = (
                    f"Cannot DROP table '{table.name}': it is referenced by constraint '{constraint.name}' of '{other.name}'"
                )
                text = f"cannot drop table {table.name} because other objects depend on it"
                raise pg_error(-320, message, table=other.name, constraint=constraint.name, text=text)
        views = [view for view in self._dictionary if view.query is not None and _uses(view, table)]
        if views and not cascade:
            text = f"cannot drop table {table.name} because other objects depend on it"
            raise pg_error(-321, f"Table '{table.name}' cannot be dropped: view '{views[0].name}' uses it", text=text)
        for view in views:
            self._forget(view)
        self._forget(table)
        storage.drop_table(self._db, table)
        self._reload()
        gone = msgspec.structs.replace(table, constraints=())
        for number in {c.referenced for c in table.constraints} - {0, table.id}:
            self._actions(gone, number)

    def _drop_view(self, tree: exp.Drop) -> None:
        node = tree.args["tables"][0]
        view = self._dictionary.find(node.text("db"), node.name)
        if view is None and tree.args.get("exists"):
            return
        if view is None or not view.is_view:
            raise pg_error(-30, f"View '{node.name}' not found", table=node.name, text=f'view "{node.name}" does not exist')
        if self._rights is not None and not self._rights.holds(view, privileges.DELETE):
            self._check_word("%DROP_VIEW", f"must be owner of view {view.name}")
        users = [other for other in self._dictionary if other.query is not None and other.id != view.id and _uses(other, view)]
        if users and not tree.args.get("cascade"):
            text = f"cannot drop view {view.name} because other objects depend on it"
            raise pg_error(-321, f"View '{view.name}' cannot be dropped: view '{users[0].name}' uses it", text=text)
        for found in (*users, view):
            self._forget(found)

    def _forget(self, table: TableDef) -> None:
        store.forget(self._db, table)
        privileges.forget(self._db, privileges.TABLE, table.id)

    def _drop_index(self, tree: exp.Drop) -> None:
        node = tree.args["tables"][0]
        target = tree.args.get("cluster")
        if target is None and node.text("db"):
            target = exp.Table(this=node.args["db"], db=node.args.get("catalog"))
        tables = [self._base_table(target)] if target is not None else list(self._dictionary)
        found = [(t, i) for t in tables for i in t.indexes if i.name.upper() == node.name.upper()]
        if not found:
            if tree.args.get("exists"):
                return
            raise pg_error(-333, f"No such index '{node.name}' defined", constraint=node.name)
        if len(found) > 1:
            raise pg_error(-334, f"Index name '{node.name}' is ambiguous: it was found in several tables")
        table, index = found[0]
        self._check_alter(table)
        self._admit(table)
        new = msgspec.structs.replace(table, indexes=tuple(i for i in table.indexes if i is not index))
        self._save(new)
        storage.drop_index(self._db, table, index)

    def _drop_schema(self, tree: exp.Drop) -> None:
        name = tree.args["tables"][0].text("db")
        if not self._dictionary.has_schema(name) or name.upper() == DEFAULT_SCHEMA.upper():
            if tree.args.get("exists"):
                return
            raise pg_error(-473, f"Schema '{name}' not found", table=name)
        inside = [table for table in self._dictionary if table.schema.upper() == name.upper()]
        routines = [routine for routine in self._dictionary.routines if routine.schema.upper() == name.upper()]
        words = {"%DROP_TABLE", *("%DROP_VIEW" for table in inside if table.is_view), *(f"%DROP_{one.kind}" for one in routines)}
        for word in words:
            self._check_word(word, f"must be owner of schema {name}")
        if (inside or routines) and not tree.args.get("cascade"):
            text = f"cannot drop schema {name} because other objects depend on it"
            raise pg_error(-475, f"Schema '{name}' is not empty", text=text)
        for routine in routines:
            store.forget_routine(self._db, routine)
        for table in sorted(inside, key=lambda t: (not t.is_view, -t.id)):
            if table.is_view:
                self._forget(table)
                self._reload()
            else:
                self._drop_found_table(table, cascade=True)
        self._db.execute("DELETE FROM iris_schema WHERE name = ?", (name,))
        privileges.forget(self._db, privileges.SCHEMA, name.upper())
        store.changed(self._db)


def _uses(view: TableDef, table: TableDef) -> bool:
    assert view.query is not None
    for node in parse(view.query).find_all(exp.Table):
        schema = node.text("db") or DEFAULT_SCHEMA
        if node.name.upper() == table.name.upper() and schema.upper() == table.schema.upper():
            return True
    return False


_DROPS: dict[str, Callable[[Removal, Any], None]] = {
    "TABLE": Removal._drop_table,
    "VIEW": Removal._drop_view,
    "INDEX": Removal._drop_index,
    "SCHEMA": Removal._drop_schema,
}
