"""Rows of the catalog for one relation of the backend: itself, its columns, indexes, constraints and sequence.

In: RelationMeta and the Surroundings that know OIDs. Out: values for the ``given`` columns of dynamic.py's tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from msgspec import structs

from pgiris.backend.metadata import (
    CheckMeta,
    ColumnMeta,
    ForeignKeyMeta,
    IndexMeta,
    KeyMeta,
    RelationMeta,
    SequenceMeta,
    TriggerMeta,
)
from pgiris.backend.sequence import limits
from pgiris.catalog import dynamic, texts
from pgiris.catalog.dynamic import Dynamic
from pgiris.catalog.system import System
from pgiris.sql.schemanames import is_temporary
from pgiris.types import enums, objects, oids
from pgiris.types.codec import Oid
from pgiris.types.numeric import widest_scale
from pgiris.types.objects import Assigned, Name
from pgiris.types.relation import Snapshot

Row = tuple[object, ...]
Rows = Iterator[tuple[Dynamic, Row]]

NAMESPACES, CLASSES, TYPES, CONSTRAINTS, DEFAULTS, RULES, TRIGGERS = (
    2615,
    1259,
    1247,
    2606,
    2604,
    2618,
    2620,
)  # OIDs of pg_namespace, pg_class ...
HEAP = 2
_IDENTITY = {"always": "a", "by default": "d", "serial": "", "": ""}
_FIRES = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16}  # src/include/catalog/pg_trigger.h
_ACTIONS = {"NO ACTION": "a", "RESTRICT": "r", "CASCADE": "c", "SET NULL": "n", "SET DEFAULT": "d"}


@dataclass
class Surroundings:
    """schemas: IRIS's name in lower case -> PostgreSQL's name and OID. find: a relation by IRIS's schema and name. referenced:
    tables (lower case) that foreign keys point to. types: has the enums alone."""

    system: System
    schemas: dict[str, tuple[str, Oid]]
    roles: dict[str, Oid]
    find: Callable[[str, str], RelationMeta | None]
    referenced: set[Name] = field(default_factory=set)
    types: Snapshot = field(default_factory=Snapshot)
    relations: Assigned = field(default_factory=lambda: Assigned(objects.RELATION))
    parts: Assigned = field(default_factory=lambda: Assigned(objects.PART))
    constraints: Assigned = field(default_factory=lambda: Assigned(objects.CONSTRAINT))
    defaults: Assigned = field(default_factory=lambda: Assigned(objects.DEFAULT))
    triggers: Assigned = field(default_factory=lambda: Assigned(objects.TRIGGER))


def part_names(meta: RelationMeta) -> list[Name]:
    """Of indexes and sequences."""
    place: Name = (meta.schema, meta.name)
    indexes = [*(key.name for key in meta.keys), *(index.name for index in meta.indexes)]
    sequences = [column.name for column in meta.columns if column.identity]
    return [(*place, "i", name) for name in indexes] + [(*place, "s", name) for name in sequences]


def constraint_names(meta: RelationMeta) -> list[Name]:
    names = [key.name for key in meta.keys] + [key.name for key in meta.foreign_keys] + [check.name for check in meta.checks]
    return [(meta.schema, meta.name, name) for name in names]


def trigger_names(meta: RelationMeta) -> list[Name]:
    return [(meta.schema, meta.name, trigger.name) for trigger in meta.triggers]


def default_names(meta: RelationMeta) -> list[Name]:
    return [(meta.schema, meta.name, column.name) for column in meta.columns if _has_default(column)]


def _has_default(column: ColumnMeta) -> bool:
    if column.identity:
        return column.identity == "serial"
    return column.sequence is not None or texts.default(column) is not None


def relation_rows(meta: RelationMeta, around: Surroundings) -> Rows:
    return _Relation(meta, around).rows()


class _Relation:
    def __init__(self, meta: RelationMeta, around: Surroundings) -> None:
        self.meta = meta
        self.around = around
        self.schema, self.namespace = around.schemas[meta.schema.lower()]
        self.oid = around.relations[meta.schema, meta.name]
        self.owner = around.roles[meta.owner]
        self.persistence = "t" if meta.temporary or is_temporary(meta.schema) else "p"

    def rows(self) -> Rows:
        meta = self.meta
        if meta.sequence is not None:
            yield from self._own_sequence(meta.sequence)
            return
        yield from self._itself()
        for number, column in enumerate(meta.columns, 1):
            yield from self._column(number, column)
        for key in meta.keys:
            yield from self._key(key)
        for index in meta.indexes:
            yield from self._index(index, 0)
        for foreign_key in meta.foreign_keys:
            yield from self._foreign_key(foreign_key)
        for check in meta.checks:
            yield from self._check(check)
        if meta.kind == "view":
            yield from self._rule()
        for trigger in meta.triggers:
            yield from self._trigger(trigger)

    def _itself(self) -> Rows:
        meta = self.meta
        is_view = meta.kind == "view"
        triggers = bool(meta.foreign_keys or meta.triggers)
        triggers = triggers or (meta.schema.lower(), meta.name.lower()) in self.around.referenced
        yield self._class(
            self.oid, meta.name, "v" if is_view else "r", len(meta.columns), objects.row_type(self.oid), 0 if is_view else HEAP,
            has_index=bool(meta.keys or meta.indexes), has_triggers=triggers, tuples=-1 if meta.rows is None else meta.rows,
            options=texts.view_options(meta), acl=texts.access(meta.owner, meta.grants), checks=len(meta.checks),
        )  # fmt: skip
        if meta.updatable:
            yield dynamic.UPDATABLE_VIEW, (self.oid,)
        yield depend(CLASSES, self.oid, 0, NAMESPACES, self.namespace, 0, "n")
        yield from self._types()
        if not is_view:
            yield dynamic.SYSTEM_COLUMNS, (self.oid,)
        if meta.comment:
            yield dynamic.DESCRIPTION, (self.oid, CLASSES, 0, meta.comment)

    def _class(
        self,
        oid: Oid,
        name: str,
        kind: str,
        columns: int,
        row_type: int = 0,
        method: int = 0,
        has_index: bool = False,
        has_triggers: bool = False,
        tuples: float = 0,
        options: tuple[str, ...] = (),
        acl: list[str] | None = None,
        checks: int = 0,
    ) -> tuple[Dynamic, Row]:
        return dynamic.CLASS, (
            oid, name, self.namespace, row_type, self.owner, method, tuples, has_index, self.persistence, kind, columns,
            checks, has_triggers, options or None, acl,
        )  # fmt: skip

    def _types(self) -> Rows:
        row_type, array = objects.row_type(self.oid), objects.array_of_row_type(self.oid)
        name = self.meta.name
        yield dynamic.TYPE, (row_type, name, self.namespace, self.owner, "c", "C", self.oid, 0, array)
        yield dynamic.TYPE, (array, f"_{name}", self.namespace, self.owner, "b", "A", 0, row_type, 0)
        yield depend(TYPES, row_type, 0, CLASSES, self.oid, 0, "i")
        yield depend(TYPES, array, 0, TYPES, row_type, 0, "i")

    # Columns

    def _attribute(
        self,
        relation: Oid,
        name: str,
        type_: Oid,
        number: int,
        typmod: int = -1,
        not_null: bool = True,
        has_default: bool = False,
        identity: str = "",
        collation: int = 0,
        acl: list[str] | None = None,
    ) -> tuple[Dynamic, Row]:
        layout = self.around.system.layout(type_)
        return dynamic.ATTRIBUTE, (
            relation, name, type_, number, typmod, not_null, has_default, _IDENTITY[identity], collation, *layout, acl
        )  # fmt: skip

    def _column(self, number: int, column: ColumnMeta) -> Rows:
        has_default = _has_default(column)
        collation = self.around.system.collation(Oid(column.oid), column.collation)
        is_computed = self.meta.kind == "view" and column.oid == oids.NUMERIC and widest_scale(column.typmod) is not None
        yield self._attribute(
            self.oid,
            column.name,
            Oid(column.oid),
            number,
            -1 if is_computed else column.typmod,
            column.not_null,
            has_default,
            column.identity,
            collation,
            texts.column_access(column.grants) or None,
        )
        if column.comment:
            yield dynamic.DESCRIPTION, (self.oid, CLASSES, number, column.comment)
        if enums.find(Oid(column.oid)) is not None:
            yield depend(CLASSES, self.oid, number, TYPES, column.oid, 0, "n")
        expression, sequence = texts.default(column), None
        if column.identity:
            sequence = self.around.parts[self.meta.schema, self.meta.name, "s", column.name]
            yield from self._sequence(sequence, number, column)
        elif column.sequence is not None and self.around.find(*column.sequence) is not None:
            sequence = self.around.relations[column.sequence]
        if sequence is not None:
            expression = f"nextval('{texts.reference(sequence)}'::regclass)"
        if has_default:
            oid = self.around.defaults[self.meta.schema, self.meta.name, column.name]
            yield dynamic.ATTRDEF, (oid, self.oid, number, expression)
            yield depend(DEFAULTS, oid, 0, CLASSES, self.oid, number, "a")
            if sequence is not None:
                yield depend(DEFAULTS, oid, 0, CLASSES, sequence, 0, "n")

    def _sequence(self, oid: Oid, number: int, column: ColumnMeta) -> Rows:
        """IRIS counts by itself; PostgreSQL's tools look for the sequence."""
        name = f"{self.meta.name}_{column.name}_seq"
        type_ = column.oid if column.oid in (oids.INT2, oids.INT4) else oids.INT8
        yield from self._sequence_itself(oid, name, SequenceMeta(type_, 1, 1, *limits(type_, 1), 1, False))
        yield dynamic.OWNED_SEQUENCE, (self.oid, number, oid, self.schema, name)
        yield depend(CLASSES, oid, 0, CLASSES, self.oid, number, "a" if column.identity == "serial" else "i")

    def _sequence_itself(self, oid: Oid, name: str, meta: SequenceMeta) -> Rows:
        yield self._class(oid, name, "S", 3, tuples=1)
        yield dynamic.SEQUENCE_COLUMNS, (oid,)
        yield dynamic.SYSTEM_COLUMNS, (oid,)
        limited = (meta.minimum, meta.maximum, meta.cache, meta.cycle)
        yield dynamic.SEQUENCE, (oid, meta.type, meta.start, meta.increment, *limited)
        yield depend(CLASSES, oid, 0, NAMESPACES, self.namespace, 0, "n")

    def _own_sequence(self, sequence: SequenceMeta) -> Rows:
        """One that CREATE SEQUENCE has made."""
        meta = self.meta
        yield from self._sequence_itself(self.oid, meta.name, sequence)
        if meta.comment:
            yield dynamic.DESCRIPTION, (self.oid, CLASSES, 0, meta.comment)
        owner = sequence.owner
        table = None if owner is None else self.around.find(*owner[:2])
        if owner is None or table is None:
            return
        number = next((n for n, column in enumerate(table.columns, 1) if column.name.lower() == owner[2].lower()), 0)
        if number:
            oid = self.around.relations[table.schema, table.name]
            yield dynamic.OWNED_SEQUENCE, (oid, number, self.oid, self.schema, meta.name)
            yield depend(CLASSES, self.oid, 0, CLASSES, oid, number, "a")

    # Indexes and constraints

    def _key(self, key: KeyMeta) -> Rows:
        meta = self.meta
        oid = self.around.constraints[meta.schema, meta.name, key.name]
        index = self.around.parts[meta.schema, meta.name, "i", key.name]
        yield from self._index(IndexMeta(key.name, key.columns, True, comment=key.index_comment), oid, key.primary)
        kind = "p" if key.primary else "u"
        yield dynamic.CONSTRAINT, (
            oid, key.name, self.namespace, kind, self.oid, index, 0, " ", " ", " ", key.columns, None, None, True, True, None
        )  # fmt: skip
        yield dynamic.DEFINITION, (CONSTRAINTS, oid, texts.key(key.primary, self._names(key.columns)))
        if key.comment:
            yield dynamic.DESCRIPTION, (oid, CONSTRAINTS, 0, key.comment)
        for column in key.columns:
            yield depend(CONSTRAINTS, oid, 0, CLASSES, self.oid, column, "a")

    def _index(self, index: IndexMeta, constraint: int, primary: bool = False) -> Rows:
        system, columns = self.around.system, (*index.columns, *index.included)
        oid = self.around.parts[self.meta.schema, self.meta.name, "i", index.name]
        kinds = [self.meta.columns[number - 1] for number in columns]
        if index.operators and kinds[0].oid == oids.HALFVEC:  # of IRIS's vectors both are made
            index = structs.replace(index, operators=index.operators.replace("vector", "halfvec", 1))
        collations = [system.collation(Oid(c.oid), c.collation) for c in kinds]
        method = system.method(index.method)
        yield self._class(oid, index.name, "i", len(columns), method=method, options=index.options)
        for place, (column, collation) in enumerate(zip(kinds, collations, strict=True), 1):
            yield self._attribute(oid, column.name, Oid(column.oid), place, column.typmod, False, collation=collation)
        count = len(index.columns)
        order = index.order or [0] * count
        classes = [system.operator_class(Oid(c.oid), index.operators) for c in kinds[:count]]
        yield dynamic.INDEX, (
            oid, self.oid, len(columns), count, index.unique, primary, columns, collations[:count], classes, order
        )  # fmt: skip
        names = self._names(index.columns)
        text = texts.index(index, self.schema, self.meta.name, names, self._names(index.included))
        yield dynamic.DEFINITION, (CLASSES, oid, text)
        if index.comment:
            yield dynamic.DESCRIPTION, (oid, CLASSES, 0, index.comment)
        if constraint:
            yield depend(CLASSES, oid, 0, CONSTRAINTS, constraint, 0, "i")
            return
        for number in columns:
            yield depend(CLASSES, oid, 0, CLASSES, self.oid, number, "a")

    def _foreign_key(self, key: ForeignKeyMeta) -> Rows:
        around = self.around
        target = around.find(key.schema, key.table)
        if target is None:
            return  # the session may not see that table
        oid = around.constraints[self.meta.schema, self.meta.name, key.name]
        other = around.relations[target.schema, target.name]
        numbers = {column.name.lower(): number for number, column in enumerate(target.columns, 1)}
        referenced = [numbers.get(name.lower(), 0) for name in key.referenced]
        index = self._index_of(target, referenced)
        equals = [around.system.equals(Oid(self.meta.columns[number - 1].oid)) for number in key.columns]
        yield dynamic.CONSTRAINT, (
            oid, key.name, self.namespace, "f", self.oid, index, other, _ACTIONS[key.on_update], _ACTIONS[key.on_delete],
            "f" if key.match_full else "s", key.columns, referenced, equals, True, True, None,
        )  # fmt: skip
        yield dynamic.DEFINITION, (CONSTRAINTS, oid, texts.foreign_key(key, self._names(key.columns), other))
        if key.comment:
            yield dynamic.DESCRIPTION, (oid, CONSTRAINTS, 0, key.comment)
        for number in key.columns:
            yield depend(CONSTRAINTS, oid, 0, CLASSES, self.oid, number, "a")
        for number in referenced:
            yield depend(CONSTRAINTS, oid, 0, CLASSES, other, number, "n")
        if index:
            yield depend(CONSTRAINTS, oid, 0, CLASSES, index, 0, "n")

    def _check(self, check: CheckMeta) -> Rows:
        oid = self.around.constraints[self.meta.schema, self.meta.name, check.name]
        shown = texts.condition(check, self.meta.columns, self.around.types)
        yield dynamic.CONSTRAINT, (
            oid, check.name, self.namespace, "c", self.oid, 0, 0, " ", " ", " ", check.columns or None, None, None, check.valid,
            False, shown[0],
        )  # fmt: skip
        yield dynamic.DEFINITION, (CONSTRAINTS, oid, texts.check(check, shown))
        if check.comment:
            yield dynamic.DESCRIPTION, (oid, CONSTRAINTS, 0, check.comment)
        for column in check.columns:
            for kind in "an":  # the constraint is the column's, and its expression mentions it
                yield depend(CONSTRAINTS, oid, 0, CLASSES, self.oid, column, kind)
        if not check.columns:
            yield depend(CONSTRAINTS, oid, 0, CLASSES, self.oid, 0, "a")

    def _trigger(self, trigger: TriggerMeta) -> Rows:
        oid = self.around.triggers[self.meta.schema, self.meta.name, trigger.name]
        bits = sum(_FIRES.get(word, 0) for word in (trigger.orientation, trigger.timing, *trigger.events))
        yield dynamic.TRIGGER, (oid, self.oid, trigger.name, bits)
        yield dynamic.DEFINITION, (TRIGGERS, oid, texts.trigger(trigger, self.schema, self.meta.name))
        yield depend(TRIGGERS, oid, 0, CLASSES, self.oid, 0, "a")

    def _index_of(self, table: RelationMeta, columns: list[int]) -> int:
        """The index that makes these columns unique, 0 when it is the RowID's own."""
        unique = [(key.name, key.columns) for key in table.keys] + [(i.name, i.columns) for i in table.indexes if i.unique]
        for name, numbers in unique:
            if set(numbers) == set(columns):
                return self.around.parts[table.schema, table.name, "i", name]
        return 0

    def _names(self, numbers: tuple[int, ...]) -> list[str]:
        return [self.meta.columns[number - 1].name for number in numbers]

    # Views

    def _rule(self) -> Rows:
        meta = self.meta
        oid = objects.rule(self.oid)
        text = texts.view(meta, self._oid_of)
        yield dynamic.REWRITE, (oid, self.oid, text)
        yield dynamic.DEFINITION, (CLASSES, self.oid, text)
        yield dynamic.DEFINITION, (RULES, oid, texts.rule(self.schema, meta.name, text))
        yield depend(RULES, oid, 0, CLASSES, self.oid, 0, "i")
        for schema, name, columns in meta.uses:
            used = self.around.find(schema, name)
            if used is not None:
                numbers = {column.name.lower(): number for number, column in enumerate(used.columns, 1)}
                target = self.around.relations[used.schema, used.name]
                for number in sorted({numbers.get(column.lower(), 0) for column in columns} or {0}):
                    yield depend(RULES, oid, 0, CLASSES, target, number, "n")

    def _oid_of(self, schema: str, name: str) -> Oid | None:
        found = self.around.find(schema, name)
        return None if found is None else self.around.relations[found.schema, found.name]


def depend(
    catalog: int, oid: int, column: int, other_catalog: int, other: int, other_column: int, kind: str
) -> tuple[Dynamic, Row]:
    return dynamic.DEPEND, (catalog, oid, column, other_catalog, other, other_column, kind)
