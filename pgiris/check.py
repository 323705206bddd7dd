"""Check: what ``pgiris check`` looks at before a server is run, one Finding each.

In: the sources of a configuration. Out: findings, with a mend for what is wrong. Nothing is changed, but that the backend
creates its data where there are none yet.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from importlib.util import find_spec

from pgiris.auth import verifiers
from pgiris.auth.rules import Method
from pgiris.backend.worker.spawn import load_backend
from pgiris.config.options import OPTIONS, Config
from pgiris.config.sources import FILE_VARIABLE, ConfigError, Sources
from pgiris.errors import PgError
from pgiris.server import tls
from pgiris.session.settings import Defaults
from pgiris.types import native

_USER = "_SYSTEM"  # whom workers log in as
_SOON = timedelta(days=30)
_OTHER_VARIABLES = {FILE_VARIABLE, native.VARIABLE}  # of pgiris, yet no options


class Verdict(Enum):
    FINE = "ok"
    DOUBTFUL = "warning"  # works, but may not be meant
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    verdict: Verdict
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.verdict.value:<8} {self.about:<14} {self.text}"


def run(sources: Sources) -> Iterator[Finding]:
    """Every check, in order. Those that need a configuration are left out when there is none."""
    yield from _sqlglotc()
    try:
        config = sources.load()
    except ConfigError as error:
        for problem in error.problems:
            yield Finding(Verdict.WRONG, "configuration", str(problem))
        return
    yield Finding(Verdict.FINE, "configuration", f"read from {sources.path() or 'defaults, environment and flags'}")
    for look in _CHECKS:
        yield from look(config)


def _sqlglotc() -> Iterator[Finding]:
    if find_spec("sqlglotc") is not None:
        text = "sqlglotc is installed; its compiled parsers refuse the dialect of IRIS; run: pip uninstall sqlglotc"
        yield Finding(Verdict.WRONG, "sqlglot", text)


def _encoder(config: Config) -> Iterator[Finding]:
    if problem := native.problem():
        yield Finding(Verdict.WRONG, "encoder", f"{problem}; unset {native.VARIABLE}, or install pgiris-native (make does)")
    else:
        yield Finding(Verdict.FINE, "encoder", native.description())


def _environment(config: Config) -> Iterator[Finding]:
    known = _OTHER_VARIABLES | {option.variable for option in OPTIONS}
    for variable in sorted(set(config.source.environment if config.source else ()) - known):
        if variable.startswith("PGIRIS_") and not variable.startswith("PGIRIS_TEST_"):
            yield Finding(Verdict.DOUBTFUL, "environment", f"{variable} is no option and has no effect; unset it")


def _listening(config: Config) -> Iterator[Finding]:
    directory = config.unix_socket_dir
    if directory is not None and not (directory.is_dir() and os.access(directory, os.W_OK | os.X_OK)):
        yield Finding(Verdict.WRONG, "listening", f"{directory} is no directory that this user can write to; create it")
    for host in config.host:
        yield from _bindable(host, config.port)


def _bindable(host: str, port: int) -> Iterator[Finding]:
    try:
        found = socket.getaddrinfo(None if host == "*" else host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        yield Finding(Verdict.WRONG, "listening", f"host {host} has no address: {error.strerror or error}; choose another")
        return
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            text = f"{host}, port {port}: {os.strerror(error.errno or 0)}; stop the other server, or set port"
            yield Finding(Verdict.DOUBTFUL, "listening", text)
        else:
            yield Finding(Verdict.FINE, "listening", f"{host}, port {port} is free")


def _tls(config: Config) -> Iterator[Finding]:
    files = tls.files_of(config)
    if files is None:
        yield Finding(Verdict.FINE, "tls", "off; set tls_cert and tls_key to turn it on")
        return
    try:
        context = tls.load(files)
    except tls.TlsError as error:
        yield Finding(Verdict.WRONG, "tls", str(error))
        return
    now = datetime.now(UTC)
    until = f"{context.not_after:%Y-%m-%d %H:%M} UTC"
    if now > context.not_after:
        yield Finding(Verdict.WRONG, "tls", f"certificate {files.certificate} expired at {until}; get a new one")
    elif now < context.not_before:
        text = f"certificate {files.certificate} is valid only from {context.not_before:%Y-%m-%d %H:%M} UTC; check the clock"
        yield Finding(Verdict.WRONG, "tls", text)
    elif context.not_after - now < _SOON:
        yield Finding(Verdict.DOUBTFUL, "tls", f"certificate {files.certificate} expires at {until}; renew it")
    else:
        yield Finding(Verdict.FINE, "tls", f"certificate {files.certificate}, valid until {until}")


def _users(config: Config) -> Iterator[Finding]:
    needed = any(rule.method is Method.SCRAM_SHA_256 for rule in config.auth)
    path = config.users_file
    try:
        users = verifiers.read(path).verifiers
    except FileNotFoundError:
        users = {}
    except verifiers.VerifiersError as error:
        yield Finding(Verdict.WRONG, "users", str(error))
        return
    other = sorted(name for name, verifier in users.items() if verifier.iterations != config.scram_iterations)
    if not users and needed:
        text = f"rules ask for scram-sha-256, but {path} has no users; run: pgiris user add NAME"
        yield Finding(Verdict.DOUBTFUL, "users", text)
    elif other:
        text = f"{', '.join(other)} can be told from unknown users by another scram_iterations; run: pgiris user add NAME"
        yield Finding(Verdict.DOUBTFUL, "users", text)
    else:
        yield Finding(Verdict.FINE, "users", f"{len(users)} in {path}")


def _rules(config: Config) -> Iterator[Finding]:
    if config.allow_trust_from_anywhere and any(rule.method is Method.TRUST for rule in config.auth):
        text = "allow_trust_from_anywhere is on: clients that a rule trusts are who they say they are; turn it off"
        yield Finding(Verdict.DOUBTFUL, "auth", text)
    yield Finding(Verdict.FINE, "auth", "; ".join(map(str, config.auth)))


def _settings(config: Config) -> Iterator[Finding]:
    try:
        Defaults(config.settings)
    except PgError as error:
        yield Finding(Verdict.WRONG, "settings", _with_hint(error))
    else:
        yield Finding(Verdict.FINE, "settings", f"{len(config.settings)} with a default of their own")


def _backend(config: Config) -> Iterator[Finding]:
    untried = _why_untried(config)
    if untried:
        yield Finding(Verdict.DOUBTFUL, "backend", f"backend {config.backend}: {untried}")
        return
    for namespace in sorted({config.namespace("postgres"), *config.databases.values()}):
        about = f"backend {config.backend}, namespace {namespace}"
        try:
            _run_statement(config, namespace)
        except PgError as error:
            yield Finding(Verdict.WRONG, "backend", f"{about}: {_with_hint(error)}")
        except OSError as error:
            yield Finding(Verdict.WRONG, "backend", f"{about}: {error}; see that this user may write there")
        else:
            yield Finding(Verdict.FINE, "backend", f"{about} runs statements")


def _why_untried(config: Config) -> str:
    if config.backend == "embedded":
        return f"only workers of {config.iris_python} have IRIS in them; try it with a client"
    if config.backend == "dbapi" and config.iris_password_file is None:
        return "users log in themselves, so there is nobody to try it as; try it with a client"
    return ""


def _run_statement(config: Config, namespace: str) -> None:
    session = load_backend(config.backend, config.backend_options()).connect(namespace.upper(), _USER, None)
    try:
        rows = session.execute("SELECT 1", ())
        rows.fetch(2)
        rows.close()
    finally:
        session.close()


def _with_hint(error: PgError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message


_CHECKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    _encoder,
    _environment,
    _listening,
    _tls,
    _users,
    _rules,
    _settings,
    _backend,
)
