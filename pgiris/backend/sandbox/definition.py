"""DDL: a CREATE, ALTER or DROP tree carried out on the dictionary and the storage. iris-reference 4.18, 4.19, 7.4"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import apsw
import msgspec
from sqlglot import exp

from pgiris.backend.sandbox import dictionary as store
from pgiris.backend.sandbox import storage, values
from pgiris.backend.sandbox.compiled import Lowering
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, ColumnDef, ConstraintDef, Dictionary, IndexDef, TableDef
from pgiris.backend.sandbox.iristypes import STREAMS, STRINGS, Kind, type_of
from pgiris.backend.sandbox.typed import Typed
from pgiris.backend.sandbox.values import Field
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError, not_supported
from pgiris.sql.iris import IRIS

SYSTEM_SCHEMAS = ("INFORMATION_SCHEMA", "IRIS_SHARD")
AUTOMATIC = {exp.DType.SERIAL: "serial", exp.DType.ROWVERSION: "rowversion"}
MAX_COLUMNS = 1000


class Definition:
    """Carries out one statement within a write transaction. run() tells how many rows CREATE TABLE AS wrote, else -1."""

    def __init__(self, db: apsw.Connection, dictionary: Dictionary, validators: list[values.Convert]) -> None:
        self._db = db
        self._dictionary = dictionary
        self._validators = validators  # of the session, for values that are checked while SQLite runs

    def run(self, tree: exp.Expr) -> int:
        if isinstance(tree, exp.Create):
            kind = tree.args["kind"]
            if kind.endswith("INDEX"):
                self._create_index(tree)
            else:
                return _CREATES[kind](self, tree) or -1
        elif isinstance(tree, exp.Alter):
            self._alter(tree)
        else:
            _DROPS[tree.args["kind"]](self, tree)
        return -1

    # Look-ups

    def _reload(self) -> None:
        self._dictionary = store.load(self._db)

    def _table(self, node: exp.Expr) -> TableDef:
        return Lowering(self._dictionary).table(node.text("db"), node.name)

    def _base_table(self, node: exp.Expr) -> TableDef:
        table = self._table(node)
        if table.is_view:
            raise pg_error(-300, f"DDL not allowed on this table definition: '{table.name}' is a view")
        return table

    def _default_sql(self, table: TableDef, column: ColumnDef) -> str:
        """SQL of a default outside of a statement: the session's validators are of no use there."""
        lowering = Lowering(self._dictionary)
        assert column.default is not None
        typed = lowering.value(lowering.parse_default(column.default))
        if typed.is_literal:
            from pgiris.backend.sandbox.typed import quoted

            field = Field(table.schema, table.name, column.name)
            return quoted(values.store(column.type, field)(typed.literal))
        return lowering.as_type(typed, column.type)

    def _new_name(self, node: exp.Expr) -> tuple[str, str]:
        """(schema, name) for a new table or view. Raises SQLCODE -201, -312."""
        schema = node.text("db") or DEFAULT_SCHEMA
        if schema.upper() in SYSTEM_SCHEMAS or schema.startswith("%"):
            raise pg_error(-312, f"Invalid schema name '{schema}'")
        if schema.upper() == DEFAULT_SCHEMA.upper():
            schema = DEFAULT_SCHEMA
        _check_name(node.name)
        return schema, node.name

    def _taken(self, schema: str, name: str) -> bool:
        return self._dictionary.find(schema, name) is not None

    # CREATE TABLE

    def _create_table(self, tree: exp.Create) -> int:
        this = tree.this
        node = this.this if isinstance(this, exp.Schema) else this
        schema, name = self._new_name(node)
        if self._taken(schema, name):
            if tree.args.get("exists"):
                return -1
            raise pg_error(-201, f"Table or view name not unique: '{schema}.{name}'", schema=schema, table=name)
        if isinstance(this, exp.Schema):
            return self._create_declared(tree, schema, name)
        return self._create_from_query(tree, schema, name)

    def _create_declared(self, tree: exp.Create, schema: str, name: str) -> int:
        table = TableDef(store.reserve(self._db, schema, name), schema, name, (), temporary=_is_temporary(tree))
        table = msgspec.structs.replace(table, identity_insert=_allows_identity_insert(tree))
        constraints: list[tuple[str | None, exp.Expr]] = []
        for element in tree.this.expressions:
            if isinstance(element, exp.ColumnDef):
                table, found = self._with_column(table, element)
                constraints += found
            elif isinstance(element, exp.CommentColumnConstraint):
                table = msgspec.structs.replace(table, description=element.this.name)
            elif isinstance(element, exp.Constraint):
                constraints.append((element.name, element.expressions[0]))
            elif not isinstance(element, exp.Var):
                constraints.append((None, element))
        if not table.columns:
            raise pg_error(-1, "A table needs at least one column")
        if not table.temporary:
            storage.create_table(self._db, table)
        self._save(table)
        self._add_constraints(table, constraints)
        return -1

    def _save(self, table: TableDef) -> None:
        store.save(self._db, table)
        self._reload()

    def _with_column(self, table: TableDef, node: exp.Expr) -> tuple[TableDef, list[tuple[str | None, exp.Expr]]]:
        """The table with one more column, and the constraints that its definition names."""
        column, constraints = self._column(table, node)
        if column.name.upper() in table.by_name:
            message = f"Field '{column.name}' exists already in table '{table.name}'"
            raise pg_error(-306, message, table=table.name, column=column.name)
        if column.identity and any(c.identity for c in table.columns):
            raise pg_error(-308, "Identity column already defined for this table")
        if len(table.columns) >= MAX_COLUMNS:
            raise pg_error(-400, f"Fatal error occurred: more than {MAX_COLUMNS} columns", state="54011")
        _check_name(column.name)
        grown = msgspec.structs.replace(
            table, columns=(*table.columns, column), next_column=table.next_column + (column.number > 0)
        )
        return grown, constraints

    def _column(self, table: TableDef, node: exp.Expr) -> tuple[ColumnDef, list[tuple[str | None, exp.Expr]]]:
        kind = node.args.get("kind")
        kinds = [constraint.args["kind"] for constraint in node.args.get("constraints") or []]
        identity = any(isinstance(k, exp.GeneratedAsIdentityColumnConstraint) for k in kinds)
        ddl = "BIGINT" if kind is None else type_of(kind).ddl
        facts: dict[str, Any] = {"name": node.name, "number": 0 if identity else table.next_column, "ddl": ddl}
        facts["identity"] = identity
        facts["auto"] = AUTOMATIC.get(kind.this, "") if kind is not None else ""
        constraints: list[tuple[str | None, exp.Expr]] = []
        if identity:
            facts["not_null"] = True
            if kind is not None and type_of(kind).kind not in (Kind.INTEGER, Kind.NUMERIC):
                raise pg_error(-1, f"IDENTITY needs a numeric type, not {ddl}")
        for found in kinds:
            self._column_fact(node, found, facts, constraints)
        return ColumnDef(**facts), constraints

    def _column_fact(
        self, node: exp.Expr, found: exp.Expr, facts: dict[str, Any], constraints: list[tuple[str | None, exp.Expr]]
    ) -> None:
        own = [exp.to_identifier(node.name, quoted=True)]
        name = found.name if isinstance(found, exp.Constraint) else None
        kind = found.expressions[0] if isinstance(found, exp.Constraint) else found
        if isinstance(kind, exp.NotNullColumnConstraint):
            facts["not_null"] = facts["not_null"] if "not_null" in facts else not kind.args.get("allow_null")
        elif isinstance(kind, exp.UniqueColumnConstraint):
            constraints.append((name, exp.UniqueColumnConstraint(this=exp.Schema(expressions=own))))
        elif isinstance(kind, exp.PrimaryKeyColumnConstraint):
            constraints.append((name, exp.PrimaryKey(expressions=own)))
        elif isinstance(kind, exp.Reference):
            constraints.append((name, exp.ForeignKey(expressions=own, reference=kind)))
        elif isinstance(kind, exp.DefaultColumnConstraint):
            facts["default"] = kind.this.sql(IRIS)
        elif isinstance(kind, exp.CollateColumnConstraint):
            facts["collation"] = _collation(kind.this.name)
        elif isinstance(kind, exp.CommentColumnConstraint):
            facts["description"] = kind.this.name
        elif isinstance(kind, exp.AutoIncrementColumnConstraint):
            facts["auto"] = "serial"
        elif not isinstance(kind, exp.GeneratedAsIdentityColumnConstraint):
            raise not_supported(f"{kind.sql(IRIS)} is not known to the sandbox")

    def _create_from_query(self, tree: exp.Create, schema: str, name: str) -> int:
        lowering = Lowering(self._dictionary)
        sql, columns = lowering.query(tree.expression)
        table = TableDef(store.reserve(self._db, schema, name), schema, name, ())
        for number, (column, typed) in enumerate(columns, 1):
            if column.upper() in {c.name.upper() for c in table.columns}:
                raise pg_error(-97, f"Duplicate select-list names found: '{column}'")
            description = typed.type.description
            collation = typed.type.collation if typed.kind in STRINGS else ""
            added = ColumnDef(column, number, _stored_type(typed), collation, description=description)
            table = msgspec.structs.replace(table, columns=(*table.columns, added), next_column=number + 1)
        storage.create_table(self._db, table)
        self._save(table)
        names = ", ".join(column.storage for column in table.columns)
        self._db.execute(f"INSERT INTO {table.storage} ({names}) {sql}")
        return self._db.changes()

    # Constraints

    def _add_constraints(self, table: TableDef, wanted: Iterable[tuple[str | None, exp.Expr]]) -> None:
        for name, node in wanted:
            made = _CONSTRAINTS[type(node)](self, table, node)
            kind = made["kind"]
            if kind == "PRIMARY KEY" and table.key_columns("PRIMARY KEY"):
                raise pg_error(-307, "Primary key already defined for this table", table=table.name)
            chosen = name or _constraint_name(table, kind)
            if table.constraint(chosen) is not None:
                message = f"Constraint '{chosen}' exists already"
                raise pg_error(-311 if kind == "FOREIGN KEY" else -324, message, table=table.name, constraint=chosen)
            constraint = ConstraintDef(name=chosen, **made)
            table = msgspec.structs.replace(table, constraints=(*table.constraints, constraint))
            if kind == "PRIMARY KEY":
                table = _with_required(table, constraint.columns)
        self._save(table)
        self._renew(table)

    def _renew(self, table: TableDef) -> None:
        """Indexes and triggers of a table, and the triggers of the tables that it points to."""
        if not table.temporary:
            self._rebuild(table, table, {})
            for constraint in table.constraints:
                if constraint.kind == "FOREIGN KEY" and constraint.referenced != table.id:
                    self._triggers(self._dictionary.tables[constraint.referenced])

    def _triggers(self, table: TableDef) -> None:
        storage.create_triggers(self._db, self._dictionary, table, self._default_sql)

    def _rebuild(self, old: TableDef, new: TableDef, expressions: dict[int, str]) -> None:
        """Raises SQLCODE -125, -305 for rows that the new definition refuses."""
        try:
            storage.rebuild(self._db, old, new, expressions)
        except apsw.ConstraintError as error:
            raise _refused_rows(error, new) from None
        self._triggers(new)
        self._check_references(new)

    def _check_references(self, table: TableDef) -> None:
        for constraint in table.constraints:
            if constraint.kind == "FOREIGN KEY":
                sql = _orphans(table, constraint, self._dictionary.tables[constraint.referenced])
                if self._db.execute(sql).fetchone() is not None:
                    message = f"Foreign key constraint '{constraint.name}' fails for existing rows"
                    raise pg_error(-127, message, table=table.name, constraint=constraint.name)

    def _numbers(self, table: TableDef, names: Iterable[exp.Expr]) -> tuple[int, ...]:
        numbers = []
        for name in names:
            found = table.by_name.get(name.name.upper())
            if found is None:
                message = f"Field '{name.name.upper()}' not found in the applicable tables"
                raise pg_error(-29, message, column=name.name, text=f'column "{name.name}" named in key does not exist')
            if found[1].type.kind in STREAMS:
                raise pg_error(-313, "Predicate not supported on stream fields")
            numbers.append(found[1].number)
        return tuple(numbers)

    def _primary_key(self, table: TableDef, node: exp.Expr) -> dict[str, Any]:
        return {"kind": "PRIMARY KEY", "columns": self._numbers(table, node.expressions)}

    def _unique(self, table: TableDef, node: exp.Expr) -> dict[str, Any]:
        return {"kind": "UNIQUE", "columns": self._numbers(table, node.this.expressions)}

    def _foreign_key(self, table: TableDef, node: exp.Expr) -> dict[str, Any]:
        reference = node.args["reference"]
        target = reference.this.this if isinstance(reference.this, exp.Schema) else reference.this
        parent = self._dictionary.find(target.text("db"), target.name)
        if parent is not None and parent.id == table.id:
            parent = table  # its newest constraints are not saved yet
        if parent is None or parent.is_view:
            raise pg_error(-310, f"Foreign key references non-existent table '{target.name}'", table=target.name)
        columns = self._numbers(table, node.expressions)
        if isinstance(reference.this, exp.Schema):
            referenced = self._referenced(parent, reference.this.expressions)
        else:
            keys = parent.key_columns("PRIMARY KEY")
            if not keys:
                raise pg_error(-319, f"Referenced table '{parent.name}' has no primary key")
            referenced = keys[0]
        if len(referenced) != len(columns):
            raise pg_error(-79, "Referenced key size differs from size of foreign key")
        options = [option.upper() for option in reference.args.get("options") or []]
        actions = {
            event: next((o.split(" ", 2)[2] for o in options if o.startswith(f"ON {event} ")), "NO ACTION")
            for event in ("DELETE", "UPDATE")
        }
        return {
            "kind": "FOREIGN KEY",
            "columns": columns,
            "referenced": parent.id,
            "referenced_columns": referenced,
            "on_delete": actions["DELETE"],
            "on_update": actions["UPDATE"],
        }

    def _referenced(self, parent: TableDef, names: list[exp.Expr]) -> tuple[int, ...]:
        numbers = []
        for name in names:
            found = parent.by_name.get(name.name.upper())
            if found is None and name.name.upper() == parent.rowid_name.upper():
                numbers.append(0)
                continue
            if found is None:
                message = f"Foreign key references non-existent key field '{name.name}'"
                raise pg_error(-316, message, table=parent.name)
            numbers.append(found[1].number)
        unique = [c.columns for c in parent.constraints if c.kind != "FOREIGN KEY"] + [
            i.columns for i in parent.indexes if i.unique
        ]
        if numbers != [0] and not any(sorted(columns) == sorted(numbers) for columns in unique):
            raise pg_error(-314, "Foreign key references non-unique key columns", table=parent.name)
        return tuple(numbers)

    # CREATE INDEX, VIEW, SCHEMA

    def _create_index(self, tree: exp.Create) -> None:
        index = tree.this
        table = self._base_table(index.args["table"])
        name = index.name
        _check_name(name)
        parameters = index.args["params"]
        columns = self._numbers(table, [c.this for c in parameters.args["columns"]])
        if any(i.name.upper() == name.upper() for i in table.indexes) or table.constraint(name) is not None:
            raise pg_error(-324, f"Index '{name}' exists already for this table", constraint=name)
        using = parameters.args.get("using")
        kind = tree.args["kind"].removesuffix("INDEX").strip()
        if using is not None:
            kind = IRIS.Generator(dialect=IRIS)._index_kind(using)
            self._check_vector_index(table, columns, using)
        added = IndexDef(name, columns, bool(tree.args.get("unique")), kind)
        new = msgspec.structs.replace(table, indexes=(*table.indexes, added))
        self._save(new)
        if not table.temporary:
            storage.drop_indexes(self._db, table)
            try:
                storage.create_indexes(self._db, new)
            except apsw.ConstraintError as error:
                raise _refused_rows(error, new) from None

    def _check_vector_index(self, table: TableDef, columns: tuple[int, ...], using: exp.Expr) -> None:
        settings = {setting.this.name.upper(): setting.expression.name.upper() for setting in using.expressions}
        if using.name.upper() != "HNSW":
            raise not_supported(f"index class {using.name} is not known to the sandbox")
        if settings.get("DISTANCE") not in ("COSINE", "DOTPRODUCT"):
            raise pg_error(-1, "An HNSW index needs Distance='Cosine' or Distance='DotProduct'")
        type_ = table.by_number[columns[0]].type
        if len(columns) != 1 or type_.kind != Kind.VECTOR or type_.length is None:
            raise pg_error(-1, "An HNSW index needs one VECTOR column of fixed length")

    def _create_view(self, tree: exp.Create) -> int:
        this = tree.this
        node = this.this if isinstance(this, exp.Schema) else this
        schema, name = self._new_name(node)
        existing = self._dictionary.find(schema, name)
        if existing is not None and not (tree.args.get("replace") and existing.is_view):
            raise pg_error(-201, f"Table or view name not unique: '{schema}.{name}'", schema=schema, table=name)
        lowering = Lowering(self._dictionary)
        _, columns = lowering.query(tree.expression.copy())
        names = [n.name for n in this.expressions] if isinstance(this, exp.Schema) else [column for column, _ in columns]
        if len(names) != len(columns):
            raise pg_error(-142, "Cardinality mismatch between the view-column-list and the view query's SELECT clause")
        if len({n.upper() for n in names}) < len(names):
            raise pg_error(-97, "Duplicate select-list names found")
        id_ = existing.id if existing is not None else store.reserve(self._db, schema, name)
        defined = tuple(
            ColumnDef(
                column,
                number,
                typed.type.ddl,
                typed.type.collation if typed.kind in STRINGS else "",
                description=typed.type.description,
            )
            for number, (column, (_, typed)) in enumerate(zip(names, columns, strict=True), 1)
        )
        self._save(TableDef(id_, schema, name, defined, query=tree.expression.sql(IRIS)))
        return -1

    def _create_schema(self, tree: exp.Create) -> int:
        name = tree.this.text("db")
        if name.upper() in SYSTEM_SCHEMAS or name.startswith("%"):
            raise pg_error(-312, f"Invalid schema name '{name}'")
        if self._dictionary.has_schema(name):
            if tree.args.get("exists"):
                return -1
            raise pg_error(-476, f"Schema '{name}' already exists", table=name)
        self._db.execute("INSERT INTO iris_schema VALUES (?)", (name,))
        store.changed(self._db)
        return -1

    # ALTER TABLE

    def _alter(self, tree: exp.Alter) -> None:
        table = self._base_table(tree.this)
        actions = tree.args["actions"]
        if table.temporary:
            raise not_supported("ALTER TABLE of a GLOBAL TEMPORARY table is not known to the sandbox")
        if isinstance(actions[0], exp.ColumnDef):
            self._add_columns(table, actions)
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
        node = action.expressions[0]
        named = isinstance(node, exp.Constraint)
        self._add_constraints(table, [(node.name if named else None, node.expressions[0] if named else node)])

    def _alter_column(self, table: TableDef, action: exp.Expr) -> None:
        column = self._existing(table, action.this.name)
        changed, expressions = column, {}
        if action.args.get("default") is not None:
            changed = msgspec.structs.replace(column, default=action.args["default"].sql(IRIS))
            self._default_sql(table, changed)
        elif action.args.get("drop"):
            changed = msgspec.structs.replace(column, default=None)
        elif action.args.get("allow_null") is not None:
            changed = msgspec.structs.replace(column, not_null=not action.args["allow_null"])
        if action.args.get("dtype") is not None:
            changed = self._retyped(table, column, action.args["dtype"])
            expressions = {column.number: self._change(table, column, changed)}
        if action.args.get("collate") is not None:
            changed = msgspec.structs.replace(changed, collation=_collation(action.args["collate"].name))
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
        _check_name(name)
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
        _check_name(name)
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
        if not action.args.get("cascade") and any(self._is_referenced(table, c) for c in users):
            raise pg_error(-322, f"Field '{name}' cannot be dropped: a foreign key references it")
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
        if constraint.kind == "FOREIGN KEY" and constraint.referenced in self._dictionary.tables:
            self._triggers(self._dictionary.tables[constraint.referenced])
        return new

    # DROP

    def _drop_table(self, tree: exp.Drop) -> None:
        node = tree.args["tables"][0]
        table = self._dictionary.find(node.text("db"), node.name)
        if table is None or table.is_view:
            if tree.args.get("exists") and table is None:
                return
            self._base_table(node)
        assert table is not None
        self._drop_found_table(table, bool(tree.args.get("cascade")))

    def _drop_found_table(self, table: TableDef, cascade: bool) -> None:
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
            store.forget(self._db, view)
        store.forget(self._db, table)
        storage.drop_table(self._db, table)
        self._reload()
        for constraint in table.constraints:
            parent = self._dictionary.tables.get(constraint.referenced)
            if parent is not None:
                self._triggers(parent)

    def _drop_view(self, tree: exp.Drop) -> None:
        node = tree.args["tables"][0]
        view = self._dictionary.find(node.text("db"), node.name)
        if view is None and tree.args.get("exists"):
            return
        if view is None or not view.is_view:
            raise pg_error(-30, f"View '{node.name}' not found", table=node.name, text=f'view "{node.name}" does not exist')
        users = [other for other in self._dictionary if other.query is not None and other.id != view.id and _uses(other, view)]
        if users and not tree.args.get("cascade"):
            text = f"cannot drop view {view.name} because other objects depend on it"
            raise pg_error(-321, f"View '{view.name}' cannot be dropped: view '{users[0].name}' uses it", text=text)
        for found in (*users, view):
            store.forget(self._db, found)

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
        new = msgspec.structs.replace(table, indexes=tuple(i for i in table.indexes if i is not index))
        self._save(new)
        storage.drop_indexes(self._db, table)
        storage.create_indexes(self._db, new)

    def _drop_schema(self, tree: exp.Drop) -> None:
        name = tree.args["tables"][0].text("db")
        if not self._dictionary.has_schema(name) or name.upper() == DEFAULT_SCHEMA.upper():
            if tree.args.get("exists"):
                return
            raise pg_error(-473, f"Schema '{name}' not found", table=name)
        inside = [table for table in self._dictionary if table.schema.upper() == name.upper()]
        if inside and not tree.args.get("cascade"):
            text = f"cannot drop schema {name} because other objects depend on it"
            raise pg_error(-475, f"Schema '{name}' is not empty", text=text)
        for table in sorted(inside, key=lambda t: (not t.is_view, -t.id)):
            if table.is_view:
                store.forget(self._db, table)
                self._reload()
            else:
                self._drop_found_table(table, cascade=True)
        self._db.execute("DELETE FROM iris_schema WHERE name = ?", (name,))
        store.changed(self._db)


