"""Configuration: the table of options, and Config made of defaults < file < environment < flags.

In: a TOML file, PGIRIS_* variables, flags of ``pgiris serve``. Out: a frozen Config, or a ConfigError with every problem found.
Each field of Config is one row of the table: its name is the key in the file, ``--its-name`` the flag and ``PGIRIS_ITS_NAME``
the variable. docs/configuration.md is written from it by tools/renew_docs.py.
"""

# ruff: noqa: RUF009 - Config's fields are the table of options, made by a function that returns dataclasses.field().

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pgiris.auth.rules import DEFAULT_RULES, Method, Rule, parse_line, parse_rule, validate

T = TypeVar("T")
N = TypeVar("N", int, float)

DEFAULT_FILE = Path("pgiris.toml")
FILE_VARIABLE = "PGIRIS_CONFIG"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. where: file and key, variable or flag. text: what is wrong and what would be right."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


class ConfigError(Exception):
    """The configuration cannot be used. problems: everything that was found, in order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


# ---------------------------------------------------------------------------------------------- kinds of values


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What an option takes. Both readers raise ValueError that says what would be right.

    separator: between the parts of a value that has several; its flag may be repeated. table: its own table in the file.
    """

    right: str  # "an integer from 0 to 65535"
    from_text: Callable[[str], T]
    from_toml: Callable[[Any], T]
    separator: str = ""
    table: bool = False
    show: Callable[[Any], str] = str  # a default, for the documentation


_INT_MAX = 2**31 - 1


def integer(low: int, high: int = _INT_MAX, unit: str = "") -> Kind[int]:
    return _number(f"an integer{unit and ' of ' + unit} {_range(low, high)}", low, high, int, (int,))


def seconds(low: float = 0) -> Kind[float]:
    """Up to a day."""
    return _number(f"a number of seconds {_range(low, 86400)}", low, 86400, float, (int, float))


def _range(low: float, high: float) -> str:
    return f"not below {low}" if high == _INT_MAX else f"from {low} to {high}"


def _number(right: str, low: float, high: float, make: Callable[[Any], N], types: tuple[type, ...]) -> Kind[N]:
    def from_toml(value: Any) -> N:
        if type(value) not in types or not low <= value <= high:
            raise ValueError(f"{_quoted(value)} is not {right}")
        return make(value)

    def from_text(text: str) -> N:
        try:
            return from_toml(make(text))
        except ValueError:
            raise ValueError(f'"{text}" is not {right}') from None

    return Kind(right, from_text, from_toml, show=lambda value: f"{value:g}" if make is float else str(value))


_SIZE = re.compile(r"(\d+)\s*(B|kB|MB|GB)?")
_SIZE_UNITS = {"B": 1, "kB": 2**10, "MB": 2**20, "GB": 2**30}


def size(low: int, high: int) -> Kind[int]:
    """Bytes, as a number or in PostgreSQL's units: ``64kB``. PostgreSQL: config-setting#CONFIG-SETTING-NAMES-VALUES"""
    right = f"a size from {show_size(low)} to {show_size(high)}, in bytes or with a unit of B, kB, MB, GB"

    def read(value: Any) -> int:
        match = _SIZE.fullmatch(str(value).strip())
        number = int(match[1]) * _SIZE_UNITS[match[2] or "B"] if match else -1
        if not low <= number <= high:
            raise ValueError(f'"{value}" is not {right}')
        return number

    return Kind(right, read, read, show=show_size)


def show_size(value: int) -> str:
    for unit, factor in reversed(_SIZE_UNITS.items()):
        if value and value % factor == 0:
            return f"{value // factor}{unit}"
    return str(value)


def choice(*words: str) -> Kind[str]:
    right = f"one of {', '.join(words)}" if len(words) > 1 else words[0]

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"{_quoted(value)} is not {right}{_meant(str(value), words)}")
        return str(value)

    return Kind(right, read, read)


_TRUTH = {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}


def _boolean_text(text: str) -> bool:
    if text.lower() not in _TRUTH:
        raise ValueError(f'"{text}" is not true or false')
    return _TRUTH[text.lower()]


def _typed(type_: type[T], right: str) -> Callable[[Any], T]:
    def check(value: Any) -> T:
        if not isinstance(value, type_):
            raise ValueError(f"{_quoted(value)} is not {right}")
        return value

    return check


BOOLEAN = Kind("true or false", _boolean_text, _typed(bool, "true or false"), show=lambda value: str(value).lower())


def _path(value: Any) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"{_quoted(value)} is not a path")
    return Path(value).expanduser()


PATH = Kind("a path", _path, _path)


_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")


