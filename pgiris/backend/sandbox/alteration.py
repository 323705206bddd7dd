"""ALTER TABLE. iris-reference 4.19"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlglot import exp

from pgiris.backend.sandbox import values
from pgiris.backend.sandbox.compiled import Lowering
from pgiris.backend.sandbox.dictionary import ColumnDef, ConstraintDef, TableDef
from pgiris.backend.sandbox.iristypes import STREAMS, STRINGS, Kind, type_of
from pgiris.backend.sandbox.tabledefinition import AUTOMATIC, TableDefinition, check_name, collation_of, default_text
from pgiris.backend.sandbox.typed import Typed
from pgiris.backend.sandbox.values import Field
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.sql.iris import nodes


class Alteration(TableDefinition):
    def alter(self, tree: exp.Alter) -> None:
        table = self._base_table(tree.this)
        self._check_alter(table)
        actions = tree.args["actions"]
        if table.temporary:
            raise not_supported("ALTER TABLE of a GLOBAL TEMPORARY table is not known to the sandbox")
        if isinstance(actions[0], exp.ColumnDef):
            self._add_columns(table, actions)
        elif isinstance(actions[0], nodes.AlterAction):
            raise not_supported(f"ALTER TABLE ... {' '.join(actions[0].name.split()[:2])} is not known to the sandbox")
        else:
            _ALTERATIONS[type(actions[0])](self, table, actions[0])

    def _add_columns(self, table: TableDef, nodes: list[exp.Expr]) -> None:
        new, constraints = table, []
        for node in nodes:
            new, found = self._with_column(new, node)
            constraints += found
        added = new.columns[len(table.columns) :]
        if any(column.identity for column in added):
            raise not_supported("the sandbox cannot add an IDENTITY column to a table")
        self._save(new)
        expressions = {column.number: self._default_sql(new, column) for column in added if column.default is not None}
        rows = self._db.execute(f"SELECT 1 FROM {table.storage} LIMIT 1").fetchone()
        for column in added:
            if column.not_null and column.default is None and rows is not None and not column.auto:
                message = f"Attempt to ADD a NOT NULL field '{column.name}' with no default value to a table that contains data"
                raise pg_error(-304, message, table=table.name, column=column.name)
        self._rebuild(table, new, expressions)
        if constraints:
            self._add_constraints(new, constraints)

    def _add_constraint(self, table: TableDef, action: exp.Expr) -> None:
        wanted: list[tuple[str | None, exp.Expr]] = []
        for node in action.expressions:
            named = isinstance(node, exp.Constraint)
            wanted.append((node.name if named else None, node.expressions[0] if named else node))
        self._add_constraints(table, wanted)

    def _alter_column(self, table: TableDef, action: exp.Expr) -> None:
        column = self._existing(table, action.this.name)
        changed, expressions = column, {}
        if action.args.get("dtype") is not None:
            changed = self._retyped(table, column, action.args["dtype"])
            expressions = {column.number: self._change(table, column, changed)}
        if action.args.get("default") is not None:
            changed = msgspec.structs.replace(changed, default=default_text(action.args["default"]))
            self._default_sql(table, changed)
        elif action.args.get("drop"):
            changed = msgspec.structs.replace(changed, default=None)
        if action.args.get("allow_null") is not None:
            changed = msgspec.structs.replace(changed, not_null=not action.args["allow_null"])
        if action.args.get("collate") is not None:
            changed = msgspec.structs.replace(changed, collation=collation_of(action.args["collate"].name))
        self._replace(table, column, changed, expressions)

    def _retyped(self, table: TableDef, column: ColumnDef, node: exp.DataType) -> ColumnDef:
        type_ = type_of(node)
        populated = self._db.execute(f"SELECT 1 FROM {table.storage} LIMIT 1").fetchone() is not None
        if populated and (type_.kind in STREAMS) != (column.type.kind in STREAMS):
            raise pg_error(-374, "Cannot change a field to or from a stream type when data already exists in the table")
        auto = AUTOMATIC.get(node.this, "")
        return msgspec.structs.replace(column, ddl=type_.ddl, auto=auto)

    def _change(self, table: TableDef, old: ColumnDef, new: ColumnDef) -> str:
        """SQL of a column's values as its new type, validated."""
        field = Field(table.schema, table.name, new.name, -105)
        self._validators.append(values.store(new.type, field))
        source = old.storage
        if old.type.kind not in STRINGS | {Kind.STREAM}:
            source = Lowering(self._dictionary).as_type(Typed(old.storage, old.type), new.type)
        return f"iris_store({len(self._validators) - 1}, {source})"

    def _replace(self, table: TableDef, old: ColumnDef, new: ColumnDef, expressions: dict[int, str]) -> None:
        columns = tuple(new if column.number == old.number else column for column in table.columns)
        changed = msgspec.structs.replace(table, columns=columns)
        self._save(changed)
        self._rebuild(table, changed, expressions)
        for other, _ in self._dictionary.referencing(changed):
            self._triggers(other)

    def _existing(self, table: TableDef, name: str) -> ColumnDef:
        found = table.by_name.get(name.upper())
        if found is None:
            message = f"Field '{name.upper()}' not found in the applicable tables"
            raise pg_error(-29, message, column=name, text=f'column "{name}" of relation "{table.name}" does not exist')
        return found[1]

    def _rename_column(self, table: TableDef, action: exp.Expr) -> None:
        column = self._existing(table, action.this.name)
        name = action.args["to"].name
        check_name(name)
        if name.upper() in table.by_name and name.upper() != column.name.upper():
            message = f"Field '{name}' exists already in table '{table.name}'"
            raise pg_error(-306, message, table=table.name, column=name)
        renamed = msgspec.structs.replace(column, name=name)
        columns = tuple(renamed if c is column else c for c in table.columns)
        self._save(msgspec.structs.replace(table, columns=columns))

    def _rename_table(self, table: TableDef, action: exp.Expr) -> None:
        name = action.this.name
        if self._taken(table.schema, name):
            raise pg_error(-201, f"Table or view name not unique: '{table.schema}.{name}'", schema=table.schema, table=name)
        check_name(name)
        self._save(msgspec.structs.replace(table, name=name))

    def _drop_part(self, table: TableDef, action: exp.Expr) -> None:
        name = action.args["tables"][0].name
        if action.args["kind"] == "CONSTRAINT":
            self._drop_constraint(table, table.constraint(name), name)
            return
        column = self._existing(table, name)
        if column.identity:
            raise not_supported("the sandbox cannot drop an IDENTITY column")
        users = [c for c in table.constraints if column.number in c.columns]
        indexed = any(column.number in index.columns for index in table.indexes)
        if not action.args.get("cascade") and (users or indexed):
            raise pg_error(-322, f"Field '{name}' cannot be dropped: an index or a constraint has it")
        for constraint in users:
            table = self._drop_constraint(table, constraint, constraint.name)
        indexes = tuple(index for index in table.indexes if column.number not in index.columns)
        columns = tuple(c for c in table.columns if c.number != column.number)
        if not columns:
            raise pg_error(-322, "The last field of a table cannot be dropped")
        new = msgspec.structs.replace(table, columns=columns, indexes=indexes)
        self._save(new)
        self._rebuild(table, new, {})

    def _drop_primary_key(self, table: TableDef, action: exp.Expr) -> None:
        found = next((c for c in table.constraints if c.kind == "PRIMARY KEY"), None)
        self._drop_constraint(table, found, "PRIMARY KEY")

    def _is_referenced(self, table: TableDef, constraint: ConstraintDef) -> bool:
        if constraint.kind == "FOREIGN KEY":
            return False
        pointing = self._dictionary.referencing(table)
        return any(sorted(c.referenced_columns) == sorted(constraint.columns) for _, c in pointing)

    def _drop_constraint(self, table: TableDef, constraint: ConstraintDef | None, name: str) -> TableDef:
        if constraint is None:
            raise pg_error(-315, f"Constraint '{name}' not found", table=table.name, constraint=name)
        if self._is_referenced(table, constraint):
            raise pg_error(-317, f"Cannot DROP constraint '{name}': a foreign key references it")
        kept = tuple(c for c in table.constraints if c.name != constraint.name)
        new = msgspec.structs.replace(table, constraints=kept)
        self._save(new)
        self._rebuild(table, new, {})
        if constraint.referenced not in (0, table.id):
            self._actions(new, constraint.referenced)
        return new


_ALTERATIONS: dict[type[exp.Expr], Callable[[Alteration, TableDef, exp.Expr], Any]] = {
    exp.AddConstraint: Alteration._add_constraint,
    exp.AlterColumn: Alteration._alter_column,
    exp.RenameColumn: Alteration._rename_column,
    exp.AlterRename: Alteration._rename_table,
    exp.Drop: Alteration._drop_part,
    exp.DropPrimaryKey: Alteration._drop_primary_key,
}