# Helpers


def _check_name(name: str) -> None:
    """iris-reference 4.2"""
    if any(sign in name for sign in (",", ".", "^", "->")) or name.startswith("*") or len(name) > 128:
        raise pg_error(-88, f"Invalid name '{name}'")
    if not any(character.isalnum() for character in name):
        raise pg_error(-88, f"Invalid name '{name}'")


def _collation(name: str) -> str:
    if name not in ("EXACT", "SQLUPPER", "SQLSTRING"):
        raise not_supported(f"collation {name} is not known to the sandbox")
    return name


def _is_temporary(tree: exp.Create) -> bool:
    properties = tree.args.get("properties")
    return properties is not None and any(isinstance(p, exp.TemporaryProperty) for p in properties.expressions)


def _allows_identity_insert(tree: exp.Create) -> bool:
    properties = tree.args.get("properties")
    options = properties.expressions if properties is not None else []
    return any(p.name == "%CLASSPARAMETER ALLOWIDENTITYINSERT" and p.args["value"].name == "1" for p in options)


def _constraint_name(table: TableDef, kind: str) -> str:
    """T_PKEY1, T_UNIQUE2 ..., numbered through the table."""
    word = {"PRIMARY KEY": "PKEY", "UNIQUE": "UNIQUE", "FOREIGN KEY": "FKEY"}[kind]
    for number in itertools.count(len(table.constraints) + 1):
        name = f"{table.name}_{word}{number}"
        if table.constraint(name) is None:
            return name
    raise AssertionError