def _host(value: Any) -> str:
    if isinstance(value, str):
        if value == "*" or _HOST.fullmatch(value):
            return value
        try:
            return str(ip_address(value.strip("[]")))
        except ValueError:
            pass
    raise ValueError(f"{_quoted(value)} is not an address, a host name or *")


def _server(value: Any) -> str:
    host, colon, port = str(value).rpartition(":")
    if not isinstance(value, str) or not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{_quoted(value)} is not an address with a port, as in localhost:1972")
    return f"{_host(host)}:{port}" if ":" not in _host(host) else f"[{_host(host)}]:{port}"


def _servers(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list) or not value:
        raise ValueError(f"{_quoted(value)} is not a list of addresses")
    return tuple(map(_server, value))


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{_quoted(value)} is not a string")
    return value


def _hosts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise ValueError(f"{_quoted(value)} is not a list of addresses")
    return tuple(_host(part) for part in value)


HOST = Kind("an address or a host name", _host, _host)
HOSTS = Kind("addresses or host names, * for all", _hosts, _hosts, separator=",", show=lambda value: ", ".join(value))


SERVERS = Kind("addresses with ports", _servers, _servers, separator=",", show=lambda value: ", ".join(value))
TEXT = Kind("a string", _text, _text, show=lambda value: value or "none")


def _version(value: Any) -> tuple[int, int]:
    match = re.fullmatch(r"(20\d\d)\.(\d)", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{_quoted(value)} is not a version of IRIS as in "2026.1"')
    return int(match[1]), int(match[2])


VERSION = Kind("a version of IRIS as in 2026.1", _version, _version, show=lambda value: f"{value[0]}.{value[1]}")


def pairs(right: str) -> Kind[Mapping[str, str]]:
    """Names and values: a table in the file, ``name=value; name=value`` elsewhere."""

    def from_toml(value: Any) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise ValueError(f"{_quoted(value)} is not a table of {right}")
        for key, item in value.items():
            if isinstance(item, bool) or not isinstance(item, str | int | float):
                raise ValueError(f'the value of "{key}" is not a string or a number')
        return MappingProxyType({key: str(item) for key, item in value.items()})

    def from_text(text: str) -> Mapping[str, str]:
        found = {}
        for part in filter(None, (part.strip() for part in text.split(";"))):
            name, equals, value = part.partition("=")
            if not equals or not name.strip():
                raise ValueError(f'"{part}" is not {right}, as in name=value')
            found[name.strip()] = value.strip()
        return MappingProxyType(found)

    def show(value: Mapping[str, str]) -> str:
        return "; ".join(f"{key}={item}" for key, item in value.items()) or "none"

    return Kind(right, from_text, from_toml, separator=";", table=True, show=show)


def _rules_text(text: str) -> tuple[Rule, ...]:
    return tuple(parse_line(line) for line in re.split(r"[;\n]", text) if line.strip())


def _rules_toml(value: Any) -> tuple[Rule, ...]:
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise ValueError("rules are written as [[auth]] tables")
    rules = []
    for number, table in enumerate(value, 1):
        try:
            rules.append(parse_rule(table))
        except ValueError as error:
            raise ValueError(f"rule {number}: {error}") from None
    return tuple(rules)


RULES = Kind(
    "rules as in pg_hba.conf, separated by ;",
    _rules_text,
    _rules_toml,
    separator=";",
    table=True,
    show=lambda value: "; ".join(map(str, value)),
)


def _quoted(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _meant(word: str, words: Sequence[str]) -> str:
    close = get_close_matches(word, words, n=1) if word.isidentifier() else []
    return f'; did you mean "{close[0]}"?' if close else ""


# ---------------------------------------------------------------------------------------------- the table


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
        "Whether a client that asks for one short read after the other, without TLS, is answered by a worker directly.",
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

    source: Sources | None = field(default=None, compare=False, repr=False)  # where it came from, for reload()

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

    def reload(self) -> Config:
        """Read the file and everything else again. Raises ConfigError."""
        return (self.source or Sources()).load()

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


# ---------------------------------------------------------------------------------------------- sources


@dataclass(frozen=True)
class Sources:
    """Where a Config comes from. flags: option name -> texts as given. file: of --config."""

    flags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    file: Path | None = None

    def load(self) -> Config:
        """Raises ConfigError."""
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}
        for origin, name, read in (*self._from_file(problems), *self._from_environment(), *self._from_flags()):
            origins[name] = origin
            try:
                values[name] = read()
            except ValueError as error:
                problems.append(Problem(origin, str(error)))
                values.pop(name, None)
        config = Config(**values, source=self)
        problems += _conflicts(config, origins)
        if problems:
            raise ConfigError(problems)
        return config

    def path(self) -> Path | None:
        """The file that is read, if any."""
        named = self.file or (Path(self.environment[FILE_VARIABLE]) if self.environment.get(FILE_VARIABLE) else None)
        return named or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)

    def _from_file(self, problems: list[Problem]) -> Iterator[_Given]:
        path = self.path()
        if path is None:
            return
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            problems.append(Problem(str(path), f"cannot be read: {error.strerror}"))
            return
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), f"is not TOML: {error}"))
            return
        for key, table in document.items():
            own = _BY_NAME.get(key)
            if own is not None and own.kind.table:
                yield f"{path}: [{key}]", key, _later(own.kind.from_toml, table)
            elif key not in SECTIONS or not isinstance(table, dict):
                problems.append(Problem(f"{path}: {key}", _unknown_key(key)))
            else:
                yield from _from_section(path, key, table, problems)

    def _from_environment(self) -> Iterator[_Given]:
        for option in OPTIONS:
            if option.variable in self.environment:
                yield option.variable, option.name, _later(option.kind.from_text, self.environment[option.variable])

    def _from_flags(self) -> Iterator[_Given]:
        for name, texts in self.flags.items():
            option = _BY_NAME[name]
            yield option.flag, name, _later(option.kind.from_text, option.kind.separator.join(texts))


