"""What all definitions share: look-ups, columns and constraints of a table, and giving a table its new shape.

iris-reference 4.18
"""

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
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, ColumnDef, ConstraintDef, Dictionary, TableDef
from pgiris.backend.sandbox.failures import from_constraint
from pgiris.backend.sandbox.iristypes import EXACT, STREAMS, STRINGS, Kind, type_of
from pgiris.backend.sandbox.privileges import REFERENCES, Needs, Rights
from pgiris.backend.sandbox.typed import key, quoted
from pgiris.backend.sandbox.values import Field
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError, not_supported
from pgiris.sql.iris import IRIS, nodes

SYSTEM_SCHEMAS = ("INFORMATION_SCHEMA", "IRIS_SHARD")
AUTOMATIC = {exp.DType.SERIAL: "serial", exp.DType.ROWVERSION: "rowversion"}
MAX_COLUMNS = 1000


class TableDefinition:
    """Works within a write transaction."""

    _missing_key_column = -31

    def __init__(
        self,
        db: apsw.Connection,
        dictionary: Dictionary,
        validators: list[values.Convert],
        admit: Callable[[TableDef], None],
        rights: Rights | None = None,
    ) -> None:
        """admit: raises for a table that may not be changed now. rights: None for who may do everything."""
        self._db = db
        self._admit = admit
        self._dictionary = dictionary
        self._rights = rights
        self._validators = validators  # of the session, for values that are checked while SQLite runs

    # Privileges

    @property
    def _owner(self) -> str:
        return "" if self._rights is None else self._rights.user.name

    def _check(self, needs: Needs) -> None:
        if self._rights is not None:
            self._rights.check(needs, self._dictionary)

    def _check_word(self, word: str, text: str) -> None:
        if self._rights is not None:
            self._rights.check_word(word, text)

    def _check_alter(self, table: TableDef) -> None:
        if self._rights is not None:
            self._rights.check_word("%ALTER_TABLE", f"must be owner of table {table.name}")
            self._rights.check_alter(table)

    # Look-ups

    def _reload(self) -> None:
        self._dictionary = store.load(self._db, self._dictionary)

    def _table(self, node: exp.Expr) -> TableDef:
        return Lowering(self._dictionary).table(node.text("db"), node.name)

    def _base_table(self, node: exp.Expr) -> TableDef:
        table = self._table(node)
        if table.is_view:
            raise pg_error(-300, f"DDL not allowed on this table definition: '{table.name}' is a view")
        self._admit(table)
        return table

    def _default_sql(self, table: TableDef, column: ColumnDef) -> str:
        """SQL of a default outside of a statement: the session's validators are of no use there."""
        lowering = Lowering(self._dictionary)
        assert column.default is not None
        typed = lowering.value(lowering.parse_default(column.default))
        if typed.is_literal:
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
        check_name(node.name)
        return schema, node.name

    def _taken(self, schema: str, name: str) -> bool:
        return self._dictionary.find(schema, name) is not None

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
        check_name(column.name)
        grown = msgspec.structs.replace(
            table, columns=(*table.columns, column), next_column=table.next_column + (column.number > 0)
        )
        return grown, constraints

    def _column(self, table: TableDef, node: exp.Expr) -> tuple[ColumnDef, list[tuple[str | None, exp.Expr]]]:
        kind = node.args.get("kind")
        kinds = [constraint.args["kind"] for constraint in node.args.get("constraints") or []]
        identity = any(isinstance(k, exp.GeneratedAsIdentityColumnConstraint) for k in kinds)
        reference = _referenced_class(self._dictionary, kind) if kind is not None else ""
        ddl = "BIGINT" if kind is None or reference else type_of(kind).ddl
        facts: dict[str, Any] = {"name": node.name, "number": 0 if identity else table.next_column, "ddl": ddl}
        facts["reference"] = reference
        if table.columnar and kind is not None and not reference and type_of(kind).kind in STRINGS:
            facts["collation"] = EXACT
        facts["identity"] = identity
        facts["auto"] = AUTOMATIC.get(kind.this, "") if kind is not None else ""
        constraints: list[tuple[str | None, exp.Expr]] = []
        if identity:
            facts["not_null"] = True
            if kind is not None and (reference or type_of(kind).kind not in (Kind.INTEGER, Kind.NUMERIC)):
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
            facts["default"] = default_text(kind.this)
        elif isinstance(kind, exp.CollateColumnConstraint):
            facts["collation"] = collation_of(kind.this.name)
        elif isinstance(kind, exp.CommentColumnConstraint):
            facts["description"] = kind.this.name
        elif isinstance(kind, exp.AutoIncrementColumnConstraint):
            facts["auto"] = "serial"
        elif isinstance(kind, nodes.OnUpdateConstraint):
            facts["on_update"] = default_text(kind.this)
        elif isinstance(kind, nodes.WordConstraint) and kind.name == "PRIVATE":
            facts["private"] = True
        elif isinstance(kind, nodes.ComputedColumnConstraint):
            raise not_supported("the sandbox runs no ObjectScript: COMPUTECODE")
        elif not isinstance(kind, exp.GeneratedAsIdentityColumnConstraint) and not kind.name.startswith("WITH STORAGETYPE"):
            raise not_supported(f"{kind.sql(IRIS)} is not known to the sandbox")

    # Constraints

    def _add_constraints(self, table: TableDef, wanted: Iterable[tuple[str | None, exp.Expr]], made: bool = False) -> None:
        """made: the table has no storage yet."""
        for name, node in sorted(wanted, key=lambda one: isinstance(one[1], exp.ForeignKey)):  # they may refer to the other keys
            facts = _CONSTRAINTS[type(node)](self, table, node)
            kind = facts["kind"]
            if kind == "PRIMARY KEY" and table.key_columns("PRIMARY KEY"):
                raise pg_error(-307, "Primary key already defined for this table", table=table.name)
            chosen = name or node.name or _constraint_name(table, kind)
            if table.constraint(chosen) is not None:
                message = f"Constraint '{chosen}' exists already"
                raise pg_error(-311 if kind == "FOREIGN KEY" else -324, message, table=table.name, constraint=chosen)
            constraint = ConstraintDef(name=chosen, **facts)
            table = msgspec.structs.replace(table, constraints=(*table.constraints, constraint))
            if kind == "PRIMARY KEY":
                table = _with_required(table, constraint.columns)
        self._save(table)
        if table.temporary:
            return
        if made:
            storage.create_table(self._db, table)
            storage.create_indexes(self._db, table)
            self._triggers(table)
        else:
            self._rebuild(table, table, {})
        for number in {c.referenced for c in table.constraints if c.referenced not in (0, table.id)}:
            self._actions(table, number)

    def _actions(self, child: TableDef, parent: int) -> None:
        """What a table does, or no longer does, when rows of another change."""
        if parent in self._dictionary.tables:
            storage.renew_actions(self._db, child, self._dictionary.tables[parent], self._default_sql)

    def _triggers(self, table: TableDef) -> None:
        storage.create_triggers(self._db, self._dictionary, table, self._default_sql)

    def _rebuild(self, old: TableDef, new: TableDef, expressions: dict[int, str]) -> None:
        """Raises SQLCODE -125, -305 for rows that the new definition refuses."""
        try:
            storage.rebuild(self._db, old, new, expressions)
        except apsw.ConstraintError as error:
            raise refused_rows(error, new) from None
        self._triggers(new)
        self._check_references(new)

    def _check_references(self, table: TableDef) -> None:
        for constraint in table.constraints:
            if constraint.kind == "FOREIGN KEY" and constraint.checked:
                sql = _orphans(table, constraint, self._dictionary.tables[constraint.referenced])
                if self._db.execute(sql).fetchone() is not None:
                    message = f"Foreign key constraint '{constraint.name}' fails for existing rows"
                    raise pg_error(-127, message, table=table.name, constraint=constraint.name)

    def _numbers(self, table: TableDef, names: Iterable[exp.Expr]) -> tuple[int, ...]:
        numbers = []
        for name in names:
            found = table.by_name.get(name.name.upper())
            if found is None:
                message = f"Field '{name.name}' of a key or an index does not exist"
                text = f'column "{name.name}" named in key does not exist'
                raise pg_error(self._missing_key_column, message, column=name.name, text=text, state="42703")
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
        if self._rights is not None:
            self._check_reference(parent, referenced)
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
            "checked": "NOCHECK" not in options,
        }

    def _check_reference(self, parent: TableDef, numbers: tuple[int, ...]) -> None:
        needs = Needs()
        for number in numbers or (0,):
            needs.note(parent, REFERENCES, number)
        self._check(needs)

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


