"""Metadata: everything that the catalog shows of a namespace's schemas, as a backend tells it.

The planner needs less and has types/relation.py. Each relation is told as a whole, so that one that has not changed need not
travel again: relations are known by a digest of their content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec
from msgspec import Raw

from pgiris.types.enums import EnumType
from pgiris.types.iristypes import NotedEnum
from pgiris.types.routines import RoutineMeta

DIGEST_BYTES = 12


class GrantMeta(msgspec.Struct, frozen=True, array_like=True):
    """grantee: empty for everybody. letters: as an access control list has them, a star behind those that may be granted."""

    grantee: str
    letters: str
    grantor: str


class RoleMeta(msgspec.Struct, frozen=True, array_like=True):
    """A user, or a role. held: the roles that it holds, and whether WITH ADMIN OPTION. creates: it may create tables."""

    name: str
    is_user: bool
    superuser: bool = False
    creates: bool = False
    held: tuple[tuple[str, bool], ...] = ()


class ColumnMeta(msgspec.Struct, frozen=True, array_like=True):
    """iris_type: as DDL says it. identity: ``always``, ``by default``, ``serial`` or "". default: IRIS SQL. oid, typmod: what
    PostgreSQL's clients see. collation: IRIS's, of strings."""

    name: str
    iris_type: str
    oid: int
    typmod: int
    not_null: bool = False
    default: str | None = None
    identity: str = ""
    collation: str = ""
    comment: str | None = None
    sequence: tuple[str, str] | None = None  # IRIS's schema and the name of the one whose next number is the default
    enum: NotedEnum | None = None  # what its description says, until the type is looked up
    grants: tuple[GrantMeta, ...] = ()  # on this column alone
    computed: str = ""  # the expression of a default that IRIS does not know of, in PostgreSQL's SQL


class SequenceMeta(msgspec.Struct, frozen=True, array_like=True):
    """owner: IRIS's schema, table, column."""

    type: int
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool
    owner: tuple[str, str, str] | None = None


class KeyMeta(msgspec.Struct, frozen=True, array_like=True):
    """A primary key or unique constraint. columns: attribute numbers, in the key's order. comments: on it, and on its index."""

    name: str
    primary: bool
    columns: tuple[int, ...]
    comment: str = ""
    index_comment: str = ""


class ForeignKeyMeta(msgspec.Struct, frozen=True, array_like=True):
    """columns: attribute numbers; the referenced columns are named. on_delete, on_update: ``NO ACTION``, ``CASCADE`` ..."""

    name: str
    columns: tuple[int, ...]
    schema: str
    table: str
    referenced: tuple[str, ...]
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"
    match_full: bool = False
    comment: str = ""


# How a column of an index is ordered, as pg_index.indoption says. PostgreSQL: src/include/catalog/pg_index.h
ORDERS = {"": 0, "DESC NULLS LAST": 1, "NULLS FIRST": 2, "DESC": 3}


class CheckMeta(msgspec.Struct, frozen=True, array_like=True):
    """columns: attribute numbers of those that it mentions. expression: PostgreSQL's SQL."""

    name: str
    columns: tuple[int, ...]
    expression: str
    valid: bool = True
    comment: str = ""


class IndexMeta(msgspec.Struct, frozen=True, array_like=True):
    """method: ``btree``, ``bitmap``, ``hnsw`` ... order: for each column, of what ORDERS
    names; () is 0 for all. options: of hnsw, as pgvector names them."""

    name: str
    columns: tuple[int, ...]
    unique: bool = False
    method: str = "btree"
    order: tuple[int, ...] = ()
    operators: str = ""  # operator class of the columns, when it is not the default one
    options: tuple[str, ...] = ()
    included: tuple[int, ...] = ()
    comment: str = ""


class TriggerMeta(msgspec.Struct, frozen=True, array_like=True):
    """timing: ``BEFORE`` or ``AFTER``. events: ``INSERT``, ``UPDATE``, ``DELETE``. orientation: ``ROW`` or ``STATEMENT``.
    statement: its code, where IRIS tells it."""

    name: str
    timing: str
    events: tuple[str, ...]
    orientation: str
    statement: str = ""


