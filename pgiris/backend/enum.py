"""Enum: a type of labels in an order, and how it changes; its state is kept by notes.py.

PostgreSQL: sql-createtype, sql-altertype, src/backend/catalog/pg_enum.c
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import msgspec

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.types.enums import LONGEST_LABEL, EnumType, oid_of


class Enum(msgspec.Struct, frozen=True):
    """schema: IRIS's name. number: of this type for good, and of no other. revision: grows with each change."""

    schema: str
    name: str
    number: int
    labels: tuple[str, ...]
    revision: int = 1

    def known(self, namespace: str) -> EnumType:
        return EnumType(oid_of(namespace, self.number), self.schema, self.name, self.number, self.labels, self.revision)

    def changed(self, **fields: object) -> Enum:
        return msgspec.structs.replace(self, revision=self.revision + 1, **fields)

    def add(self, label: str, place: str, neighbour: str) -> Enum:
        """place: ``before`` or ``after`` the neighbour, "" for the end. Raises 42710, 22023, 42602."""
        check_label(label)
        if label in self.labels:
            raise already(label)
        at = self._place(neighbour) + (place == "after") if place else len(self.labels)
        return self.changed(labels=(*self.labels[:at], label, *self.labels[at:]))

    def rename_value(self, old: str, new: str) -> Enum:
        """Raises 42710, 22023, 42602."""
        check_label(new)
        at = self._place(old)
        if new in self.labels:
            raise already(new)
        return self.changed(labels=(*self.labels[:at], new, *self.labels[at + 1 :]))

    def _place(self, label: str) -> int:
        if label not in self.labels:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'"{label}" is not an existing enum label')
        return self.labels.index(label)


def created(schema: str, name: str, labels: Sequence[str]) -> Enum:
    """Raises 42602 for a label that is too long, 23505 for one that is there twice, as PostgreSQL does."""
    for place, label in enumerate(labels):
        check_label(label)
        if label in labels[:place]:
            message = 'duplicate key value violates unique constraint "pg_enum_typid_label_index"'
            raise PgError(sqlstate.UNIQUE_VIOLATION, message)
    return Enum(schema, name, secrets.randbits(48), tuple(labels))


def check_label(label: str) -> None:
    if not label:
        hint = "IRIS tells it and NULL apart with difficulty."
        raise not_supported("the empty string as a label of an enum is not supported", hint)
    if len(label.encode()) > LONGEST_LABEL:
        detail = f"Labels must be {LONGEST_LABEL} bytes or less."
        raise PgError(sqlstate.INVALID_NAME, f'invalid enum label "{label}"', detail=detail)


def already(label: str) -> PgError:
    return PgError(sqlstate.DUPLICATE_OBJECT, f'enum label "{label}" already exists')