def _with_required(table: TableDef, numbers: tuple[int, ...]) -> TableDef:
    columns = tuple(msgspec.structs.replace(c, not_null=True) if c.number in numbers else c for c in table.columns)
    return msgspec.structs.replace(table, columns=columns)


def _stored_type(typed: Typed) -> str:
    if typed.kind == Kind.UNTYPED:
        return "VARCHAR(4096)"
    return typed.type.ddl if typed.type.ddl not in ("SERIAL", "ROWVERSION") else "BIGINT"


def _orphans(child: TableDef, constraint: ConstraintDef, parent: TableDef) -> str:
    from pgiris.backend.sandbox.typed import key

    pairs = storage._pairs(child, constraint, parent)
    given = " AND ".join(f"c.{mine.storage} IS NOT NULL" for mine, _ in pairs)
    found = " AND ".join(
        f"{key(f'p.{other.storage}', other.type)} = {key(f'c.{mine.storage}', other.type)}" for mine, other in pairs
    )
    return (
        f"SELECT 1 FROM {child.storage} AS c WHERE {given}"
        f" AND NOT EXISTS (SELECT 1 FROM {parent.storage} AS p WHERE {found}) LIMIT 1"
    )


def _refused_rows(error: apsw.ConstraintError, table: TableDef) -> PgError:
    from pgiris.backend.sandbox.failures import from_constraint

    return from_constraint(error, table, None, existing=True)


