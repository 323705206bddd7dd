"""Conversion: values of the front and the backend to frames and back."""

from __future__ import annotations

from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import ColumnFrame
from pgiris.types.codec import Oid
from pgiris.types.relation import Relation, Snapshot
from pgiris.types.rows import Column


def as_frame(column: Column) -> ColumnFrame:
    return ColumnFrame(column.name, column.oid, column.typmod, column.relation, column.attribute, column.shown)


def as_column(frame: ColumnFrame) -> Column:
    return Column(frame.name, Oid(frame.oid), frame.typmod, Oid(frame.relation), frame.attribute, frame.shown)


_known: dict[tuple[str, str], tuple[Relation, frames.EncodedRelation]] = {}  # most have not changed since


def _encoded(relation: Relation) -> frames.EncodedRelation:
    key = relation.schema, relation.name
    known = _known.get(key)
    if known is None or known[0] is not relation:
        known = _known[key] = relation, frames.encode_relation(_as_relation(relation))
    return known[1]


def as_metadata(snapshot: Snapshot) -> frames.Metadata:
    relations = tuple(map(_encoded, snapshot.plain.values()))
    roles = None if snapshot.roles is None else tuple(snapshot.roles.items())
    types, functions = tuple(snapshot.enums.values()), tuple(snapshot.all_functions)
    return frames.Metadata(snapshot.version, relations, snapshot.noted, types, roles, functions, snapshot.checked)


def _as_relation(relation: Relation) -> frames.RelationFrame:
    return frames.RelationFrame(
        relation.schema,
        relation.name,
        tuple(
            frames.RelationColumnFrame(
                c.name,
                c.oid,
                c.iris_type,
                c.typmod,
                c.not_null,
                c.default,
                c.identity,
                c.collation,
                c.sequence,
                c.computed,
            )
            for c in relation.columns
        ),
        relation.kind,
        relation.primary_key,
        relation.unique_keys,
        relation.key_names,
        relation.definition,
        relation.owner,
        relation.indexes,
        relation.references,
        relation.checks,
    )
