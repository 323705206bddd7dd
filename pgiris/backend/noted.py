"""Noted: relations as they are with what notes say of them (notes.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from pgiris.backend.metadata import CheckMeta, ColumnMeta, ForeignKeyMeta, IndexMeta, KeyMeta, RelationMeta, SequenceMeta
from pgiris.backend.notes import Check, Notes, Part
from pgiris.backend.sequence import Sequence
from pgiris.types import oids
from pgiris.types.relation import CheckPart, Relation, RelationColumn, Snapshot


def noted_snapshot(snapshot: Snapshot, notes: Notes) -> Snapshot:
    if not notes.version:
        return snapshot
    relations = [_noted_relation(relation, notes) for relation in snapshot.plain.values()]
    relations += [Relation(s.schema, s.name, _COLUMNS, "sequence", owner=s.owner) for s in notes.sequences]
    return Snapshot(
        f"{snapshot.version}/{notes.version}", tuple(relations), noted=True, enums=notes.enums, functions=notes.functions
    )


_COLUMNS = tuple(
    RelationColumn(name, oid, "BIGINT" if oid == oids.INT8 else "BIT", not_null=True)
    for name, oid in (("last_value", oids.INT8), ("log_cnt", oids.INT8), ("is_called", oids.BOOL))
)


def _noted_relation(relation: Relation, notes: Notes) -> Relation:
    place = (relation.schema.lower(), relation.name.lower())
    drawn, checks = notes.defaults.get(place, {}), notes.checks.get(place, ())
    if not drawn and not checks and place not in notes.types and not any(column.enum for column in relation.columns):
        return relation

    def column(plain: RelationColumn) -> RelationColumn:
        oid, typmod = notes.type_of(place, plain.name.lower(), plain.enum) or (plain.oid, plain.typmod)
        identity = notes.generation_of(place, plain.name.lower()) or plain.identity
        known = replace(plain, oid=oid, typmod=typmod, enum=None, identity=identity)
        default = drawn.get(plain.name.lower())
        return known if default is None else replace(known, sequence=default.sequence, computed=default.expression)

    parts = tuple(CheckPart(check.name, check.columns, check.expression, check.valid) for check in checks)
    return replace(relation, columns=tuple(map(column, relation.columns)), checks=parts)


def sequences(notes: Notes) -> Iterator[RelationMeta]:
    return (_sequence_metadata(sequence, notes) for sequence in notes.sequences)


def is_noted(schema: str, name: str, notes: Notes) -> bool:
    """Whether something is said of a table or view by its name."""
    place = (schema.lower(), name.lower())
    return any(
        place in said for said in (notes.defaults, notes.descriptions, notes.types, notes.checks, notes.parts, notes.views)
    )


def noted_relation(relation: RelationMeta, notes: Notes) -> RelationMeta:
    if not is_noted(relation.schema, relation.name, notes) and not any(column.enum for column in relation.columns):
        return relation
    place = (relation.schema.lower(), relation.name.lower())
    about, drawn = notes.descriptions.get(place, {}), notes.defaults.get(place, {})

    def column(meta: ColumnMeta) -> ColumnMeta:
        name = meta.name.lower()
        oid, typmod = notes.type_of(place, name, meta.enum) or (meta.oid, meta.typmod)
        comment = about.get(name) or meta.comment
        identity = notes.generation_of(place, name) or meta.identity
        known = msgspec.structs.replace(meta, oid=oid, typmod=typmod, comment=comment, enum=None, identity=identity)
        default = drawn.get(name)
        if default is None:
            return known
        return msgspec.structs.replace(known, sequence=default.sequence, computed=default.expression)

    columns = tuple(map(column, relation.columns))
    checks = tuple(_check_metadata(check, relation) for check in notes.checks.get(place, ()))
    comment = about.get("") or relation.comment
    shown = notes.view_text(place, relation.view) if relation.kind == "view" else ""
    known = msgspec.structs.replace(relation, columns=columns, comment=comment, checks=checks, shown=shown)
    parts = notes.parts.get(place)
    return known if parts is None else _with_parts(known, parts)


def _check_metadata(check: Check, relation: RelationMeta) -> CheckMeta:
    numbers = {column.name.lower(): number for number, column in enumerate(relation.columns, 1)}
    mentioned = sorted(numbers[name.lower()] for name in check.columns if name.lower() in numbers)
    return CheckMeta(check.name, tuple(mentioned), check.expression, check.valid)


def _with_parts(relation: RelationMeta, parts: dict[tuple[str, str], Part]) -> RelationMeta:
    def part(kind: str, name: str) -> Part:
        return parts.get((kind, name.lower())) or Part("", "", kind, name)

    def key(meta: KeyMeta) -> KeyMeta:
        comments = {"comment": part("constraint", meta.name).comment, "index_comment": part("index", meta.name).comment}
        return msgspec.structs.replace(meta, **comments)

    def index(meta: IndexMeta) -> IndexMeta:
        noted = part("index", meta.name)
        order = noted.order if len(noted.order) == len(meta.columns) else meta.order
        return msgspec.structs.replace(meta, order=order, comment=noted.comment)

    def foreign_key(meta: ForeignKeyMeta) -> ForeignKeyMeta:
        noted = part("constraint", meta.name)
        called = {
            event: word
            for event, word in (("on_delete", noted.on_delete), ("on_update", noted.on_update))
            if word and getattr(meta, event) == "NO ACTION"
        }
        full = noted.match_full and len(meta.columns) == 1
        return msgspec.structs.replace(meta, match_full=full, comment=noted.comment, **called)

    def check(meta: CheckMeta) -> CheckMeta:
        return msgspec.structs.replace(meta, comment=part("constraint", meta.name).comment)

    return msgspec.structs.replace(
        relation,
        checks=tuple(map(check, relation.checks)),
        keys=tuple(map(key, relation.keys)),
        indexes=tuple(map(index, relation.indexes)),
        foreign_keys=tuple(map(foreign_key, relation.foreign_keys)),
    )


def _sequence_metadata(sequence: Sequence, notes: Notes) -> RelationMeta:
    about = notes.descriptions.get((sequence.schema.lower(), sequence.name.lower()), {})
    meta = SequenceMeta(
        sequence.type, sequence.start, sequence.increment, sequence.minimum, sequence.maximum, sequence.cache, sequence.cycle,
        sequence.owner,
    )  # fmt: skip
    return RelationMeta(sequence.schema, sequence.name, "sequence", (), comment=about.get(""), sequence=meta)
