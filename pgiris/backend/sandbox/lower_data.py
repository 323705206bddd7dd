"""Lowering of INSERT, UPDATE, DELETE and TRUNCATE. iris-reference 4.15, 4.16"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris.backend.sandbox import values
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, ColumnDef, TableDef
from pgiris.backend.sandbox.iristypes import Kind
from pgiris.backend.sandbox.lower_queries import LowerQueries
from pgiris.backend.sandbox.lower_sources import table_columns
from pgiris.backend.sandbox.scope import Scope, Source
from pgiris.backend.sandbox.typed import Typed
from pgiris.backend.sandbox.values import Field
from pgiris.backend.sqlcode import pg_error


class LowerData(LowerQueries):
    target: TableDef | None = None  # of a statement that changes data

    def target_table(self, node: exp.Expr) -> TableDef:
        if node.text("db").upper() == "INFORMATION_SCHEMA":
            raise pg_error(-115, "Cannot INSERT, UPDATE or DELETE on a read only table")
        table = self.table(node.text("db"), node.name)
        if table.is_view:
            raise pg_error(-35, "INSERT, UPDATE or DELETE not allowed on non-updateable view")
        self.target = table
        return table

    def column_of(self, table: TableDef, name: str, inserting: bool) -> ColumnDef:
        found = table.by_name.get(name.upper())
        if found is None:
            if name.upper() in ("%ID", table.rowid_name.upper()):
                raise pg_error(-111 if inserting else -107, f"Cannot set the RowID of table '{table.name}'", column=name)
            message = f"Field '{name.upper()}' not found in the applicable tables"
            raise pg_error(-29, message, column=name, text=f'column "{name}" of relation "{table.name}" does not exist')
        column = found[1]
        if column.identity and not inserting:
            raise pg_error(-107, f"Cannot UPDATE RowID '{column.name}'", column=column.name)
        if column.identity and not table.identity_insert:
            message = f"Cannot INSERT into a default only RowID '{column.name}'"
            text = f'cannot insert a non-DEFAULT value into column "{column.name}"'
            raise pg_error(-111, message, column=column.name, text=text)
        if column.auto == "rowversion":
            raise pg_error(-138, f"Cannot INSERT/UPDATE a value for read-only field '{column.name}'", column=column.name)
        return column

    def stored(self, typed: Typed, table: TableDef, column: ColumnDef, sqlcode: int) -> str:
        """SQL of a value as the column stores it, validated."""
        field = Field(table.schema, table.name, column.name, sqlcode)
        type_ = column.type
        if typed.parameter is not None:
            return self.binds.add(typed.parameter, _counted(values.store(type_, field), column))
        if typed.is_literal and typed.literal is None:
            return "NULL"
        if _fits(typed, column):
            return typed.sql
        if type_.kind == Kind.VECTOR and typed.kind not in (Kind.VECTOR, Kind.STRING, Kind.UNTYPED):
            raise pg_error(-378, "Datatype mismatch, explicit CAST is required: a vector is wanted")
        number = self.validator(field, column)
        return f"iris_store({number}, {typed.sql})"

    def validator(self, field: Field, column: ColumnDef) -> int:
        """The number of a function that checks values while the statement runs."""
        self.validators.append(_counted(values.store(column.type, field), column))
        return len(self.validators) - 1

    @property
    def validators(self) -> list[values.Convert]:
        raise NotImplementedError

    # INSERT

    def insert(self, node: exp.Expr) -> str:
        target = node.this
        names = [name.name for name in target.expressions] if isinstance(target, exp.Schema) else None
        table = self.target_table(target.this if isinstance(target, exp.Schema) else target)
        columns = self._inserted_columns(table, names, node)
        upsert = node.args.get("alternative") == "UPDATE"
        source = node.args.get("expression")
        if isinstance(source, exp.Values) or source is None:
            sql = self._insert_row(table, columns, source)
        else:
            sql = self._insert_query(table, columns, source)
        if upsert:
            assigned = ", ".join(f"{column.storage} = excluded.{column.storage}" for column in columns)
            sql += f" ON CONFLICT DO UPDATE SET {assigned}"
        return sql

    def _inserted_columns(self, table: TableDef, names: list[str] | None, node: exp.Expr) -> list[ColumnDef]:
        if node.args.get("default"):
            return []
        if names is None:
            return [c for c in table.columns if not (c.identity and not table.identity_insert) and c.auto != "rowversion"]
        columns = [self.column_of(table, name, inserting=True) for name in names]
        for column in columns:
            if columns.count(column) > 1:
                raise pg_error(-377, f"Field '{column.name}' is assigned more than once", column=column.name)
        return columns

    def _defaults(self, table: TableDef, columns: Sequence[ColumnDef]) -> list[tuple[ColumnDef, str]]:
        """Values of the columns that an INSERT does not name."""
        given = {column.number for column in columns}
        return [
            (column, self.default(table, column))
            for column in table.columns
            if column.number not in given and column.default is not None and not column.identity
        ]

    def default(self, table: TableDef, column: ColumnDef) -> str:
        assert column.default is not None
        node = self.parse_default(column.default)
        return self.stored(self.value(node), table, column, -104)

    def parse_default(self, text: str) -> exp.Expr:
        raise NotImplementedError

    def _insert_row(self, table: TableDef, columns: list[ColumnDef], source: exp.Expr | None) -> str:
        row = source.expressions[0].expressions if source is not None else []
        if len(row) != len(columns):
            raise self._mismatch(len(columns), len(row))
        outer, self.scope = self.scope, Scope()
        assigned = [(c, self.stored(self.value(v), table, c, -104)) for c, v in zip(columns, row, strict=True)]
        self.scope = outer
        assigned += self._defaults(table, columns)
        if not assigned:
            return f"INSERT INTO {table.storage} DEFAULT VALUES"
        names = ", ".join(column.storage for column, _ in assigned)
        return f"INSERT INTO {table.storage} ({names}) VALUES ({', '.join(sql for _, sql in assigned)})"

    def _mismatch(self, columns: int, expressions: int) -> Exception:
        text = "INSERT has more expressions than target columns"
        if expressions < columns:
            text = "INSERT has more target columns than expressions"
        return pg_error(-116, "Cardinality mismatch on INSERT/UPDATE between values list and number of table columns", text=text)

    def _insert_query(self, table: TableDef, columns: list[ColumnDef], source: exp.Expr) -> str:
        sql, given = self.query(source)
        if len(given) != len(columns):
            raise self._mismatch(len(columns), len(given))
        name = self.next_alias()
        assigned = []
        for number, (column, (_, typed)) in enumerate(zip(columns, given, strict=True), 1):
            item = Typed(f"{name}.k{number}", typed.type, column=typed.column)
            assigned.append((column, self.stored(item, table, column, -104)))
        assigned += self._defaults(table, columns)
        names = ", ".join(column.storage for column, _ in assigned)
        items = ", ".join(sql for _, sql in assigned)
        # WHERE 1: SQLite would read ON CONFLICT as part of a join otherwise.
        return f"INSERT INTO {table.storage} ({names}) SELECT {items} FROM ({sql}) AS {name} WHERE 1"

    # UPDATE, DELETE

    def update(self, node: exp.Expr) -> str:
        table = self.target_table(node.this)
        name = self._open_target(node.this, table)
        from_ = node.args.get("from_")
        sources = self._other_sources(from_.this, table, node.this) if from_ is not None else ""
        assigned = []
        seen: set[int] = set()
        for assignment in node.expressions:
            column = self.column_of(table, assignment.this.name, inserting=False)
            if column.number in seen:
                raise pg_error(-377, f"Field '{column.name}' is assigned more than once", column=column.name)
            seen.add(column.number)
            value = self.stored(self.value(assignment.expression), table, column, -105)
            assigned.append(f"{column.storage} = {value}")
        where = node.args.get("where")
        condition = f" WHERE {self.condition(where.this)}" if where is not None else ""
        return f"UPDATE {table.storage} AS {name} SET {', '.join(assigned)}{sources}{condition}"

    def _open_target(self, node: exp.Expr, table: TableDef) -> str:
        name = self.next_alias()
        label = node.alias or node.name
        self.scope = Scope(sources=[Source(label, name, table_columns(table, name), table, table.schema)])
        return name

    def _other_sources(self, node: exp.Expr, table: TableDef, target: exp.Expr) -> str:
        """FROM of UPDATE and DELETE. The target itself may be repeated in it."""
        joins = node.args.pop("joins", None) or []
        tables = [node, *joins]
        kept = [t for t in tables if not self._repeats_target(t, table, target)]
        if not kept:
            return ""
        first, *rest = kept
        first = first.this if isinstance(first, exp.Join) else first
        return f" FROM {self.table_and_joins(first, rest)}"

    def _repeats_target(self, node: exp.Expr, table: TableDef, target: exp.Expr) -> bool:
        if isinstance(node, exp.Join):
            node = node.this
        if not isinstance(node, exp.Table) or (node.alias or node.name).upper() != (target.alias or target.name).upper():
            return False
        return self.dictionary.find(node.text("db") or self.default_schema or DEFAULT_SCHEMA, node.name) is table

    def delete(self, node: exp.Expr) -> str:
        table = self.target_table(node.this)
        name = self._open_target(node.this, table)
        using = node.args.get("using")
        where = node.args.get("where")
        if not using:
            condition = f" WHERE {self.condition(where.this)}" if where is not None else ""
            return f"DELETE FROM {table.storage} AS {name}{condition}"
        sources = self._other_sources(using[0], table, node.this)
        condition = self.condition(where.this) if where is not None else "1"
        test = f"EXISTS (SELECT 1{sources} WHERE {condition})" if sources else condition
        return f"DELETE FROM {table.storage} AS {name} WHERE {test}"

    def truncate(self, node: exp.Expr) -> str:
        table = self.target_table(node.expressions[0])
        return f"DELETE FROM {table.storage}"


class _Counter:
    """A counter's column takes 0 as if it were nothing."""

    def __init__(self, convert: values.Convert) -> None:
        self._convert = convert

    def __call__(self, value: object) -> object:
        stored = self._convert(value)
        return stored or None


def _counted(convert: values.Convert, column: ColumnDef) -> values.Convert:
    return _Counter(convert) if column.auto == "serial" else convert


def _fits(typed: Typed, column: ColumnDef) -> bool:
    """Nothing to check: the same type, or whole numbers that cannot be too large."""
    target = column.type
    if column.auto or typed.loose or typed.kind != target.kind:
        return False
    if typed.kind == Kind.INTEGER:
        if typed.is_literal:
            return bool(target.range[0] <= typed.literal <= target.range[1])
        return target.ddl == "BIGINT" or (typed.column is not None and typed.type.ddl == target.ddl)
    if typed.kind in (Kind.BIT, Kind.DOUBLE, Kind.STREAM, Kind.BINARY_STREAM, Kind.TIMESTAMP):
        return True
    return typed.column is not None and typed.type.ddl == target.ddl
