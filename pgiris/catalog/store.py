"""The catalog of one database: what the backend described, and the rows made of it in DuckDB."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import duckdb
from msgspec import Raw

from pgiris.backend import metadata
from pgiris.backend.metadata import Changes, RelationMeta, Remark, RoleMeta, SchemaMeta
from pgiris.catalog import bulk, dynamic, fill
from pgiris.catalog.bulk import without_collector
from pgiris.catalog.dynamic import Dynamic
from pgiris.catalog.enums import enum_rows
from pgiris.catalog.extensions import extension_rows
from pgiris.catalog.remarks import remark_rows
from pgiris.catalog.routines import routine_rows
from pgiris.catalog.rows import Row, Surroundings, constraint_names, default_names, part_names, relation_rows, trigger_names
from pgiris.catalog.system import METHODS, System, method_name
from pgiris.sql.schemanames import iris_schema, shown_schema
from pgiris.sql.typenames import shown_type
from pgiris.types import enums, objects
from pgiris.types.codec import Oid
from pgiris.types.enums import EnumType
from pgiris.types.objects import Name
from pgiris.types.relation import Snapshot
from pgiris.types.routines import RoutineMeta

BOOTSTRAP = "_SYSTEM"  # the owner of IRIS's own things has PostgreSQL's OID 10
FIRST_OWN_OID = objects.RANGES[objects.SCHEMA][0]
PUBLIC_OID = Oid(2200)


@dataclass(frozen=True)
class Facts:
    """What the catalog shows besides the schema. users: that are known to exist, the present session's among them."""

    databases: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Kept:
    """What is remembered of a relation. referenced: tables that its foreign keys point to, targets: these and others that it
    depends on; in lower case. roles: of its access control list. methods: of its indexes that only IRIS has."""

    digest: bytes
    encoded: bytes
    name: Name
    schema: str
    owner: str
    referenced: frozenset[Name]
    targets: frozenset[Name]
    roles: frozenset[str]
    methods: frozenset[str]

    @property
    def meta(self) -> RelationMeta:
        return _decoded(self.encoded)


@lru_cache(64)
def _decoded(encoded: bytes) -> RelationMeta:
    return metadata.decode_relation(encoded)[1]


def _key(schema: str, name: str) -> Name:
    return schema.lower(), name.lower()


