"""Setting table: PostgreSQL's parameters (GUCs) as pgiris has them, one row each.

guc.py says what PostgreSQL has, this table what pgiris makes of it: HONOURED changes what pgiris does, ONLY is refused beyond
the values whose meaning pgiris keeps, settings of the contexts internal, postmaster and sighup are fixed, and everything else
is remembered and shown without having a meaning here (planner costs, logging, WAL ...).
PostgreSQL: runtime-config, view-pg-settings
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pgiris.session.guc import GUCS, Guc
from pgiris.session.kinds import (
    AsciiName,
    Bool,
    ClientEncoding,
    DateStyle,
    Enum,
    FileMode,
    Int,
    Kind,
    Locale,
    NameList,
    Real,
    Secret,
    String,
    TimeZone,
)

# The version that clients are told. Drivers read the digits at its start; the catalog's data must fit it.
SERVER_VERSION = "16.4"
SERVER_VERSION_NUM = 160004


@dataclass(frozen=True, eq=False)
class Setting:
    """One row of the table. default: in the form that SET takes."""

    name: str
    kind: Kind
    default: str = ""
    context: str = "user"  # who may set it when; PostgreSQL: view-pg-settings, column context
    category: str = "Customized Options"
    description: str = ""
    extra: str = ""
    report: bool = False  # sent as ParameterStatus
    hidden: bool = False  # not in SHOW ALL
    resets_not: bool = False  # RESET ALL leaves it
    falls_back_to: str = ""  # lower-case name of the setting whose value it has when it has none itself
    only: tuple[str, ...] = ()  # the values that have the meaning pgiris gives them; others are refused
    why: str = ""  # and the reason
    honoured: bool = False  # changes what pgiris does; otherwise it is remembered and shown

    @property
    def key(self) -> str:
        return self.name.lower()


_PRESETS = "Preset Options"
_ISOLATION = Enum(("serializable", "repeatable read", "read committed", "read uncommitted"))
_SWITCH = {"true": "on", "false": "off", "yes": "on", "no": "off", "1": "on", "0": "off"}

# Kinds that pg_settings does not tell.
KINDS: Mapping[str, Kind] = {
    "application_name": AsciiName(),
    "client_encoding": ClientEncoding(),
    "cluster_name": AsciiName(),
    "data_directory_mode": FileMode(0, 0o777),
    "datestyle": DateStyle(),
    "default_transaction_isolation": _ISOLATION,
    "lc_messages": Locale(),
    "lc_monetary": Locale(),
    "lc_numeric": Locale(),
    "lc_time": Locale(),
    "log_file_mode": FileMode(0, 0o777),
    "search_path": NameList(),
    "server_version_num": Int(SERVER_VERSION_NUM, SERVER_VERSION_NUM),
    "timezone": TimeZone(),
    "transaction_isolation": _ISOLATION,
    "unix_socket_permissions": FileMode(0, 0o777),
}

# Spellings that pg_settings does not list. PostgreSQL: the config_enum_entry tables in src/backend/utils/misc/guc_tables.c
_HIDDEN_SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "backslash_quote": _SWITCH,
    "client_min_messages": {"debug": "debug2", "info": "info"},
    "compute_query_id": _SWITCH,
    "constraint_exclusion": _SWITCH,
    "debug_parallel_query": _SWITCH,
    "huge_pages": _SWITCH,
    "log_error_verbosity": {},
    "log_min_error_statement": {"debug": "debug2"},
    "log_min_messages": {"debug": "debug2"},
    "synchronous_commit": _SWITCH,
    "wal_compression": {"true": "pglz", "yes": "pglz", "1": "pglz", "on": "pglz", "false": "off", "no": "off", "0": "off"},
}

DEFAULTS: Mapping[str, str] = {
    "client_encoding": "UTF8",
    "default_text_search_config": "pg_catalog.english",
    "lc_messages": "C",
    "max_prepared_transactions": "0",
    "server_encoding": "UTF8",
    "server_version": SERVER_VERSION,
    "server_version_num": str(SERVER_VERSION_NUM),
    "timezone": "UTC",
    "timezone_abbreviations": "Default",
}

# Sent as ParameterStatus, with is_superuser and session_authorization. PostgreSQL: protocol-flow#PROTOCOL-ASYNC
REPORTED = (
    "application_name",
    "client_encoding",
    "DateStyle",
    "default_transaction_read_only",
    "in_hot_standby",
    "integer_datetimes",
    "IntervalStyle",
    "scram_iterations",
    "server_encoding",
    "server_version",
    "standard_conforming_strings",
    "TimeZone",
)

# Settings that change what pgiris does. The rest of those a client may set is remembered, shown and has no meaning here.
HONOURED = frozenset(
    {
        "application_name",
        "bytea_output",
        "client_encoding",
        "client_min_messages",
        "datestyle",
        "default_transaction_deferrable",
        "default_transaction_isolation",
        "default_transaction_read_only",
        "extra_float_digits",
        "idle_in_transaction_session_timeout",
        "idle_session_timeout",
        "intervalstyle",
        "lock_timeout",
        "search_path",
        "statement_timeout",
        "timezone",
        "transaction_deferrable",
        "transaction_isolation",
        "transaction_read_only",
        "transaction_timeout",
    }
)

# Settings whose other values would change the meaning of statements in ways that pgiris or IRIS does not follow: 0A000.
ONLY: Mapping[str, tuple[tuple[str, ...], str]] = {
    "array_nulls": (("on",), "NULL in array literals is always NULL"),
    "default_table_access_method": (("heap",), "IRIS stores tables in its own way"),
    "default_tablespace": (("", "pg_default"), "IRIS has no tablespaces"),
    "lo_compat_privileges": (("off",), "pgiris has no large objects"),
    "quote_all_identifiers": (("off",), "identifiers are quoted where they need to be"),
    "session_replication_role": (("origin", "local"), "IRIS cannot switch triggers and foreign keys off for a session"),
    "standard_conforming_strings": (("on",), "backslashes in ordinary string literals are ordinary characters"),
    "temp_tablespaces": (("", "pg_default"), "IRIS has no tablespaces"),
    "transform_null_equals": (("off",), "= NULL is never IS NULL"),
    "xmlbinary": (("base64",), "pgiris has no type xml"),
    "xmloption": (("content",), "pgiris has no type xml"),
}

# What pg_settings does not show, and pgiris's own.
MORE_SETTINGS = (
    Setting(
        "is_superuser",
        Bool(),
        "off",
        "internal",
        _PRESETS,
        "Shows whether the current user is a superuser.",
        report=True,
        hidden=True,
    ),
    Setting("role", String(), "none", hidden=True, resets_not=True, honoured=True, description="Sets the current role."),
    Setting(
        "session_authorization",
        String(),
        report=True,
        hidden=True,
        resets_not=True,
        honoured=True,
        description="Sets the session user name.",
    ),
    Setting(
        "seed", Secret(-1.0, 1.0), "0", hidden=True, resets_not=True, description="Sets the seed for random-number generation."
    ),
    Setting(
        "default_with_oids",
        Bool(),
        "off",
        hidden=True,
        only=("off",),
        why="tables have no OIDs",
        description="Tables have no OIDs.",
    ),
    Setting(
        "ssl_renegotiation_limit", Int(0, 0, "kB"), "0", hidden=True, description="SSL renegotiation is no longer supported."
    ),
    Setting(
        "pgiris.isolation_fallback",
        Bool(),
        "off",
        honoured=True,
        description="Lets REPEATABLE READ and SERIALIZABLE run as READ COMMITTED, which is the best that IRIS has.",
    ),
    Setting(
        "pgiris.null_ordering",
        Enum(("postgres", "iris")),
        "postgres",
        honoured=True,
        description="Sets where ORDER BY puts NULL when the statement does not say it.",
    ),
    Setting(
        "pgiris.string_collation",
        Enum(("EXACT", "SQLSTRING")),
        "EXACT",
        honoured=True,
        description="Sets the collation of the string columns of new tables.",
    ),
    Setting(
        "pgiris.string_ordering",
        Enum(("postgres", "iris")),
        "postgres",
        honoured=True,
        description="Sets how strings that look like numbers are ordered: as PostgreSQL does, or by value, as indexes are.",
    ),
    Setting(
        "pgiris.unsupported_indexes",
        Enum(("notice", "refuse")),
        "notice",
        honoured=True,
        description="Sets whether indexes that IRIS cannot have are left out with a notice or refused.",
    ),
)

FALLS_BACK = {f"transaction_{what}": f"default_transaction_{what}" for what in ("isolation", "read_only", "deferrable")}
OLD_NAMES = {"force_parallel_mode": "debug_parallel_query", "sort_mem": "work_mem", "vacuum_mem": "maintenance_work_mem"}


def _kind(row: Guc) -> Kind:
    key = row.name.lower()
    if key in KINDS:
        return KINDS[key]
    if row.kind == "bool":
        return Bool()
    if row.kind == "integer":
        return Int(int(row.minimum), int(row.maximum), row.unit)
    if row.kind == "real":
        return Real(float(row.minimum), float(row.maximum), row.unit)
    if row.kind == "enum":
        return Enum(row.values, _HIDDEN_SPELLINGS.get(key, {}))
    return String()


def _setting(row: Guc) -> Setting:
    key = row.name.lower()
    only, why = ONLY.get(key, ((), ""))
    return Setting(
        row.name,
        _kind(row),
        DEFAULTS.get(key, row.default),
        row.context,
        row.category,
        row.description,
        row.extra,
        report=row.name in REPORTED,
        resets_not=row.resets_not,
        falls_back_to=FALLS_BACK.get(key, ""),
        only=only,
        why=why,
        honoured=key in HONOURED,
    )


TABLE: Mapping[str, Setting] = MappingProxyType(
    {s.key: s for s in sorted([*map(_setting, GUCS), *MORE_SETTINGS], key=lambda s: s.key)}
)
REPORTED_KEYS = tuple(setting.key for setting in TABLE.values() if setting.report)