_Given = tuple[str, str, Callable[[], Any]]  # origin, name of the option, reader of the value


def _later(read: Callable[[Any], Any], value: Any) -> Callable[[], Any]:
    return lambda: read(value)


def _from_section(path: Path, section: str, table: Mapping[str, Any], problems: list[Problem]) -> Iterator[_Given]:
    for key, value in table.items():
        option = _BY_NAME.get(key)
        if option is None or option.section != section or option.kind.table:
            problems.append(Problem(f"{path}: [{section}] {key}", _unknown_key(key, section)))
        else:
            yield f"{path}: [{section}] {key}", key, _later(option.kind.from_toml, value)


def _unknown_key(key: str, section: str | None = None) -> str:
    option = _BY_NAME.get(key)
    if option is not None:
        place = f"[[{key}]]" if option.kind is RULES else f"[{key}]" if option.kind.table else f"[{option.section}]"
        return f"stands in the wrong place; it belongs {'into a table of its own,' if option.kind.table else 'into'} {place}"
    tables = [option.name for option in OPTIONS if option.kind.table]
    known = [*SECTIONS, *tables] if section is None else [o.name for o in OPTIONS if o.section == section and not o.kind.table]
    return "there is no such option" + (_meant(key, known) or _meant(key, list(_BY_NAME)) or f"; there are {', '.join(known)}")


def _all_delegated(rules: Sequence[Rule]) -> bool:
    return all(rule.method in (Method.PASSWORD, Method.REJECT) for rule in rules)


def _conflicts(config: Config, origins: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong between options that are each right."""

    def where(name: str) -> str:
        return origins.get(name, f"{name} (default)")

    for name, option in _BY_NAME.items():
        if option.kind.table and option.kind is not RULES:
            for key in getattr(config, name):
                if key in _BY_NAME:  # a TOML table goes on until the next one begins
                    yield Problem(where(name), f'"{key}" is an option; move it to [{_BY_NAME[key].section}]')
    if config.backend == "dbapi" and config.iris_password_file is None and not _all_delegated(config.auth):
        yield Problem(where("backend"), f"needs the password of IRIS user {config.iris_user}; set iris_password_file")
    if config.sample and config.backend != "sandbox":
        yield Problem(where("sample"), "fills a sandbox only; leave it out")
    if not config.host and config.unix_socket_dir is None:
        yield Problem(where("host"), "there is nothing to listen on; name an address, or set unix_socket_dir")
    if not config.host and config.port == 0:
        yield Problem(where("port"), "a Unix socket alone has no port that the system could choose; give a number")
    if config.tls_cert and not config.tls_key:
        yield Problem(where("tls_cert"), "a certificate needs its private key; set tls_key")
    for name in ("tls_key", "tls_client_ca"):
        if getattr(config, name) and not config.tls_cert:
            yield Problem(where(name), "has no effect without a certificate; set tls_cert")
    if not config.auth:
        yield Problem(where("auth"), "without rules nobody can connect; leave auth out for the default, or write a rule")
    for text in validate(
        config.auth,
        tls=config.tls_cert is not None,
        client_ca=config.tls_client_ca is not None,
        trust_from_anywhere=config.allow_trust_from_anywhere,
        backend_logins=config.backend != "sandbox",
    ):
        yield Problem(where("auth"), text)
