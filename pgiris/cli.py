"""Command line: arguments to function calls, errors to one line each. What commands do is elsewhere."""

from __future__ import annotations

import dataclasses
import errno
import getpass
import inspect
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Group, Parameter

from pgiris import check as checks
from pgiris.auth import verifiers
from pgiris.auth.scram import make_verifier
from pgiris.config.options import OPTIONS, SECTIONS, Config, Option
from pgiris.config.sources import ConfigError, Problem, Sources
from pgiris.errors import PgError
from pgiris.observe import log
from pgiris.server.tls import TlsError
from pgiris.types import native

app = App(
    name="pgiris",
    help="The PostgreSQL front door of InterSystems IRIS.",
    version=lambda: version("pgiris"),
    help_format="plaintext",
    result_action="return_value",
)
user = App(name="user", help="Users who log in by password (SCRAM verifiers in users_file).")
app.command(user)


class UserError(Exception):
    """What the user of the command line did wrong, for one line on standard error."""


def main() -> None:
    """Entry point of ``pgiris``."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Exit code: 0 well, 1 something is wrong. Arguments that make no sense end the process with 2."""
    try:
        return int(app(list(arguments)) or 0)
    except ConfigError as error:
        return _fail(map(str, error.problems))
    except (UserError, verifiers.VerifiersError, TlsError, PgError) as error:
        return _fail([str(error), *([f"hint: {error.hint}"] if isinstance(error, PgError) and error.hint else [])])
    except KeyboardInterrupt:
        return _fail(["interrupted"])


def _fail(lines: Any) -> int:
    for line in lines:
        print(f"pgiris: {line}", file=sys.stderr)
    return 1


# ---------------------------------------------------------------------------------------------- options as flags


def _flag(option: Option, group: Group) -> inspect.Parameter:
    kind: Any = bool if option.default is False or option.default is True else list[str] if option.kind.separator else str
    text = f"{option.help} [{option.kind.right}; default: {option.default_text.strip('`')}]"
    parameter = Parameter(name=option.flag, help=text.replace("`", ""), group=group, show_default=False, negative_iterable="")
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, parameter]
    )


_GROUPS = {section: Group(title, sort_key=number) for number, (section, title) in enumerate(SECTIONS.items(), 1)}
_FLAGS = {option.name: _flag(option, _GROUPS[option.section]) for option in OPTIONS}
_CONFIG = inspect.Parameter(
    "config",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        str | None, Parameter(name="--config", help="Configuration file. [default: PGIRIS_CONFIG, else ./pgiris.toml if there]")
    ],
)


