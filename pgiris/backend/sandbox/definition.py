"""DDL: a CREATE, ALTER or DROP tree carried out on the dictionary and the storage. iris-reference 4.18, 4.19, 7.4"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apsw
import msgspec
from sqlglot import exp

from pgiris.backend.sandbox import dictionary as store
from pgiris.backend.sandbox import privileges, storage, updateable
from pgiris.backend.sandbox.alteration import Alteration
from pgiris.backend.sandbox.compiled import Lowering, parse
from pgiris.backend.sandbox.dictionary import ColumnDef, IndexDef, TableDef
from pgiris.backend.sandbox.iristypes import STRINGS, Kind
from pgiris.backend.sandbox.removal import Removal
from pgiris.backend.sandbox.tabledefinition import SYSTEM_SCHEMAS, check_name, refused_rows
from pgiris.backend.sandbox.typed import Typed
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.sql.iris import IRIS, nodes
from pgiris.sql.schemanames import shown_schema


class Definition(Alteration, Removal):
    """Carries out one statement within a write transaction. run() tells how many rows CREATE TABLE AS wrote, else -1."""

    def run(self, tree: exp.Expr) -> int:
        if isinstance(tree, exp.Create):
            kind = tree.args["kind"]
            if kind.endswith("INDEX"):
                self._create_index(tree)
            else:
                return _CREATES[kind](self, tree) or -1
        elif isinstance(tree, exp.Alter):
            self.alter(tree)
        else:
            self.drop(tree)
        return -1

    # CREATE TABLE

    def _create_table(self, tree: exp.Create) -> int:
        this = tree.this
        node = this.this if isinstance(this, exp.Schema) else this
        self._check_word("%CREATE_TABLE", f"permission denied for schema {shown_schema(node.text('db') or store.DEFAULT_SCHEMA)}")
        schema, name = self._new_name(node)
        if self._taken(schema, name):
            if tree.args.get("exists"):
                return -1
            raise pg_error(-201, f"Table or view name not unique: '{schema}.{name}'", schema=schema, table=name)
        if isinstance(this, exp.Schema):
            return self._create_declared(tree, schema, name)
        return self._create_from_query(tree, schema, name)

    def _create_declared(self, tree: exp.Create, schema: str, name: str) -> int:
        table = self._new_table(tree, schema, name)
        table = msgspec.structs.replace(table, identity_insert=_allows_identity_insert(tree), columnar=_is_columnar(tree))
        _refuse_placement(tree)
        constraints: list[tuple[str | None, exp.Expr]] = []
        for element in tree.this.expressions:
            if isinstance(element, exp.ColumnDef):
                table, found = self._with_column(table, element)
                constraints += found
            elif isinstance(element, exp.CommentColumnConstraint):
                table = msgspec.structs.replace(table, description=element.this.name)
            elif isinstance(element, exp.Constraint):
                constraints.append((element.name, element.expressions[0]))
            elif isinstance(element, nodes.TableElement):
                if not element.name.startswith(("%EXTENTSIZE", "%NUMROWS")):
                    raise not_supported(f"{element.name.split()[0]} in CREATE TABLE is not known to the sandbox")
            elif not isinstance(element, exp.Var):
                constraints.append((None, element))
        if not table.columns:
            raise pg_error(-1, "A table needs at least one column")
        self._save(table)
        self._missing_key_column = -86
        self._add_constraints(table, constraints, made=True)
        return -1

    def _create_from_query(self, tree: exp.Create, schema: str, name: str) -> int:
        _refuse_placement(tree)
        lowering = Lowering(self._dictionary)
        sql, columns = lowering.query(tree.expression)
        self._check(lowering.needs)
        table = self._new_table(tree, schema, name)
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

    def _new_table(self, tree: exp.Create, schema: str, name: str) -> TableDef:
        id_ = store.reserve(self._db, schema, name)
        return TableDef(id_, schema, name, (), temporary=_is_temporary(tree), owner=self._owner)

    # CREATE INDEX, VIEW, SCHEMA

    def _create_index(self, tree: exp.Create) -> None:
        index = tree.this
        table = self._base_table(index.args["table"])
        self._check_alter(table)
        name = index.name
        check_name(name)
        parameters = index.args["params"]
        columns = self._numbers(table, [c.this for c in parameters.args["columns"]])
        if any(i.name.upper() == name.upper() for i in table.indexes) or table.constraint(name) is not None:
            raise pg_error(-324, f"Index '{name}' exists already for this table", constraint=name)
        using = parameters.args.get("using")
        if not columns and any(i.kind == "BITMAPEXTENT" for i in table.indexes):
            raise pg_error(-400, f"Fatal error occurred: table '{table.name}' has a bitmap extent index already")
        kind = tree.args["kind"].removesuffix("INDEX").strip()
        if using is not None:
            kind = IRIS.Generator(dialect=IRIS)._index_kind(using)
            self._check_vector_index(table, columns, using)
        added = IndexDef(name, columns, bool(tree.args.get("unique")), kind)
        new = msgspec.structs.replace(table, indexes=(*table.indexes, added))
        self._save(new)
        if not table.temporary:
            try:
                storage.create_index(self._db, new, added)
            except apsw.ConstraintError as error:
                raise refused_rows(error, new) from None

    def _check_vector_index(self, table: TableDef, columns: tuple[int, ...], using: exp.Expr) -> None:
        settings = {setting.this.name.upper(): setting.expression.name.upper() for setting in using.expressions}
        if using.name.upper() != "HNSW":
            raise not_supported(f"index class {using.name} is not known to the sandbox")
        if settings.get("DISTANCE") not in ("COSINE", "DOTPRODUCT"):
            raise pg_error(-1, "An HNSW index needs Distance='Cosine' or Distance='DotProduct'")
        links, candidates = int(settings.get("M", "16")), int(settings.get("EFCONSTRUCTION", "64"))
        if not 2 <= links <= 100 or candidates <= links:
            raise pg_error(-1, "An HNSW index needs M from 2 to 100, and an efConstruction larger than M")
        type_ = table.by_number[columns[0]].type
        if len(columns) != 1 or type_.kind != Kind.VECTOR or type_.length is None:
            raise pg_error(-1, "An HNSW index needs one VECTOR column of fixed length")

    def _create_view(self, tree: exp.Create) -> int:
        this = tree.this
        node = this.this if isinstance(this, exp.Schema) else this
        schema, name = self._new_name(node)
        existing = self._dictionary.find(schema, name)
        self._check_view(tree, schema, existing)
        if tree.args["kind"] == "ALTER VIEW":
            if existing is None or not existing.is_view:
                raise pg_error(-30, f"View '{name}' not found", table=name, text=f'view "{name}" does not exist')
            tree.set("replace", True)
        if existing is not None and not (tree.args.get("replace") and existing.is_view):
            raise pg_error(-201, f"Table or view name not unique: '{schema}.{name}'", schema=schema, table=name)
        lowering = Lowering(self._dictionary)
        _, columns = lowering.query(tree.expression.copy())
        self._check(lowering.needs)
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
        option = (tree.args.get("check_option") or "").removesuffix("CHECK OPTION").strip()
        if tree.args.get("check_option") and option != "READ ONLY":
            option = option or "CASCADED"
        owner = existing.owner if existing is not None and tree.args["kind"] == "ALTER VIEW" else self._owner
        view = TableDef(id_, schema, name, defined, query=tree.expression.sql(IRIS), check_option=option, owner=owner)
        if option in ("LOCAL", "CASCADED"):
            updateable.target(self._dictionary, view, parse, -36)
        if existing is not None:
            privileges.renumber(self._db, existing, view)
        self._save(view)
        if self._rights is not None:
            own = list(privileges.of_view(self._rights, view, lowering.needs, self._dictionary))
            privileges.give_view(self._db, view, own)
        return -1

    def _check_view(self, tree: exp.Create, schema: str, existing: TableDef | None) -> None:
        if self._rights is None:
            return
        word = "%ALTER_VIEW" if tree.args["kind"] == "ALTER VIEW" else "%CREATE_VIEW"
        self._rights.check_word(word, f"permission denied for schema {shown_schema(schema)}")
        if existing is not None and existing.is_view and tree.args.get("replace", word == "%ALTER_VIEW"):
            self._rights.check_alter(existing)

    def _create_schema(self, tree: exp.Create) -> int:
        name = tree.this.text("db")
        self._check_word("%CREATE_TABLE", "permission denied for database")
        if name.upper() in SYSTEM_SCHEMAS or name.startswith("%"):
            raise pg_error(-312, f"Invalid schema name '{name}'")
        if self._dictionary.has_schema(name):
            if tree.args.get("exists"):
                return -1
            raise pg_error(-476, f"Schema '{name}' already exists", table=name)
        self._db.execute("INSERT INTO iris_schema VALUES (?)", (name,))
        store.changed(self._db)
        return -1


def _is_temporary(tree: exp.Create) -> bool:
    properties = tree.args.get("properties")
    return properties is not None and any(isinstance(p, exp.TemporaryProperty) for p in properties.expressions)


def _options(tree: exp.Create) -> list[exp.Expr]:
    properties = tree.args.get("properties")
    return properties.expressions if properties is not None else []


def _is_columnar(tree: exp.Create) -> bool:
    return any(p.name == "STORAGETYPE" and p.args["value"].name == "COLUMNAR" for p in _options(tree))


def _refuse_placement(tree: exp.Create) -> None:
    for option in _options(tree):
        word = option.name.split()[0].upper() if option.name else ""
        if word in ("SHARD", "PARTITION"):
            raise not_supported(f"{word} tables are not known to the sandbox")


def _allows_identity_insert(tree: exp.Create) -> bool:
    return any(p.name == "%CLASSPARAMETER ALLOWIDENTITYINSERT" and p.args["value"].name == "1" for p in _options(tree))


def _stored_type(typed: Typed) -> str:
    if typed.kind == Kind.UNTYPED:
        return "VARCHAR(4096)"
    return typed.type.ddl if typed.type.ddl not in ("SERIAL", "ROWVERSION") else "BIGINT"


_CREATES: dict[str, Callable[[Definition, Any], int]] = {
    "TABLE": Definition._create_table,
    "VIEW": Definition._create_view,
    "ALTER VIEW": Definition._create_view,
    "SCHEMA": Definition._create_schema,
}