def _uses(view: TableDef, table: TableDef) -> bool:
    from pgiris.backend.sandbox.compiled import parse

    assert view.query is not None
    for node in parse(view.query).find_all(exp.Table):
        schema = node.text("db") or DEFAULT_SCHEMA
        if node.name.upper() == table.name.upper() and schema.upper() == table.schema.upper():
            return True
    return False


_CREATES: dict[str, Callable[[Definition, Any], int]] = {
    "TABLE": Definition._create_table,
    "VIEW": Definition._create_view,
    "SCHEMA": Definition._create_schema,
}
_DROPS: dict[str, Callable[[Definition, Any], None]] = {
    "TABLE": Definition._drop_table,
    "VIEW": Definition._drop_view,
    "INDEX": Definition._drop_index,
    "SCHEMA": Definition._drop_schema,
}
_CONSTRAINTS: dict[type[exp.Expr], Callable[[Definition, TableDef, exp.Expr], dict[str, Any]]] = {
    exp.PrimaryKey: Definition._primary_key,
    exp.UniqueColumnConstraint: Definition._unique,
    exp.ForeignKey: Definition._foreign_key,
}
_ALTERATIONS: dict[type[exp.Expr], Callable[[Definition, TableDef, exp.Expr], Any]] = {
    exp.AddConstraint: Definition._add_constraint,
    exp.AlterColumn: Definition._alter_column,
    exp.RenameColumn: Definition._rename_column,
    exp.AlterRename: Definition._rename_table,
    exp.Drop: Definition._drop_part,
    exp.DropPrimaryKey: Definition._drop_primary_key,
}