def _configured(*names: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a function whose last parameter is ``**given`` the named options as flags."""

    def decorate(function: Callable[..., int]) -> Callable[..., int]:
        own = [p for p in inspect.signature(function, eval_str=True).parameters.values() if p.kind is not p.VAR_KEYWORD]
        parameters = [*own, _CONFIG, *(_FLAGS[name] for name in names)]
        function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return function

    return decorate


def _sources(given: dict[str, Any]) -> Sources:
    """given: flags by option name, None where not given, and config."""
    file = given.pop("config", None)
    flags = {name: _texts(value) for name, value in given.items() if value is not None}
    return Sources(flags, file=Path(file) if file else None)


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return value
    return [str(value).lower() if isinstance(value, bool) else value]


# ---------------------------------------------------------------------------------------------- commands


@app.command
@_configured(*_FLAGS)
def serve(**given: Any) -> int:
    """Run the server until SIGTERM or SIGINT; SIGHUP reloads configuration, certificates and users."""
    config = _sources(given).load()
    log.setup(config.log_level, config.log_format)
    from pgiris.server import listener

    if problem := native.problem():
        raise UserError(problem)
    if config.sample:
        from pgiris import sample

        sample.create(config.sandbox_path)
    try:
        return listener.serve(config)
    except OSError as error:
        raise UserError(_listen_error(error, config)) from error


def _listen_error(error: OSError, config: Config) -> str:
    """Why listening failed, and what mends it. An OSError of another kind is raised again."""
    where = f"{', '.join(config.host)}, port {config.port}"
    match error.errno:
        case errno.EADDRINUSE:
            return f"cannot listen on {where}: the port is taken, perhaps by PostgreSQL or another pgiris; choose one with --port"
        case errno.EACCES | errno.EPERM:
            return f"cannot listen on {where}: not permitted; choose a port from 1024 on with --port, or another unix_socket_dir"
        case errno.EADDRNOTAVAIL:
            return f"cannot listen on {where}: this machine has no such address; choose one with --host"
    raise error


@app.command
@_configured(*_FLAGS)
def check(**given: Any) -> int:
    """Check configuration, certificates, users, rules and backend; one line each, with how to mend what is wrong."""
    wrong = False
    for finding in checks.run(_sources(given)):
        print(finding)
        wrong = wrong or finding.verdict is checks.Verdict.WRONG
    return 1 if wrong else 0


_USER_OPTIONS = ("users_file", "scram_iterations")


@user.command
@_configured(*_USER_OPTIONS)
def add(name: str, /, **given: Any) -> int:
    """Add a user, or give it a new password. The password is asked for, or is the first line of standard input.

    Parameters
    ----------
    name
        Name of the user.
    """
    config = _sources(given).load()
    try:
        verifiers.check_name(name)
    except ValueError as error:
        raise UserError(str(error)) from error
    verifier = make_verifier(_password(), iterations=config.scram_iterations)
    with verifiers.change(config.users_file) as users:
        word = "changed the password of" if name in users else "added"
        users[name] = verifier
    print(f'{word} user "{name}" in {config.users_file}')
    return 0


@user.command
@_configured(*_USER_OPTIONS)
def remove(name: str, /, **given: Any) -> int:
    """Remove a user. Its open connections stay.

    Parameters
    ----------
    name
        Name of the user.
    """
    config = _sources(given).load()
    with verifiers.change(config.users_file) as users:
        if users.pop(name, None) is None:
            raise UserError(f'there is no user "{name}" in {config.users_file}; pgiris user list shows them')
    print(f'removed user "{name}" from {config.users_file}')
    return 0


@user.command(name="list")
@_configured(*_USER_OPTIONS)
def list_(**given: Any) -> int:
    """List the users, one a line."""
    config = _sources(given).load()
    try:
        names = sorted(verifiers.read(config.users_file).verifiers)
    except FileNotFoundError:
        names = []
    print("".join(f"{name}\n" for name in names), end="")
    return 0


def _password() -> str:
    """Never an argument: other users of the machine could read it in the list of processes."""
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != password:
            raise UserError("the two passwords differ; nothing was changed")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UserError("the password is empty; nothing was changed")
    try:
        password.encode()
    except UnicodeEncodeError:  # bytes that the terminal's encoding does not know
        raise UserError("the password is not valid UTF-8; nothing was changed") from None
    return password


_TRANSLATE_OPTIONS = ("iris_version", "null_ordering", "string_collation", "schema_names")


@app.command
@_configured(*_TRANSLATE_OPTIONS)
def translate(sql: str | None = None, /, *, explain: bool = False, **given: Any) -> int:
    """Show the IRIS SQL of PostgreSQL statements, without looking at any tables.

    A statement that IRIS has no part in, such as SET, becomes a comment.

    Parameters
    ----------
    sql
        The statements; read from standard input when left out.
    explain
        Show which rules fired, in their order, and what is done with each step.
    """
    from pgiris.catalog.compile import Catalog
    from pgiris.sql import Options, schemanames
    from pgiris.sql import explain as explained
    from pgiris.sql import translate as to_iris

    config = _sources(given).load()
    schemanames.use(config.schema_names)
    options = Options(config.iris_version, config.null_ordering, config.string_collation)
    text = sys.stdin.read() if sql is None else sql
    if explain:
        print(*explained(text, options, Catalog()), sep="\n")
        return 0
    for iris_sql, rules in to_iris(text, options, Catalog()):
        print(iris_sql + (f"  -- {', '.join(rules)}" if rules else ""))
    return 0


_IRIS_OPTIONS = (
    "iris_servers",
    "iris_user",
    "iris_password_file",
    "iris_tls_config",
    "iris_tls_file",
    "iris_connect_timeout_s",
    "iris_reconnect_s",
)


@app.command
@_configured(*_IRIS_OPTIONS)
def conformance(*, iris: str, output: str = "pgiris-conformance.md", **given: Any) -> int:
    """Try everything that pgiris expects of IRIS on a real server, and write a report. Tables are made in a schema of their own.

    Parameters
    ----------
    iris
        Server and namespace, as in localhost:1972/USER. The user needs the right to create and drop tables.
    output
        File that the report is written to.
    """
    from pgiris.backend.dbapi import DbapiBackend
    from pgiris.backend.dbapi.backend import Options
    from pgiris.conformance import probe, report
    from pgiris.conformance.run import carry_out_all

    address, slash, namespace = iris.partition("/")
    if not slash or not namespace:
        raise UserError(f'"{iris}" is not a server and namespace, as in localhost:1972/USER')
    log.setup("error", "text")
    sources = _sources({**given, "iris_servers": [address]})
    config = dataclasses.replace(sources, flags={**sources.flags, "backend": ["dbapi"]}).load()
    backend = DbapiBackend(Options.of(config.backend_options()))

    def open_session() -> Any:
        return backend.connect(namespace, config.iris_user, None)

    session = open_session()
    server = session.execute("SELECT $ZVERSION", ()).fetch(1)[0][0]
    session.close()
    outcomes = []
    for outcome in carry_out_all(open_session):
        outcomes.append(outcome)
        print(f"{'NO ' if outcome.problem else 'yes'} {outcome.statement}{': ' if outcome.problem else ''}{outcome.problem}")
    answers = list(probe.probe(open_session))
    report.write(Path(output), report.markdown(str(server), outcomes, answers))
    bad = sum(bool(outcome.problem) for outcome in outcomes)
    print(f"{len(outcomes) - bad} checks agree, {bad} do not; {len(answers)} questions answered; all of it is in {output}")
    return 1 if bad else 0


__all__ = ["Problem", "app", "main", "run"]