class RelationMeta(msgspec.Struct, frozen=True, array_like=True):
    """kind: ``table``, ``view`` or ``sequence``. view: the text of its query, IRIS SQL. uses: what the query reads:
    schema, name and columns, of which there are none when they are not known.
    rows: as the last statistics say, None when there are none."""

    schema: str
    name: str
    kind: str
    columns: tuple[ColumnMeta, ...]
    keys: tuple[KeyMeta, ...] = ()
    foreign_keys: tuple[ForeignKeyMeta, ...] = ()
    indexes: tuple[IndexMeta, ...] = ()
    view: str = ""
    uses: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    comment: str | None = None
    owner: str = ""
    temporary: bool = False
    rows: float | None = None
    check_option: str = ""  # of a view, as IRIS calls it
    sequence: SequenceMeta | None = None
    triggers: tuple[TriggerMeta, ...] = ()
    grants: tuple[GrantMeta, ...] = ()  # none where they are not known, or nothing is held back
    updatable: bool = False  # of a view: whether rows can be inserted, updated and deleted through it
    checks: tuple[CheckMeta, ...] = ()  # which pgiris enforces
    shown: str = ""  # of a view: its query in PostgreSQL's SQL, a Template of sql/deparse


class SchemaMeta(msgspec.Struct, frozen=True, array_like=True):
    name: str
    owner: str = ""


class Remark(msgspec.Struct, frozen=True):
    """A comment on what is no relation nor part of one. kind: ``schema``, ``type``, ``extension``, ``database`` or ``role``.
    schema: IRIS's, of a type, and of a schema, which has no other name; "" of the others. text "": an extension has none."""

    kind: str
    schema: str
    name: str
    text: str


class Changes(msgspec.Struct, frozen=True, array_like=True):
    """All that a session may see, for somebody who has an older description. version: as BackendSession.schema_version() says.
    digests: of all relations, one after the other. relations: those whose digests were not known, in any order. roles: none where
    the backend does not tell. extensions: that were created, with IRIS's schemas."""

    version: str
    schemas: tuple[SchemaMeta, ...]
    digests: bytes
    relations: tuple[Raw, ...]
    enums: tuple[EnumType, ...] = ()
    routines: tuple[RoutineMeta, ...] = ()
    roles: tuple[RoleMeta, ...] = ()
    extensions: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()


_encoder = msgspec.msgpack.Encoder()
_relation_decoder = msgspec.msgpack.Decoder(RelationMeta)
_changes_decoder = msgspec.msgpack.Decoder(Changes)


def split(digests: bytes) -> list[bytes]:
    return [digests[start : start + DIGEST_BYTES] for start in range(0, len(digests), DIGEST_BYTES)]


def encode_relation(relation: RelationMeta) -> tuple[bytes, bytes]:
    """(digest, encoded)"""
    encoded = _encoder.encode(relation)
    return hashlib.blake2b(encoded, digest_size=DIGEST_BYTES).digest(), encoded


def changes(
    version: str,
    schemas: Iterable[SchemaMeta],
    relations: Iterable[tuple[bytes, bytes]],
    known: bytes,
    enums: tuple[EnumType, ...] = (),
    routines: tuple[RoutineMeta, ...] = (),
    roles: tuple[RoleMeta, ...] = (),
    extensions: tuple[tuple[str, str], ...] = (),
    remarks: tuple[Remark, ...] = (),
) -> Changes:
    """relations: digests and encoded relations. known: the digests that the other side has."""
    before = frozenset(split(known))
    digests, new = [], []
    for digest, encoded in relations:
        digests.append(digest)
        if digest not in before:
            new.append(Raw(encoded))
    return Changes(version, tuple(schemas), b"".join(digests), tuple(new), enums, routines, roles, extensions, remarks)


def encode(value: Changes) -> bytes:
    return _encoder.encode(value)


def decode(data: bytes) -> Changes:
    return _changes_decoder.decode(data)


def decode_relation(encoded: bytes | Raw) -> tuple[bytes, RelationMeta]:
    """(digest, relation)"""
    return hashlib.blake2b(encoded, digest_size=DIGEST_BYTES).digest(), _relation_decoder.decode(encoded)
