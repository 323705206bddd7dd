"""The table of options, and Config made of it.

Each field of Config is one row of the table: its name is the key in the file, ``--its-name`` the flag and ``PGIRIS_ITS_NAME``
the variable. docs/configuration.md is written from it by tools/renew_docs.py.
"""

# ruff: noqa: RUF009 - Config's fields are the table of options, made by a function that returns dataclasses.field().

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pgiris.auth.rules import DEFAULT_RULES, Rule
from pgiris.config.kinds import (
    BOOLEAN,
    HOST,
    HOSTS,
    PATH,
    RULES,
    SERVERS,
    TEXT,
    VERSION,
    Kind,
    choice,
    integer,
    pairs,
    seconds,
    size,
)

if TYPE_CHECKING:
    from pgiris.config.sources import Sources


@dataclass(frozen=True)
class Option:
    """One row. section: its table in the file, except for kinds that have one of their own."""

    name: str
    kind: Kind[Any]
    default: Any
    help: str
    section: str
    default_text: str
    on_reload: bool

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        return "PGIRIS_" + self.name.upper()


def _option(
    section: str, kind: Kind[Any], default: Any, help_: str, *, default_text: str | None = None, on_reload: bool = False
) -> Any:
    """A field of Config. on_reload: a SIGHUP brings its new value into effect."""
    row = {"kind": kind, "help": help_, "section": section, "default_text": default_text, "on_reload": on_reload}
    if callable(default):
        return field(default_factory=default, metadata=row)
    return field(default=default, metadata=row)


def state_directory() -> Path:
    """XDG Base Directory Specification: state that is neither configuration nor cache."""
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".local" / "state") / "pgiris"


SECTIONS: Mapping[str, str] = {
    "server": "Where clients connect, and limits",
    "tls": "TLS",
    "access": "Who may connect",
    "backend": "What statements run on",
    "iris": "IRIS",
    "pool": "Workers, each one session of the backend, and how clients share them",
    "sql": "Translation",
    "session": "Settings that sessions begin with",
    "log": "Log",
    "metrics": "Metrics and health",
}

