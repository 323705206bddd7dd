from __future__ import annotations

import io
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from unittest import mock

import pytest
import structlog

from pgiris import check, cli
from pgiris.auth import verifiers
from pgiris.auth.scram import make_verifier
from pgiris.backend.worker import spawn
from pgiris.config.options import OPTIONS, Config
from pgiris.errors import PgError
from pgiris.server import listener
from pgiris.types import native
from tests.support.issue import make


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No configuration and no users of somebody else, and no log configuration left behind."""
    for name in [name for name in os.environ if name.startswith("PGIRIS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    before = structlog.get_config()
    yield
    structlog.configure(**before)


Output = pytest.CaptureFixture[str]


def run(*arguments: str) -> int:
    try:
        return cli.run(arguments)
    except SystemExit as exit_:  # cyclopts ends at --help, --version and what it cannot parse
        return int(exit_.code or 0)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def users(tmp_path: Path) -> Path:
    return tmp_path / "state" / "pgiris" / "users"


# ---------------------------------------------------------------------------------------------- in general


def test_the_module_runs_and_tells_its_version() -> None:
    done = subprocess.run([sys.executable, "-m", "pgiris", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == version("pgiris")


@pytest.mark.parametrize("command", ["serve", "check"])
def test_every_option_is_a_flag_with_help(command: str, capsys: Output) -> None:
    assert run(command, "--help") == 0
    text = " ".join(capsys.readouterr().out.replace("│", " ").split())
    for option in OPTIONS:
        assert option.flag in text
        assert option.help.replace("`", "")[:30] in text


def test_a_misspelt_flag_is_refused_with_the_one_that_was_meant(capsys: Output) -> None:
    assert run("serve", "--prot", "5") == 2
    captured = capsys.readouterr()
    assert "--port" in captured.out + captured.err


def test_problems_of_the_configuration_are_one_line_each_and_no_traceback(capsys: Output) -> None:
    Path("pgiris.toml").write_text("[server]\nport = -1\n")
    assert run("serve", "--fronts", "none", "--pool-size", "0") == 1
    assert capsys.readouterr().err.splitlines() == [
        "pgiris: pgiris.toml: [server] port: -1 is not an integer from 0 to 65535",
        'pgiris: --fronts: "none" is not an integer from 1 to 256',
        'pgiris: --pool-size: "0" is not an integer from 1 to 10000',
    ]


# ---------------------------------------------------------------------------------------------- serve


def served(monkeypatch: pytest.MonkeyPatch) -> list[Config]:
    """What the listener would be called with."""
    calls: list[Config] = []

    def serve(config: Config) -> int:
        calls.append(config)
        return 0

    monkeypatch.setattr(listener, "serve", serve)
    return calls


def test_serve_hands_flags_over_environment_over_file_to_the_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = served(monkeypatch)
    Path("other.toml").write_text('[server]\nport = 1\nfronts = 2\n[log]\nlog_format = "json"\n')
    monkeypatch.setenv("PGIRIS_PORT", "2")
    flags = ["--host", "::1", "--host", "127.0.0.1", "--databases", "a=A", "--log-statements", "--settings", "TimeZone=UTC"]
    assert run("serve", "--config", "other.toml", *flags) == 0
    [config] = calls
    assert (config.port, config.fronts, config.log_format) == (2, 2, "json")
    assert (config.host, config.databases, config.settings) == (("::1", "127.0.0.1"), {"a": "A"}, {"TimeZone": "UTC"})
    assert config.log_statements is True


def test_a_rule_is_one_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = served(monkeypatch)
    rules = ["local all all trust", "host all all 10.0.0.0/8 scram-sha-256"]
    assert run("serve", "--auth", rules[0], "--auth", rules[1]) == 0
    assert [str(rule) for rule in calls[0].auth] == rules


def test_trust_from_anywhere_needs_its_flag(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    calls = served(monkeypatch)
    rule = ["--auth", "host all all all trust"]
    assert run("serve", *rule) == 1
    assert "beyond loopback" in capsys.readouterr().err
    assert run("serve", *rule, "--allow-trust-from-anywhere") == 0
    assert len(calls) == 1


def test_a_port_that_is_taken_is_one_clear_line(capsys: Output) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run("serve", "--port", str(port)) == 1
    error = capsys.readouterr().err
    assert f"port {port}" in error and "Traceback" not in error


def test_other_errors_of_the_system_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(config: Config) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(listener, "serve", serve)
    with pytest.raises(OSError, match="Input/output error"):
        run("serve")


# ---------------------------------------------------------------------------------------------- user


def test_a_user_is_added_changed_listed_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    path = users(tmp_path)
    for name, password in (("bob", "one"), ("alice", "two"), ("bob", "three")):
        typed(monkeypatch, f"{password}\n")
        assert run("user", "add", name) == 0
    assert capsys.readouterr().out.splitlines() == [
        f'added user "bob" in {path}',
        f'added user "alice" in {path}',
        f'changed the password of user "bob" in {path}',
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = verifiers.read(path).verifiers["bob"]
    assert make_verifier("three", salt=kept.salt) == kept
    assert run("user", "list") == 0
    assert capsys.readouterr().out == "alice\nbob\n"
    assert run("user", "remove", "bob") == 0
    capsys.readouterr()
    run("user", "list")
    assert capsys.readouterr().out == "alice\n"


def test_a_password_is_asked_for_twice_at_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    answers = iter(["pencil", "pencil", "pencil", "pen"])
    monkeypatch.setattr(cli.getpass, "getpass", lambda prompt: next(answers))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert run("user", "add", "alice") == 0
    assert run("user", "add", "bob") == 1
    assert capsys.readouterr().err == "pgiris: the two passwords differ; nothing was changed\n"
    assert set(verifiers.read(users(tmp_path)).verifiers) == {"alice"}


def test_a_password_is_never_an_argument() -> None:
    assert run("user", "add", "alice", "pencil") == 2
    assert run("user", "add", "alice", "--password", "pencil") == 2


@pytest.mark.parametrize(
    ("arguments", "text", "words"),
    [
        (("add", "alice"), "", "the password is empty"),
        (("add", "a\nb"), "x\n", "no user name"),
        (("add", "x" * 64), "x\n", "1 to 63 bytes"),
        (("remove", "nobody"), "", 'there is no user "nobody"'),
        (("add", "a", "--users-file", "/dev/null/users"), "x\n", "cannot be written"),
    ],
)
def test_what_cannot_be_done_with_users_is_said(
    arguments: tuple[str, ...], text: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    typed(monkeypatch, text)
    assert run("user", *arguments) == 1
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1


def test_users_of_a_file_that_others_can_read_are_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    typed(monkeypatch, "x\n")
    run("user", "add", "alice")
    users(tmp_path).chmod(0o644)
    assert run("user", "list") == 1
    assert f"chmod 0600 {users(tmp_path)}" in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------- check


class Silent:
    """A backend and its session for checks of other things: it answers everything with nothing."""

    def connect(self, database: str, user: str, password: str | None) -> Silent:
        return self

    def execute(self, sql: str, values: Sequence[object]) -> Silent:
        return self

    def fetch(self, limit: int) -> Sequence[object]:
        return ()

    def close(self) -> None:
        pass


def silent(name: str, options: dict[str, str]) -> Silent:
    return Silent()


def checked(capsys: Output, *flags: str, backend: Callable[..., object] = silent) -> tuple[int, dict[str, list[tuple[str, str]]]]:
    """Exit code, and for each subject its (verdict, text)s."""
    capsys.readouterr()
    with mock.patch.object(check, "load_backend", backend):
        code = run("check", *flags)
    found: dict[str, list[tuple[str, str]]] = {}
    for line in capsys.readouterr().out.splitlines():
        verdict, about, text = line.split(None, 2)
        found.setdefault(about, []).append((verdict, text))
    return code, found


def test_a_fresh_installation_is_in_order(capsys: Output) -> None:
    code, found = checked(capsys, backend=spawn.load_backend)
    assert code == 0
    assert set(found) == {"configuration", "listening", "tls", "users", "auth", "settings", "backend", "encoder"}
    assert found["backend"] == [("ok", "backend sandbox, namespace USER runs statements")]
    assert found["users"][0][0] == "warning"
    assert found["encoder"] == [("ok", native.description())]


def test_an_encoder_that_is_not_there_is_wrong(capsys: Output) -> None:
    with mock.patch.object(native, "problem", lambda: "pgiris_native cannot be loaded"):
        code, found = checked(capsys)
        assert code == 1
        assert found["encoder"][0][0] == "WRONG"
        assert "PGIRIS_ENCODER" in found["encoder"][0][1]
        assert run("serve") == 1
    assert "pgiris_native cannot be loaded" in capsys.readouterr().err


def test_a_wrong_configuration_is_all_that_is_told(capsys: Output) -> None:
    code, found = checked(capsys, "--port", "x")
    assert code == 1
    assert found == {"configuration": [("WRONG", '--port: "x" is not an integer from 0 to 65535')]}


@pytest.mark.parametrize(
    ("days", "code", "verdict", "words"),
    [
        ((-1, 100), 0, "ok", "valid until"),
        ((-1, 10), 0, "warning", "renew it"),
        ((-10, -1), 1, "WRONG", "expired at"),
        ((1, 100), 1, "WRONG", "check the clock"),
    ],
)
def test_certificates_are_looked_at(
    tmp_path: Path, capsys: Output, days: tuple[int, int], code: int, verdict: str, words: str
) -> None:
    certificate, key = make("localhost", days=days).write(tmp_path, "server")
    exit_code, found = checked(capsys, "--tls-cert", str(certificate), "--tls-key", str(key))
    assert exit_code == code
    assert found["tls"][0][0] == verdict and words in found["tls"][0][1]


def test_a_key_of_another_certificate_is_wrong(tmp_path: Path, capsys: Output) -> None:
    certificate, _ = make("localhost").write(tmp_path, "server")
    _, key = make("localhost").write(tmp_path, "other")
    code, found = checked(capsys, "--tls-cert", str(certificate), "--tls-key", str(key))
    assert (code, found["tls"][0][0]) == (1, "WRONG")
    assert "does not belong" in found["tls"][0][1]


def test_a_file_of_users_that_others_can_read_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    typed(monkeypatch, "x\n")
    run("user", "add", "alice")
    assert checked(capsys)[1]["users"] == [("ok", f"1 in {users(tmp_path)}")]
    assert checked(capsys, "--scram-iterations", "5000")[1]["users"][0][0] == "warning"
    users(tmp_path).chmod(0o644)
    code, found = checked(capsys)
    assert (code, found["users"][0][0]) == (1, "WRONG")


def test_a_port_that_is_taken_is_doubtful_since_it_may_be_ours(capsys: Output) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, found = checked(capsys, "--port", str(taken.getsockname()[1]))
    assert (code, found["listening"][0][0]) == (0, "warning")


@pytest.mark.parametrize(
    ("flags", "about", "words"),
    [
        (("--unix-socket-dir", "/nowhere"), "listening", "create it"),
        (("--host", "no-such-host.invalid"), "listening", "has no address"),
        (("--settings", "no_such_setting=1"), "settings", "no_such_setting"),
        (("--settings", "statement_timeout=soon"), "settings", "statement_timeout"),
    ],
)
def test_what_cannot_work_is_wrong(flags: tuple[str, ...], about: str, words: str, capsys: Output) -> None:
    code, found = checked(capsys, *flags)
    assert code == 1
    assert any(verdict == "WRONG" and words in text for verdict, text in found[about])


def failing(error: Exception) -> Callable[..., Silent]:
    def load_backend(name: str, options: dict[str, str]) -> Silent:
        raise error

    return load_backend


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (PgError("3D000", 'no namespace "USER"', hint="Create it."), 'namespace USER: no namespace "USER"; Create it.'),
        (
            PermissionError(13, "Permission denied", "/x"),
            "namespace USER: [Errno 13] Permission denied: '/x'; see",
        ),
    ],
)
def test_a_backend_that_does_not_open_is_wrong(error: Exception, text: str, capsys: Output) -> None:
    code, found = checked(capsys, backend=failing(error))
    assert code == 1
    [(verdict, said)] = found["backend"]
    assert verdict == "WRONG" and text in said


def test_a_sandbox_that_cannot_be_made_is_wrong(capsys: Output) -> None:
    code, found = checked(capsys, "--sandbox-path", "/dev/null/x", backend=spawn.load_backend)
    assert (code, found["backend"][0][0]) == (1, "WRONG")


def test_every_namespace_that_is_mapped_is_tried(capsys: Output) -> None:
    _, found = checked(capsys, "--databases", "postgres=A; b=B; c=A")
    assert [text for _, text in found["backend"]] == [f"backend sandbox, namespace {name} runs statements" for name in "AB"]


def test_a_variable_that_is_no_option_is_doubtful(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setenv("PGIRIS_PROT", "1")
    code, found = checked(capsys)
    assert code == 0
    assert found["environment"] == [("warning", "PGIRIS_PROT is no option and has no effect; unset it")]


def test_the_compiled_sqlglot_is_wrong(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr(check, "find_spec", lambda name: object())
    code, found = checked(capsys)
    assert (code, found["sqlglot"][0][0]) == (1, "WRONG")


def test_trust_from_anywhere_is_pointed_out(capsys: Output) -> None:
    code, found = checked(capsys, "--auth", "host all all all trust", "--allow-trust-from-anywhere")
    assert code == 0
    assert tuple(verdict for verdict, _ in found["auth"]) == ("warning", "ok")


# ---------------------------------------------------------------------------------------------- translate


def test_translate_shows_iris_sql(capsys: Output) -> None:
    assert run("translate", "SELECT 1 LIMIT 3") == 0
    assert "TOP 3" in capsys.readouterr().out


def test_translate_explains_what_happens_step_by_step(capsys: Output) -> None:
    upsert = "INSERT INTO t (id, n) VALUES (1, 2), (3, 4) ON CONFLICT (id) DO UPDATE SET n = excluded.n"
    assert run("translate", "--explain", f'{upsert}; CREATE TABLE c (a text COLLATE "sv-x-icu")') == 0
    first, second = capsys.readouterr().out.split("-- CREATE TABLE")
    lines = first.splitlines()
    assert lines[1] == "--   rule 1: on_conflict_do_update"
    assert [line.rpartition("  -- ")[2] for line in lines[2:]] == [
        "rows",
        "target, for each row",
        "count, found, for each row",
        "count, not counted, for each row",
    ]
    assert "--   rule 1: collation_dropped" in second and '--   WARNING: collation "sv-x-icu" is ignored' in second


def test_translate_names_what_the_catalog_answers(capsys: Output) -> None:
    assert run("translate", "SELECT relname FROM pg_class") == 0
    assert capsys.readouterr().out == "-- answered from the system catalogs\n"


def test_translate_shows_the_rules_that_fired_and_what_needs_no_iris(capsys: Output) -> None:
    assert run("translate", "SELECT a::text FROM t; SET TimeZone = 'UTC'") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "SELECT CAST(a AS VARCHAR(3641144)) FROM SQLUser.t  -- cast"
    assert second == "-- SET: answered by pgiris itself"


def test_translate_shows_an_error_as_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    typed(monkeypatch, "SELECT 'x")
    assert run("translate") == 1
    error = capsys.readouterr().err
    assert error.startswith("pgiris: ") and "Traceback" not in error


def test_an_error_and_its_hint_are_shown(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    def serve(config: Config) -> int:
        raise PgError("22023", "wrong", hint="do better")

    monkeypatch.setattr(listener, "serve", serve)
    assert run("serve") == 1
    assert capsys.readouterr().err == "pgiris: wrong\npgiris: hint: do better\n"
