"""Relations of the catalog that have rows of the backend's objects: how each row is made.

A row is given by the values that differ (``given``); ``fixed`` are SQL expressions for other columns, which may use the given
ones by name; what is in neither is NULL. ``key`` is the column by which an object's rows are found.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from pgiris.catalog.relations import RELATIONS


@dataclass(frozen=True, eq=False)
class Dynamic:
    name: str  # in DuckDB
    key: str
    given: dict[str, str]  # column -> DuckDB type
    fixed: dict[str, str] = field(default_factory=dict)
    times: str = ""  # a list of rows that each given row is combined with

    @cached_property
    def insert(self) -> str:
        """An INSERT whose rows are ``{rows}``."""
        columns = [*self.given, *self.fixed]
        values = [*(f'g."{name}"' for name in self.given), *self.fixed.values()]
        listed = ", ".join(f'"{name}"' for name in columns)
        return f"INSERT INTO {self.name} ({listed}) SELECT {', '.join(values)} FROM {{rows}} AS g{self.times}"


def _catalog(name: str, key: str, given: str, fixed: dict[str, str]) -> Dynamic:
    """given: names of columns. Raises KeyError for a column that is not there, and for one that must not be NULL but is."""
    relation = RELATIONS["pg_catalog", name]
    types = {word: relation.by_name[word][1].duckdb for word in given.split()}
    for column in fixed:
        relation.by_name[column]
    missing = [c.name for c in relation.columns if c.not_null and c.name not in types and c.name not in fixed]
    if missing:
        raise KeyError(f"{name}: {missing}")
    return Dynamic(relation.duckdb, key, types, fixed)


NO, YES = "false", "true"

NAMESPACE = _catalog("pg_namespace", "oid", "oid nspname nspowner", {})
AUTHID = _catalog(
    "pg_authid",
    "oid",
    "oid rolname rolcanlogin rolsuper",
    {
        "rolinherit": YES,
        "rolcreaterole": NO,
        "rolcreatedb": NO,
        "rolreplication": NO,
        "rolbypassrls": NO,
        "rolconnlimit": "-1",
    },
)
AUTH_MEMBERS = _catalog(
    "pg_auth_members",
    "oid",
    "oid roleid member admin_option",
    {"grantor": "10", "inherit_option": YES, "set_option": YES},
)
# Roles that the backend tells of. creates: it may create tables.
TOLD_ROLE = Dynamic("pgx.told_role", "oid", {"oid": "UINTEGER", "name": "VARCHAR", "superuser": "BOOLEAN", "creates": "BOOLEAN"})
METHOD = _catalog("pg_am", "oid", "oid amname", {"amhandler": "0", "amtype": "'i'"})
EXTENSION = _catalog("pg_extension", "oid", "oid extname extnamespace extversion", {"extowner": "10", "extrelocatable": YES})
DATABASE = _catalog(
    "pg_database",
    "oid",
    "oid datname",
    {
        "datdba": "10",
        "encoding": "6",  # UTF8
        "datlocprovider": "'c'",
        "datistemplate": NO,
        "datallowconn": YES,
        "datconnlimit": "-1",
        "datfrozenxid": "0",
        "datminmxid": "0",
        "dattablespace": "1663",
        "datcollate": "'C.UTF-8'",
        "datctype": "'C.UTF-8'",
    },
)
CLASS = _catalog(
    "pg_class",
    "oid",
    "oid relname relnamespace reltype relowner relam reltuples relhasindex relpersistence relkind relnatts relchecks"
    " relhastriggers reloptions relacl",
    {
        "reloftype": "0",
        "relfilenode": "CASE WHEN relkind = 'v' THEN 0 ELSE g.oid END",
        "reltablespace": "0",
        "relpages": "0",
        "relallvisible": "0",
        "reltoastrelid": "0",
        "relisshared": NO,
        "relhasrules": "relkind = 'v'",
        "relhassubclass": NO,
        "relrowsecurity": NO,
        "relforcerowsecurity": NO,
        "relispopulated": YES,
        "relreplident": "CASE WHEN relkind = 'r' THEN 'd' ELSE 'n' END",
        "relispartition": NO,
        "relrewrite": "0",
        "relfrozenxid": "0",
        "relminmxid": "0",
    },
)
_ATTRIBUTE = {
    "attcacheoff": "-1",
    "attcompression": "''",
    "atthasmissing": NO,
    "attgenerated": "''",
    "attisdropped": NO,
    "attislocal": YES,
    "attinhcount": "0",
}
ATTRIBUTE = _catalog(
    "pg_attribute",
    "attrelid",
    "attrelid attname atttypid attnum atttypmod attnotnull atthasdef attidentity attcollation attlen attbyval attalign attstorage"
    " attndims attacl",
    {**_ATTRIBUTE, "attstattarget": "-1"},
)


def _same_columns(rows: str, target: str) -> Dynamic:
    """Columns that each of many relations has."""
    fixed = {
        **_ATTRIBUTE,
        "attname": "c.name",
        "atttypid": "c.type",
        "attnum": "c.number",
        "attlen": "c.length",
        "attbyval": "c.name <> 'ctid'",
        "attalign": "c.alignment",
        "attstorage": "'p'",
        "atttypmod": "-1",
        "attnotnull": YES,
        "atthasdef": NO,
        "attidentity": "''",
        "attcollation": "0",
        "attndims": "0",
        "attstattarget": target,
    }
    made = _catalog("pg_attribute", "attrelid", "attrelid", fixed)
    return replace(made, times=f" CROSS JOIN (VALUES {rows}) AS c (name, type, number, length, alignment)")


# PostgreSQL: ddl-system-columns
SYSTEM_COLUMNS = _same_columns(
    "('ctid', 27, -1, 6, 's'), ('xmin', 28, -2, 4, 'i'), ('cmin', 29, -3, 4, 'i'), ('xmax', 28, -4, 4, 'i'),"
    " ('cmax', 29, -5, 4, 'i'), ('tableoid', 26, -6, 4, 'i')",
    "0",
)
SEQUENCE_COLUMNS = _same_columns("('last_value', 20, 1, 8, 'd'), ('log_cnt', 20, 2, 8, 'd'), ('is_called', 16, 3, 1, 'c')", "-1")
TYPE = _catalog(
    "pg_type",
    "oid",
    "oid typname typnamespace typowner typtype typcategory typrelid typelem typarray",
    {
        "typlen": "-1",
        "typbyval": NO,
        "typispreferred": NO,
        "typisdefined": YES,
        "typdelim": "','",
        "typsubscript": "CASE WHEN typelem <> 0 THEN 6179 ELSE 0 END",  # array_subscript_handler
        "typinput": "CASE WHEN typelem <> 0 THEN 750 ELSE 2290 END",  # array_in, record_in ...
        "typoutput": "CASE WHEN typelem <> 0 THEN 751 ELSE 2291 END",
        "typreceive": "CASE WHEN typelem <> 0 THEN 2400 ELSE 2402 END",
        "typsend": "CASE WHEN typelem <> 0 THEN 2401 ELSE 2403 END",
        "typmodin": "0",
        "typmodout": "0",
        "typanalyze": "CASE WHEN typelem <> 0 THEN 3816 ELSE 0 END",
        "typalign": "'d'",
        "typstorage": "'x'",
        "typnotnull": NO,
        "typbasetype": "0",
        "typtypmod": "-1",
        "typndims": "0",
        "typcollation": "0",
    },
)
ENUM_TYPE = _catalog(
    "pg_type",
    "oid",
    "oid typname typnamespace typelem typarray",
    {
        "typowner": "10",
        "typlen": "CASE WHEN typelem <> 0 THEN -1 ELSE 4 END",
        "typbyval": "typelem = 0",
        "typtype": "CASE WHEN typelem <> 0 THEN 'b' ELSE 'e' END",
        "typcategory": "CASE WHEN typelem <> 0 THEN 'A' ELSE 'E' END",
        "typispreferred": NO,
        "typisdefined": YES,
        "typdelim": "','",
        "typrelid": "0",
        "typsubscript": "CASE WHEN typelem <> 0 THEN 6179 ELSE 0 END",
        "typinput": "CASE WHEN typelem <> 0 THEN 750 ELSE 3506 END",  # enum_in ...
        "typoutput": "CASE WHEN typelem <> 0 THEN 751 ELSE 3507 END",
        "typreceive": "CASE WHEN typelem <> 0 THEN 2400 ELSE 3532 END",
        "typsend": "CASE WHEN typelem <> 0 THEN 2401 ELSE 3533 END",
        "typmodin": "0",
        "typmodout": "0",
        "typanalyze": "CASE WHEN typelem <> 0 THEN 3816 ELSE 0 END",
        "typalign": "'i'",
        "typstorage": "CASE WHEN typelem <> 0 THEN 'x' ELSE 'p' END",
        "typnotnull": NO,
        "typbasetype": "0",
        "typtypmod": "-1",
        "typndims": "0",
        "typcollation": "0",
    },
)
ENUM_LABEL = _catalog("pg_enum", "enumtypid", "oid enumtypid enumsortorder enumlabel", {})
ATTRDEF = _catalog("pg_attrdef", "oid", "oid adrelid adnum adbin", {})
INDEX = _catalog(
    "pg_index",
    "indexrelid",
    "indexrelid indrelid indnatts indnkeyatts indisunique indisprimary indkey indcollation indclass indoption",
    {
        "indnullsnotdistinct": NO,
        "indisexclusion": NO,
        "indimmediate": YES,
        "indisclustered": NO,
        "indisvalid": YES,
        "indcheckxmin": NO,
        "indisready": YES,
        "indislive": YES,
        "indisreplident": NO,
    },
)
CONSTRAINT = _catalog(
    "pg_constraint",
    "oid",
    "oid conname connamespace contype conrelid conindid confrelid confupdtype confdeltype confmatchtype conkey confkey conpfeqop"
    " convalidated connoinherit conbin",
    {
        "condeferrable": NO,
        "condeferred": NO,
        "contypid": "0",
        "conparentid": "0",
        "conislocal": YES,
        "coninhcount": "0",
        "conppeqop": "conpfeqop",
        "conffeqop": "conpfeqop",
    },
)
TRIGGER = _catalog(
    "pg_trigger",
    "oid",
    "oid tgrelid tgname tgtype",
    {
        "tgparentid": "0",
        "tgfoid": "0",  # IRIS's triggers have a body of their own and call no function
        "tgenabled": "'O'",
        "tgisinternal": NO,
        "tgconstrrelid": "0",
        "tgconstrindid": "0",
        "tgconstraint": "0",
        "tgdeferrable": NO,
        "tginitdeferred": NO,
        "tgnargs": "0",
        "tgattr": "[]",
        "tgargs": "''::BLOB",
    },
)
ROUTINE = _catalog(
    "pg_proc",
    "oid",
    "oid proname pronamespace prolang prokind pronargs prorettype proargtypes proallargtypes proargmodes proargnames prosrc"
    " procost prorows proleakproof proisstrict proretset provolatile proparallel pronargdefaults proargdefaults prosqlbody",
    {
        "proowner": "10",
        "provariadic": "0",
        "prosupport": "0",
        "prosecdef": NO,
    },
)
LANGUAGE = _catalog(
    "pg_language",
    "oid",
    "oid lanname",
    {"lanowner": "10", "lanispl": YES, "lanpltrusted": YES, "lanplcallfoid": "0", "laninline": "0", "lanvalidator": "0"},
)
SIGNATURE = Dynamic(
    "pgx.routine", "oid", {"oid": "UINTEGER", "arguments": "VARCHAR", "identity_arguments": "VARCHAR", "result": "VARCHAR"}
)
ARGUMENT_DEFAULT = Dynamic("pgx.argument_default", "oid", {"oid": "UINTEGER", "place": "INTEGER", "text": "VARCHAR"})
REWRITE = _catalog(
    "pg_rewrite",
    "oid",
    "oid ev_class ev_action",
    {"rulename": "'_RETURN'", "ev_type": "'1'", "ev_enabled": "'O'", "is_instead": YES, "ev_qual": "'<>'"},
)
SEQUENCE = _catalog(
    "pg_sequence",
    "seqrelid",
    "seqrelid seqtypid seqstart seqincrement seqmin seqmax seqcache seqcycle",
    {},
)
DESCRIPTION = _catalog("pg_description", "objoid", "objoid classoid objsubid description", {})
SHARED_DESCRIPTION = _catalog("pg_shdescription", "objoid", "objoid classoid description", {})
DEPEND = _catalog("pg_depend", "objid", "classid objid objsubid refclassid refobjid refobjsubid deptype", {})
# Sequences and their columns. plain, qualified: the column's default, nextval('...'), as sessions see it.
OWNED_SEQUENCE = Dynamic(
    "pgx.owned_sequence",
    "relation",
    {"relation": "UINTEGER", "attribute": "SMALLINT", "sequence": "UINTEGER", "schema": "VARCHAR", "name": "VARCHAR"},
    {
        "plain": "concat('nextval(', chr(39), pgx.quoted(name), chr(39), '::regclass)')",
        "qualified": "concat('nextval(', chr(39), pgx.quoted(schema), '.', pgx.quoted(name), chr(39), '::regclass)')",
    },
)
UPDATABLE_VIEW = Dynamic("pgx.updatable_view", "oid", {"oid": "UINTEGER"})
DEFINITION = Dynamic("pgx.definition", "objid", {"classid": "UINTEGER", "objid": "UINTEGER", "text": "VARCHAR"})

SHARED = (NAMESPACE, AUTHID, AUTH_MEMBERS, TOLD_ROLE, DATABASE)  # few rows, made anew each time
OF_RELATIONS = (
    CLASS,
    TYPE,
    ATTRIBUTE,
    SYSTEM_COLUMNS,
    SEQUENCE_COLUMNS,
    OWNED_SEQUENCE,
    ATTRDEF,
    INDEX,
    CONSTRAINT,
    TRIGGER,
    REWRITE,
    SEQUENCE,
    DESCRIPTION,
    DEPEND,
    DEFINITION,
    UPDATABLE_VIEW,
)