_MAX_MESSAGE = 2**30  # PostgreSQL: PQ_LARGE_MESSAGE_LIMIT, one byte less


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that can be configured. Times in seconds, sizes in bytes."""

    host: tuple[str, ...] = _option(
        "server", HOSTS, ("127.0.0.1",), "Addresses to listen on; `*` for all, an empty list for none but the Unix socket."
    )
    port: int = _option("server", integer(0, 65535), 5432, "Port to listen on; 0 lets the system choose one.")
    unix_socket_dir: Path | None = _option(
        "server", PATH, None, "Directory of the Unix socket `.s.PGSQL.<port>`; none when not set."
    )
    fronts: int = _option("server", integer(1, 256), 1, "Front processes that share the port; one keeps about one core busy.")
    max_connections: int = _option(
        "server", integer(0), 1000, "Connections at a time, per front; 0 for no limit.", on_reload=True
    )
    max_connections_per_user: int = _option(
        "server", integer(0), 0, "Connections of one user at a time, per front; 0 for no limit.", on_reload=True
    )
    max_connections_per_address: int = _option(
        "server", integer(0), 0, "Connections from one address at a time, per front; 0 for no limit.", on_reload=True
    )
    startup_deadline_s: float = _option(
        "server", seconds(0.1), 60.0, "Time for TLS, start-up packet and authentication together.", on_reload=True
    )
    shutdown_deadline_s: float = _option("server", seconds(), 30.0, "Time that running statements have to end at shutdown.")
    max_message_bytes: int = _option(
        "server", size(64 * 2**10, _MAX_MESSAGE), 256 * 2**20, "Size of the longest message that a client may send."
    )
    tcp_keepalives_idle_s: int = _option(
        "server", integer(0, 32767, "seconds"), 0, "Idle time before the first keepalive; 0 for the system's default."
    )
    tcp_keepalives_interval_s: int = _option(
        "server", integer(0, 32767, "seconds"), 0, "Time between unanswered keepalives; 0 for the system's default."
    )
    tcp_keepalives_count: int = _option(
        "server", integer(0, 127), 0, "Unanswered keepalives until a client counts as gone; 0 for the system's default."
    )

    tls_cert: Path | None = _option(
        "tls", PATH, None, "Certificate of the server and its chain, PEM. TLS is off when not set.", on_reload=True
    )
    tls_key: Path | None = _option(
        "tls", PATH, None, "Private key of the certificate, PEM, without passphrase, mode 0600.", on_reload=True
    )
    tls_client_ca: Path | None = _option(
        "tls", PATH, None, "Authorities that client certificates are checked with, PEM.", on_reload=True
    )
    tls_min_version: str = _option("tls", choice("1.2", "1.3"), "1.2", "Lowest version of TLS.", on_reload=True)

    auth: tuple[Rule, ...] = _option(
        "access", RULES, DEFAULT_RULES, "Rules in the order in which they are tried; see below.", on_reload=True
    )
    users_file: Path = _option(
        "access",
        PATH,
        lambda: state_directory() / "users",
        "Users and their SCRAM verifiers, written by `pgiris user`. Read again whenever it changes.",
        default_text="`$XDG_STATE_HOME/pgiris/users`",
    )
    scram_iterations: int = _option(
        "access", integer(4096, 10_000_000), 4096, "Iterations of new SCRAM verifiers, and of those that unknown users are shown."
    )
    allow_trust_from_anywhere: bool = _option(
        "access",
        BOOLEAN,
        False,
        "DANGER: accept rules of method `trust` that reach beyond loopback, so that anybody may be any user.",
    )

    backend: str = _option(
        "backend",
        choice("sandbox", "dbapi", "embedded"),
        "sandbox",
        "What runs the statements. `sandbox`: IRIS SQL on SQLite; `dbapi`: IRIS over the network; `embedded`: IRIS on this host, "
        "by processes of its own.",
    )
    sandbox_path: Path = _option(
        "backend",
        PATH,
        lambda: state_directory() / "sandbox",
        "Directory of the sandbox's data.",
        default_text="`$XDG_STATE_HOME/pgiris/sandbox`",
    )
    sample: bool = _option(
        "backend", BOOLEAN, False, "Fill a sandbox that does not exist yet with sample tables: customers, orders, vectors."
    )
    databases: Mapping[str, str] = _option(
        "backend",
        pairs("names of databases, each with its IRIS namespace"),
        lambda: MappingProxyType({"postgres": "USER"}),
        "Names of databases that clients use, each with its IRIS namespace. Any other name is taken as a namespace itself.",
        default_text="`postgres=USER`",
    )
    iris_version: tuple[int, int] = _option("backend", VERSION, (2026, 1), "Version of IRIS that statements are translated for.")

    iris_servers: tuple[str, ...] = _option(
        "iris",
        SERVERS,
        ("localhost:1972",),
        "Superservers of IRIS; with several, such as the members of a mirror, the first one that answers is used.",
    )
    iris_user: str = _option(
        "iris", TEXT, "_SYSTEM", "IRIS user that clients work as, except those who log in by method `password`."
    )
    iris_password_file: Path | None = _option(
        "iris", PATH, None, "File with the password of that user, mode 0600. Read for every connection, so that it may change."
    )
    iris_tls_config: str = _option(
        "iris", TEXT, "", "Name of the TLS configuration for the connection to IRIS.", default_text="no TLS"
    )
    iris_tls_file: Path | None = _option(
        "iris", PATH, None, "File of TLS configurations, as the variable `ISC_SSLconfigurations` names it for IRIS's drivers."
    )
    iris_connect_timeout_s: float = _option("iris", seconds(1), 10.0, "Time that one attempt to connect to IRIS may take.")
    iris_reconnect_s: float = _option(
        "iris", seconds(), 20.0, "Time that an IRIS that does not answer is tried again, with growing pauses."
    )
    iris_login_cache_s: float = _option(
        "iris",
        seconds(),
        60.0,
        "Time that a password which IRIS has accepted lets its user in again without a connection of its own.",
    )
    iris_python: str = _option("iris", TEXT, "irispython", "Backend `embedded`: the command that runs Python inside IRIS.")
    iris_worker_start: str = _option(
        "iris",
        choice("process", "job"),
        "process",
        "Backend `embedded`: workers are processes of `iris_python`, or jobs that IRIS starts by class `PGIRIS.Server`.",
    )

    pool_mode: str = _option(
        "pool",
        choice("transaction", "session"),
        "transaction",
        "When a client gives its worker back: at the end of each transaction, or when it disconnects.",
    )
    pool_size: int = _option("pool", integer(1, 10_000), 8, "Workers per database, per front.")
    max_workers: int = _option(
        "pool", integer(0, 10_000), 0, "Workers of all databases and users together, per front; 0 for no limit."
    )
    pool_wait_s: float = _option("pool", seconds(), 30.0, "Time that a client waits for a worker before error 53300.")
    worker_idle_s: float = _option(
        "pool",
        seconds(),
        600.0,
        "Time after which a worker that nobody needs is ended, and with it its connection to IRIS; 0 for never.",
    )
    worker_grace_s: float = _option(
        "pool", seconds(), 5.0, "Time that a cancelled statement has to stop before its worker is killed."
    )
    lend_clients: bool = _option(
        "pool",
        BOOLEAN,
        True,
        "Whether a client that asks for short reads, changes and transactions alone, without TLS, is served by a worker.",
    )
    block_bytes: int = _option("pool", size(4096, 16 * 2**20), 65536, "Size of the blocks of rows that workers send.")
    credit_blocks: int = _option("pool", integer(1, 1024), 8, "Blocks that a worker may send ahead of a slow client.")

    null_ordering: str = _option(
        "sql",
        choice("postgres", "iris"),
        "postgres",
        "Where NULLs sort when ORDER BY does not say: as in PostgreSQL or as in IRIS.",
    )
    string_collation: str = _option(
        "sql", choice("EXACT", "SQLSTRING", "SQLUPPER"), "EXACT", "IRIS collation of string columns in new tables."
    )

    schema_names: Mapping[str, str] = _option(
        "sql",
        pairs("IRIS's schemas and what clients call them"),
        lambda: MappingProxyType({"SQLUser": "public"}),
        "What clients call IRIS's schemas. One should be `public`, where clients look for tables without a schema.",
        default_text="SQLUser=public",
    )

    settings: Mapping[str, str] = _option(
        "session",
        pairs("settings and their values"),
        lambda: MappingProxyType({}),
        "Settings that sessions begin with, in place of their defaults: `statement_timeout`, `TimeZone` ...",
        default_text="none",
        on_reload=True,
    )

    log_level: str = _option(
        "log", choice("debug", "info", "warning", "error"), "info", "Least level that is written.", on_reload=True
    )
    log_format: str = _option("log", choice("text", "json"), "text", "Lines for people or for machines, on standard error.")
    log_statements: bool = _option(
        "log",
        BOOLEAN,
        False,
        "Write the text of statements, which may hold secrets. Parameters are never written.",
        on_reload=True,
    )

    metrics_host: str = _option("metrics", HOST, "127.0.0.1", "Address of /metrics, /livez and /readyz.")
    metrics_port: int = _option(
        "metrics",
        integer(0, 65535),
        0,
        "Port of /metrics, /livez and /readyz; 0 for none. Further fronts take the next ports.",
    )

    source: Sources | None = field(default=None, compare=False, repr=False)  # where it came from

    def namespace(self, database: str) -> str:
        """The IRIS namespace behind the name of a database."""
        return self.databases.get(database, database)

    def backend_options(self) -> dict[str, str]:
        """What the backend of that name is made with."""
        if self.backend == "sandbox":
            return {"path": str(self.sandbox_path)}
        return {
            "servers": ",".join(self.iris_servers),
            "user": self.iris_user,
            "password_file": str(self.iris_password_file or ""),
            "tls_config": self.iris_tls_config,
            "tls_file": str(self.iris_tls_file or ""),
            "connect_timeout_s": str(self.iris_connect_timeout_s),
            "reconnect_s": str(self.iris_reconnect_s),
        }

    def needs_restart(self, new: Config) -> list[str]:
        """Names of the options that differ in new and that a reload does not bring into effect."""
        return [o.name for o in OPTIONS if not o.on_reload and getattr(self, o.name) != getattr(new, o.name)]


def _rows() -> Iterator[Option]:
    for row in dataclasses.fields(Config):
        if "kind" not in row.metadata:
            continue
        meta = dict(row.metadata)
        factory = row.default_factory
        default = factory() if callable(factory) else row.default
        text = meta.pop("default_text")
        if text is None:
            text = "not set" if default is None else f"`{meta['kind'].show(default)}`"
        yield Option(row.name, default=default, default_text=text, **meta)


OPTIONS: tuple[Option, ...] = tuple(_rows())
_BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