# Helpers


def _referenced_class(dictionary: Dictionary, kind: exp.DataType) -> str:
    """The class of a table that a type names; empty for a data type. A class of neither sort has to exist before."""
    name = kind.args.get("kind") if kind.this == exp.DType.USERDEFINED else None
    if name is None or name.startswith("%") or "." not in name:
        return ""
    if dictionary.of_class(name) is None:
        raise pg_error(
            -400, f"Fatal error occurred: class '{name}' does not exist", state="42704", text=f'type "{name}" does not exist'
        )
    return str(name)


def check_name(name: str) -> None:
    """iris-reference 4.2"""
    if len(name) > 128 or not any(character.isalnum() for character in name):
        raise pg_error(-88, f"Invalid name '{name}'")


# The sandbox runs no ObjectScript. This expression it knows: how a UUID in small letters is made.
_OBJECTSCRIPT = {'$ZCONVERT($SYSTEM.Util.CreateGUID(),"L")': "LOWER($TSQL_NEWID())"}


def default_text(node: exp.Expr) -> str:
    """IRIS SQL of a default, as it is kept and lowered. Raises 0A000 for ObjectScript."""
    script = node.find(nodes.ObjectScriptDefault)
    if script is None:
        return node.sql(IRIS)
    known = _OBJECTSCRIPT.get(script.this if isinstance(script.this, str) else script.this.name)
    if known is None:
        raise not_supported("the sandbox runs no ObjectScript: DEFAULT OBJECTSCRIPT")
    return known


def collation_of(name: str) -> str:
    if name not in ("EXACT", "SQLUPPER", "SQLSTRING"):
        raise not_supported(f"collation {name} is not known to the sandbox")
    return name


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


def _orphans(child: TableDef, constraint: ConstraintDef, parent: TableDef) -> str:
    pairs = storage._pairs(child, constraint, parent)
    given = " AND ".join(f"c.{mine.storage} IS NOT NULL" for mine, _ in pairs)
    found = " AND ".join(
        f"{key(f'p.{other.storage}', other.type)} = {key(f'c.{mine.storage}', other.type)}" for mine, other in pairs
    )
    return (
        f"SELECT 1 FROM {child.storage} AS c WHERE {given}"
        f" AND NOT EXISTS (SELECT 1 FROM {parent.storage} AS p WHERE {found}) LIMIT 1"
    )


def refused_rows(error: apsw.ConstraintError, table: TableDef) -> PgError:
    return from_constraint(error, table, None, existing=True)


_CONSTRAINTS: dict[type[exp.Expr], Callable[[TableDefinition, TableDef, exp.Expr], dict[str, Any]]] = {
    exp.PrimaryKey: TableDefinition._primary_key,
    exp.UniqueColumnConstraint: TableDefinition._unique,
    exp.ForeignKey: TableDefinition._foreign_key,
}