class Store:
    """Call load() before the first query and with every new description."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        fill.build(connection)
        self._connection = connection
        self._kept: dict[Name, _Kept] = {}
        self._around = Surroundings(System(connection), {}, {}, self._find)
        self._enums: tuple[EnumType, ...] = ()
        self._routines: tuple[RoutineMeta, ...] = ()
        self._extensions: tuple[tuple[str, str], ...] | None = None
        self._remarks: tuple[Remark, ...] = ()
        self._roles: tuple[RoleMeta, ...] = ()
        self._databases: dict[str, str] = {}  # in lower case -> as shown
        self.version = ""
        self.digests = b""

    def load(self, data: bytes, facts: Facts) -> None:
        """data: an encoded metadata.Changes against ``digests``. Relations that have not changed are left alone."""
        with without_collector():
            self._load(metadata.decode(data), facts)

    def _load(self, changes: Changes, facts: Facts) -> None:
        new = dict(map(_kept, changes.relations))
        digests = metadata.split(changes.digests)
        known = {kept.digest: kept for kept in self._kept.values()}
        present = [new.get(digest) or known[digest] for digest in digests]
        after = {kept.name: kept for kept in present}
        changed = {name for name, kept in after.items() if (old := self._kept.get(name)) is None or old.digest != kept.digest}
        gone = {name for name in self._kept if name not in after}
        types = tuple(type_._replace(shown=shown_type(type_.schema, type_.name)) for type_ in changes.enums)
        enums.learn(types)
        self._around.types = Snapshot(enums=types)
        self._around.system.learn(types)
        self._connection.begin()
        try:
            self._delete(self._keys_in(enum_rows(self._enums, self._around)))
            self._delete(self._keys_in(routine_rows(self._routines, self._around)))
            self._delete(self._keys_in(self._remark_rows()))
            if self._extensions is not None:
                self._delete(self._keys_in(extension_rows(self._extensions, self._remarks, self._around)))
            named = [*(type_.schema for type_ in types), *(routine.schema for routine in changes.routines)]
            named += [schema for _, schema in changes.extensions]
            others = map(SchemaMeta, named)  # a schema may be listed nowhere else
            self._roles = changes.roles
            self._replace(after, changed, gone, (*changes.schemas, *others), facts)
            self._insert_rows(enum_rows(types, self._around))
            self._insert_rows(routine_rows(changes.routines, self._around))
            self._insert_rows(extension_rows(changes.extensions, changes.remarks, self._around))
            self._insert_rows(remark_rows(changes.remarks, types, self._databases, self._around))
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()
        self.version, self.digests = changes.version, changes.digests
        self._enums, self._routines, self._extensions = types, changes.routines, changes.extensions
        self._remarks = changes.remarks

    def _replace(
        self, after: dict[Name, _Kept], changed: set[Name], gone: set[Name], schemas: tuple[SchemaMeta, ...], facts: Facts
    ) -> None:
        before = self._kept
        away = {name: before[name] for name in (changed | gone) & before.keys()}
        stale = self._affected(changed | gone, away.values(), [after[name] for name in changed])
        removed = {name: before[name].meta for name in stale & before.keys()}
        keys = self._keys_of(removed.values())  # with the OIDs and surroundings that they were made with
        self._share(schemas, facts, after.values())
        moved = self._number(removed, {name: after[name].meta for name in stale & after.keys()})
        self._kept = after
        self._around.referenced = {target for kept in after.values() for target in kept.referenced}
        if moved - stale:
            self._fill_all()
        else:
            self._delete(keys)
            self._insert(after[name].meta for name in after if name in stale)

    def _affected(self, names: set[Name], old: Iterable[_Kept], new: Iterable[_Kept]) -> set[Name]:
        """With relations that change go those that point to them and those that they point to."""
        found = set(names)
        for kept in (*old, *new):
            found |= kept.targets
        found |= {kept.name for kept in self._kept.values() if kept.targets & names}
        return found

    def _find(self, schema: str, name: str) -> RelationMeta | None:
        kept = self._kept.get(_key(schema, name))
        return None if kept is None else kept.meta

    # OIDs

    def _number(self, gone: dict[Name, RelationMeta], new: dict[Name, RelationMeta]) -> set[Name]:
        """Give the new relations OIDs. Returns the others that got a different one."""
        around = self._around
        moved = around.relations.change(gone, new)
        for assigned, names in (
            (around.parts, part_names),
            (around.constraints, constraint_names),
            (around.defaults, default_names),
            (around.triggers, trigger_names),
        ):
            before = [name for meta in gone.values() for name in names(meta)]
            after = [name for meta in new.values() for name in names(meta)]
            moved |= {name[:2] for name in assigned.change(before, after)}
        return moved

    # Rows

    def _share(self, schemas: tuple[SchemaMeta, ...], facts: Facts, relations: Collection[_Kept]) -> None:
        """Schemas, roles and databases."""
        names = {kept.schema.lower(): kept.schema for kept in relations}  # a schema may be listed nowhere else
        names |= {schema.name.lower(): schema.name for schema in reversed(schemas)}
        oids = objects.assign(objects.SCHEMA, ((name,) for name in names))
        around = self._around
        around.schemas = {key: (shown_schema(name), oids[key,]) for key, name in names.items()}
        around.schemas[iris_schema("public").lower()] = ("public", PUBLIC_OID)
        users = {schema.owner for schema in schemas} | {kept.owner for kept in relations} | set(facts.users)
        users |= {role for kept in relations for role in kept.roles}
        users |= {role.name for role in self._roles}
        numbers = objects.assign(objects.ROLE, ((name,) for name in users))
        around.roles = {name: numbers[name.lower(),] for name in users} | {BOOTSTRAP: Oid(10), "": Oid(10)}
        for table in dynamic.SHARED:
            self._connection.execute(f"DELETE FROM {table.name} WHERE {table.key} >= {FIRST_OWN_OID}")
        owner = {schema.name.lower(): schema.owner for schema in reversed(schemas)}
        namespaces = [
            (oid, name, around.roles[owner.get(key, "")]) for key, (name, oid) in around.schemas.items() if name != "public"
        ]
        told = {role.name: role for role in self._roles}
        roles = [
            (oid, name, name not in told or told[name].is_user, name in told and told[name].superuser)
            for name, oid in around.roles.items()
            if oid != 10
        ]
        self._fill(dynamic.NAMESPACE, namespaces)
        self._fill(dynamic.AUTHID, roles)
        self._fill(dynamic.AUTH_MEMBERS, self._members())
        self._fill(
            dynamic.TOLD_ROLE, [(numbers[role.name.lower(),], role.name, role.superuser, role.creates) for role in self._roles]
        )
        self._fill_methods({method for kept in relations for method in kept.methods})
        self._databases = {name.lower(): name for name in facts.databases} | self._databases
        self._fill_databases()

    def _fill_methods(self, used: set[str]) -> None:
        """IRIS's kinds of index, where there is such an index."""
        own = ", ".join(map(str, METHODS.values()))
        self._connection.execute(f"DELETE FROM {dynamic.METHOD.name} WHERE {dynamic.METHOD.key} IN ({own})")
        self._fill(dynamic.METHOD, [(oid, name) for name, oid in METHODS.items() if name in used])

    def learn_database(self, name: str) -> None:
        """A session's, as it spells it: names are compared without case."""
        if self._databases.get(name.lower()) != name:
            self._databases[name.lower()] = name
            self._connection.execute(f"DELETE FROM {dynamic.DATABASE.name} WHERE {dynamic.DATABASE.key} >= {FIRST_OWN_OID}")
            self._delete(self._keys_in(self._remark_rows()))
            self._fill_databases()
            self._insert_rows(self._remark_rows())

    def _remark_rows(self) -> Iterator[tuple[Dynamic, Row]]:
        return remark_rows(self._remarks, self._enums, self._databases, self._around)

    def _fill_databases(self) -> None:
        oids = objects.assign(objects.DATABASE, ((key,) for key in self._databases))
        self._fill(dynamic.DATABASE, [(oids[key,], name) for key, name in self._databases.items()])

    def _members(self) -> list[Row]:
        held = {(role, one.name): admin for one in self._roles for role, admin in one.held}
        oids, roles = objects.assign(objects.ROLE, held), self._around.roles
        return [(oids[role.lower(), name.lower()], roles[role], roles[name], admin) for (role, name), admin in held.items()]

    def _keys_of(self, relations: Iterable[RelationMeta]) -> dict[Dynamic, set[int]]:
        return self._keys_in(self._rows(relations))

    def _keys_in(self, rows: Iterable[tuple[Dynamic, Row]]) -> dict[Dynamic, set[int]]:
        keys: dict[Dynamic, set[int]] = defaultdict(set)
        for table, row in rows:
            key = row[list(table.given).index(table.key)]
            assert isinstance(key, int)
            keys[table].add(key)
        return keys

    def _delete(self, keys: dict[Dynamic, set[int]]) -> None:
        for table, numbers in keys.items():
            self._connection.execute(
                f"DELETE FROM {table.name} WHERE {table.key} IN (SELECT unnest(?::UINTEGER[]))", [sorted(numbers)]
            )

    def _fill_all(self) -> None:
        for table in dynamic.OF_RELATIONS:
            self._connection.execute(f"DELETE FROM {table.name} WHERE {table.key} >= {FIRST_OWN_OID}")
        self._insert(kept.meta for kept in self._kept.values())

    def _insert(self, relations: Iterable[RelationMeta]) -> None:
        self._insert_rows(self._rows(relations))

    def _insert_rows(self, made: Iterable[tuple[Dynamic, Row]]) -> None:
        rows: dict[Dynamic, list[Row]] = defaultdict(list)
        for table, row in made:
            rows[table].append(row)
        for table, own in rows.items():
            self._fill(table, own)

    def _rows(self, relations: Iterable[RelationMeta]) -> Iterator[tuple[Dynamic, Row]]:
        for meta in relations:
            yield from relation_rows(meta, self._around)

    def _fill(self, table: Dynamic, rows: Sequence[Row]) -> None:
        bulk.insert(self._connection, table.insert, table.given, rows)


def _kept(encoded: Raw) -> tuple[bytes, _Kept]:
    data = bytes(encoded)
    digest, meta = metadata.decode_relation(data)
    referenced = frozenset(_key(key.schema, key.table) for key in meta.foreign_keys)
    used = {_key(schema, name) for schema, name, _ in meta.uses}
    used |= {_key(*column.sequence) for column in meta.columns if column.sequence is not None}
    if meta.sequence is not None and meta.sequence.owner is not None:
        used.add(_key(*meta.sequence.owner[:2]))
    name = _key(meta.schema, meta.name)
    grants = [*meta.grants, *(grant for column in meta.columns for grant in column.grants)]
    roles = frozenset(role for grant in grants for role in (grant.grantee, grant.grantor)) - {""}
    methods = frozenset(method_name(index.method) for index in meta.indexes) & METHODS.keys()
    return digest, _Kept(digest, data, name, meta.schema, meta.owner, referenced, referenced | used, roles, methods)
