from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pgiris.auth.rules import DEFAULT_RULES, Method
from pgiris.config.kinds import show_size
from pgiris.config.options import OPTIONS, SECTIONS, Config
from pgiris.config.sources import ConfigError, Sources, reload


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No ./pgiris.toml of somebody else."""
    monkeypatch.chdir(tmp_path)


def load(
    toml: str = "", environment: Mapping[str, str] | None = None, flags: Mapping[str, Sequence[str]] | None = None
) -> Config:
    file = Path("test.toml")
    file.write_text(toml)
    return Sources(flags or {}, environment or {}, file).load()


def problems(toml: str = "", environment: Mapping[str, str] | None = None, **flags: Sequence[str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(toml, environment, flags)
    return [str(problem) for problem in caught.value.problems]


def test_the_defaults_are_a_valid_configuration() -> None:
    assert Sources(environment={}).load() == Config()
    assert Config().auth == DEFAULT_RULES


def test_flags_win_over_the_environment_which_wins_over_the_file_which_wins_over_defaults() -> None:
    toml = "[server]\nport = 1\nfronts = 1\nmax_connections = 1\n"
    environment = {"PGIRIS_FRONTS": "2", "PGIRIS_MAX_CONNECTIONS": "2"}
    config = load(toml, environment, {"max_connections": ["3"]})
    assert (config.port, config.fronts, config.max_connections, config.pool_size) == (1, 2, 3, 8)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_reads_its_own_default_from_text(option: object) -> None:
    assert isinstance(option, type(OPTIONS[0]))
    if option.default is not None:
        assert option.kind.from_text(option.kind.show(option.default).replace("none", "")) == option.default


def test_every_option_has_a_section_a_flag_and_a_variable() -> None:
    assert {option.section for option in OPTIONS} == set(SECTIONS)
    names = [option.name for option in OPTIONS]
    assert len(names) == len(set(names))
    port = next(option for option in OPTIONS if option.name == "metrics_port")
    assert (port.flag, port.variable) == ("--metrics-port", "PGIRIS_METRICS_PORT")
    assert all(option.help.endswith(".") for option in OPTIONS)


VALUES = [
    # name, TOML, text, value
    ("host", '["::1", "db.example.com", "*"]', "::1,db.example.com, *", ("::1", "db.example.com", "*")),
    ("port", "6000", "6000", 6000),
    ("unix_socket_dir", '"/run/pgiris"', "/run/pgiris", Path("/run/pgiris")),
    ("unix_socket_dir", '"~/run"', "~/run", Path.home() / "run"),
    ("startup_deadline_s", "1.5", "1.5", 1.5),
    ("startup_deadline_s", "10", "10", 10.0),
    ("max_message_bytes", '"1GB"', "1GB", 2**30),
    ("block_bytes", "8192", "8192", 8192),
    ("block_bytes", '"8 kB"', "8kB", 8192),
    ("tls_min_version", '"1.3"', "1.3", "1.3"),
    ("log_statements", "true", "on", True),
    ("log_statements", "false", "0", False),
    ("iris_version", '"2025.2"', "2025.2", (2025, 2)),
    ("databases", '{ sales = "SALES", "a b" = "X" }', "sales=SALES; a b=X", {"sales": "SALES", "a b": "X"}),
    ("settings", '{ statement_timeout = 5000, search_path = "a, b" }', "statement_timeout=5000;search_path=a, b", None),
]


@pytest.mark.parametrize(("name", "toml", "text", "value"), VALUES)
def test_file_environment_and_flag_read_the_same_value(name: str, toml: str, text: str, value: object) -> None:
    option = next(option for option in OPTIONS if option.name == name)
    value = {"statement_timeout": "5000", "search_path": "a, b"} if value is None else value
    line = f"{name} = {toml}\n" if option.kind.table else f"[{option.section}]\n{name} = {toml}\n"
    for config in (load(line), load("", {option.variable: text}), load("", {}, {name: [text]})):
        found = getattr(config, name)
        assert found == value
        assert type(found) is type(getattr(load(line), name))


def test_repeated_flags_make_up_one_value() -> None:
    config = load("", {}, {"host": ["::1", "127.0.0.1"], "databases": ["a=A", "b=B"]})
    assert (config.host, config.databases) == (("::1", "127.0.0.1"), {"a": "A", "b": "B"})


def test_rules_are_tables_in_the_file_and_lines_elsewhere() -> None:
    toml = (
        '[[auth]]\ntype = "local"\nmethod = "trust"\n'
        '[[auth]]\nuser = ["a", "b"]\naddress = "10.0.0.0/8"\nmethod = "scram-sha-256"\n'
    )
    text = "local all all trust; host all a,b 10.0.0.0/8 scram-sha-256"
    assert load(toml).auth == load("", {"PGIRIS_AUTH": text}).auth == load("", {}, {"auth": text.split(";")}).auth
    assert [rule.method for rule in load(toml).auth] == [Method.TRUST, Method.SCRAM_SHA_256]


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ("[server]\nprot = 1\n", 'test.toml: [server] prot: there is no such option; did you mean "port"?'),
        ("[serve]\nport = 1\n", 'test.toml: serve: there is no such option; did you mean "server"?'),
        ("port = 1\n", "test.toml: port: stands in the wrong place; it belongs into [server]"),
        ("[pool]\nport = 1\n", "test.toml: [pool] port: stands in the wrong place; it belongs into [server]"),
        (
            "[server]\nauth = []\n",
            "test.toml: [server] auth: stands in the wrong place; it belongs into a table of its own, [[auth]]",
        ),
        ("[databases]\nport = 1\n", 'test.toml: [databases]: "port" is an option; move it to [server]'),
        ("[server]\nport = 65536\n", "test.toml: [server] port: 65536 is not an integer from 0 to 65535"),
        ("[server]\nport = true\n", "test.toml: [server] port: true is not an integer from 0 to 65535"),
        ('[server]\nport = "5432"\n', 'test.toml: [server] port: "5432" is not an integer from 0 to 65535'),
        ("[server]\nmax_connections = -1\n", "test.toml: [server] max_connections: -1 is not an integer not below 0"),
        ('[server]\nhost = ["a b"]\n', 'test.toml: [server] host: "a b" is not an address, a host name or *'),
        ('[tls]\ntls_min_version = "1.1"\n', 'test.toml: [tls] tls_min_version: "1.1" is not one of 1.2, 1.3'),
        ('[log]\nlog_statements = "yes"\n', 'test.toml: [log] log_statements: "yes" is not true or false'),
        ('[backend]\nbackend = "postgres"\n', 'test.toml: [backend] backend: "postgres" is not one of sandbox, dbapi, embedded'),
        (
            '[[auth]]\nmethod = "x"\n',
            'test.toml: [auth]: rule 1: "x" is no method of a rule; '
            "it would be one of trust, reject, scram-sha-256, password, cert",
        ),
        ("[server\n", "test.toml: is not TOML: Expected ']' at the end of a table declaration (at line 1, column 8)"),
    ],
)
def test_a_wrong_file_is_refused_with_what_would_be_right(toml: str, problem: str) -> None:
    assert problems(toml) == [problem]


@pytest.mark.parametrize(
    ("variable", "value", "text"),
    [
        ("PGIRIS_PORT", "many", '"many" is not an integer from 0 to 65535'),
        ("PGIRIS_PORT", "", '"" is not an integer from 0 to 65535'),
        ("PGIRIS_PORT", "1_0", None),
        ("PGIRIS_POOL_WAIT_S", "nan", '"nan" is not a number of seconds from 0 to 86400'),
        ("PGIRIS_POOL_WAIT_S", "inf", '"inf" is not a number of seconds from 0 to 86400'),
        ("PGIRIS_BLOCK_BYTES", "64KB", '"64KB" is not a size from 4kB to 16MB, in bytes or with a unit of B, kB, MB, GB'),
        ("PGIRIS_LOG_STATEMENTS", "maybe", '"maybe" is not true or false'),
        (
            "PGIRIS_AUTH",
            "host all all trust",
            '"host all all trust" is not a rule; it would be "type database user address method"',
        ),
        ("PGIRIS_DATABASES", "a", '"a" is not names of databases, each with its IRIS namespace, as in name=value'),
        ("PGIRIS_TLS_CERT", "", '"" is not a path'),
    ],
)
def test_a_wrong_variable_is_refused_by_its_name(variable: str, value: str, text: str | None) -> None:
    if text is None:
        assert load("", {variable: value}).port == 10
    else:
        assert problems("", {variable: value}) == [f"{variable}: {text}"]


def test_all_problems_are_reported_together() -> None:
    found = problems("[server]\nport = -1\nhots = 1\n", {"PGIRIS_FRONTS": "x"}, pool_size=["0"], auth=["host all all all trust"])
    assert [text.split(": ")[0] for text in found] == ["test.toml", "test.toml", "PGIRIS_FRONTS", "--pool-size", "--auth"]
    assert found[3] == '--pool-size: "0" is not an integer from 1 to 10000'


@pytest.mark.parametrize(
    ("environment", "where", "word"),
    [
        ({"PGIRIS_AUTH": "host all all all trust"}, "PGIRIS_AUTH", "beyond loopback"),
        ({"PGIRIS_AUTH": "hostssl all all all scram-sha-256"}, "PGIRIS_AUTH", "TLS is off"),
        ({"PGIRIS_AUTH": ""}, "PGIRIS_AUTH", "without rules nobody can connect"),
        ({"PGIRIS_TLS_CERT": "x"}, "PGIRIS_TLS_CERT", "set tls_key"),
        ({"PGIRIS_TLS_KEY": "x"}, "PGIRIS_TLS_KEY", "set tls_cert"),
        ({"PGIRIS_TLS_CLIENT_CA": "x"}, "PGIRIS_TLS_CLIENT_CA", "set tls_cert"),
        ({"PGIRIS_HOST": ""}, "PGIRIS_HOST", "nothing to listen on"),
        ({"PGIRIS_HOST": "", "PGIRIS_PORT": "0", "PGIRIS_UNIX_SOCKET_DIR": "/tmp"}, "PGIRIS_PORT", "give a number"),
    ],
)
def test_options_that_do_not_go_together_are_refused(environment: dict[str, str], where: str, word: str) -> None:
    [problem] = problems("", environment)
    assert problem.startswith(f"{where}: ") and word in problem


def test_trust_from_anywhere_must_be_asked_for() -> None:
    config = load("", {"PGIRIS_AUTH": "host all all all trust", "PGIRIS_ALLOW_TRUST_FROM_ANYWHERE": "true"})
    assert config.auth[0].method is Method.TRUST


def test_the_unix_socket_alone_is_enough() -> None:
    assert load("", {"PGIRIS_HOST": "", "PGIRIS_UNIX_SOCKET_DIR": "/run"}).host == ()


def test_the_file_is_found_by_flag_then_variable_then_in_the_current_folder(tmp_path: Path) -> None:
    for number, name in enumerate(("flag.toml", "variable.toml", "pgiris.toml"), 1):
        Path(name).write_text(f"[server]\nport = {number}\n")
    variable = {"PGIRIS_CONFIG": str(tmp_path / "variable.toml")}
    assert Sources({}, variable, Path("flag.toml")).load().port == 1
    assert Sources({}, variable).load().port == 2
    assert Sources({}, {}).load().port == 3


def test_a_file_that_was_named_must_be_there() -> None:
    with pytest.raises(ConfigError, match=r"gone.toml: cannot be read: No such file or directory"):
        Sources({}, {}, Path("gone.toml")).load()


def test_a_reload_reads_everything_again_and_tells_what_needs_a_restart() -> None:
    old = load("[server]\nport = 1\nmax_connections = 1\n", {}, {"pool_size": ["3"]})
    Path("test.toml").write_text("[server]\nport = 2\nmax_connections = 2\n")
    new = reload(old)
    assert (new.port, new.max_connections, new.pool_size) == (2, 2, 3)
    assert old.needs_restart(new) == ["port"]
    Path("test.toml").write_text("[server]\nport = -1\n")
    with pytest.raises(ConfigError):
        reload(new)


def test_a_database_is_its_namespace_unless_it_is_mapped() -> None:
    config = load('[databases]\nsales = "SALESDB"\n')
    assert (config.namespace("sales"), config.namespace("USER")) == ("SALESDB", "USER")
    assert Config().namespace("postgres") == "USER"


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1000, "1000B"), (1024, "1kB"), (65536, "64kB"), (2**30, "1GB")])
def test_sizes_are_shown_in_the_largest_unit_that_fits(value: int, text: str) -> None:
    assert show_size(value) == text


def test_state_goes_where_the_xdg_specification_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/var/state")
    assert Config().users_file == Path("/var/state/pgiris/users")
    monkeypatch.setenv("XDG_STATE_HOME", "relative/is/ignored")
    assert Config().sandbox_path == Path.home() / ".local/state/pgiris/sandbox"
