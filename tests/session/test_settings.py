"""Settings: PostgreSQL's own answers to SET and SHOW, the layers of a session, and what the client is told."""

from __future__ import annotations

import pytest
from psycopg import pq

from pgiris.errors import PgError
from pgiris.session.setting_table import HONOURED, ONLY, TABLE
from pgiris.session.settings import NO_LAYERS, Defaults, Settings, parse_options
from pgiris.sql.planner import Options
from tests.support.servers import Server

DEFAULTS = Defaults()


def new(superuser: bool = True, options: str = "", **parameters: str) -> Settings:
    return Settings(DEFAULTS, "demo", superuser, parameters, options)


# Against PostgreSQL

# Name and texts to set it to, one after the other; after each the value shown, or the error, must be PostgreSQL's.
TRIALS: dict[str, list[str]] = {
    "application_name": ["", "psql", "a" * 70, "it's"],
    "bytea_output": ["escape", "HEX", "base64"],
    "client_encoding": ["utf-8", "UNICODE", "'utf-8'", "latin1", "ISO 8859 1", "sql_ascii", "win1252", "nonsense", ""],
    "client_min_messages": ["debug", "DEBUG5", "info", "notice", "error", "fatal", "loud"],
    "constraint_exclusion": ["on", "true", "1", "partition", "maybe"],
    "cpu_tuple_cost": ["1", "0.5", ".5", "1e-3", "-1", "1e400", "abc", "", "1ms", " 2 ", "1 2", "0x10"],
    "datestyle": [
        "iso", "dmy", "sql, ymd", "german", "Postgres, european", "us", "noneuropean", "iso,sql", "dmy mdy", "dmy, mdy",
        "default", "", "foo", '"ISO"', "postgresql", ",", "iso,",
    ],
    "default_transaction_read_only": ["on", "f", "yes", "ye", "o", "of", "1", "2", "TRUE", " on", ""],
    "enable_seqscan": ["off", "on", "t", "no", "n", "unsure"],
    "extra_float_digits": [
        "0", "3", "-15", "4", "-16", "1.4", "2.5", "1.5", "1e0", "1s", "0x2", "03", "08", "99999999999", "-",
    ],
    "geqo_threshold": ["2", "1", "2147483647", "2147483648"],
    "idle_in_transaction_session_timeout": ["0", "1min", "90s", "1d"],
    "intervalstyle": ["iso_8601", "POSTGRES_VERBOSE", "sql_standard", "iso"],
    "lock_timeout": [
        "0", "1000", "1 s", "1500us", "400us", "2h", "1.5h", "24d", "25d", "-1", "5m", "5 minutes", "1 s s", "1sec",
    ],
    "row_security": ["off", "on"],
    "search_path": ["public", "a, b", '"A b", "$user"', '"a', "a b", "", "a,,b", "a,", '""', '"a""b"', 'a"b'],
    "seed": ["2", "x"],
    "statement_timeout": ["1", "60000", "61000", "3600000", "86400000", "1us", "0.5s", "0.1ms", "99999999999"],
    "synchronous_commit": ["off", "local", "yes", "0", "remote"],
    "temp_buffers": ["100", "1MB", "8kB", "12kB", "1GB", "7"],
    "timezone": [
        "utc", "UTC", "america/new_york", "EST5EDT", "gmt", "Etc/GMT+5", "5", "-3.5", "+2", "5.75", "<+05>-05", "UTC+2",
        "utc-3:30", "INTERVAL '-08:00'", "INTERVAL '5 hours'", "INTERVAL '1 month'", "INTERVAL '1 day'", "nowhere", "", "167",
        "168", "zulu",
    ],
    "transform_null_equals": ["off", "maybe"],
    "vacuum_cost_delay": ["2us", "0.5", "1min", "1500us", "20"],
    "work_mem": [
        "64", "1MB", "1024kB", "1.5MB", "1 GB", "1gb", "30.1GB", "1TB", "99999GB", "65536B", "0x40kB", "0100", "1e3", "",
        " 100 kB ",
    ],
    "xmloption": ["content", "xml"],
    "no_such_setting": ["1"],
    "nowhere.setting": ["x", ""],
    "nowhere.1st": ["x"],
    "no where.x": ["x"],
    "server_version": ["1"],
    "shared_buffers": ["1"],
    "max_wal_size": ["1"],
    "log_connections": ["on"],
    "post_auth_delay": ["1"],
    "is_superuser": ["off"],
    "log_statement": ["all", "some"],
    "lc_monetary": ["C", "", "xx_XX"],
    "sort_mem": ["65"],
    "role": ["none"],
}  # fmt: skip


@pytest.mark.parametrize("name", TRIALS)
def test_settings_are_read_and_shown_as_postgres_does(name: str, postgres: Server) -> None:
    connection = pq.PGconn.connect(postgres.dsn().encode())
    connection.notice_handler = lambda result: None
    settings = new()
    try:
        for text in TRIALS[name]:
            theirs = _answer(connection.exec_params(b"SELECT set_config($1, $2, false)", [name.encode(), text.encode()]))
            assert _set_config(settings, name, text) == theirs, text
    finally:
        connection.finish()


def _set_config(settings: Settings, name: str, text: str) -> tuple[str, ...]:
    try:
        settings.set(name, text)
        return (settings.show(name),)
    except PgError as error:
        return error.code, error.message, error.detail or "", error.hint or ""


def _answer(result: pq.abc.PGresult) -> tuple[str, ...]:
    if result.status == pq.ExecStatus.TUPLES_OK:
        return ((result.get_value(0, 0) or b"").decode(),)
    fields = pq.DiagnosticField
    shown = (fields.SQLSTATE, fields.MESSAGE_PRIMARY, fields.MESSAGE_DETAIL, fields.MESSAGE_HINT)
    return tuple((result.error_field(field) or b"").decode() for field in shown)


# What is set at initdb or by the test's command line, or is pgiris's own.
_DIFFERENT_DEFAULTS = {
    "application_name", "archive_command", "cluster_name", "config_file", "data_checksums", "data_directory",
    "dynamic_shared_memory_type", "effective_io_concurrency", "extension_destdir", "external_pid_file", "fsync", "hba_file",
    "huge_pages", "ident_file", "lc_collate", "lc_ctype", "lc_messages", "lc_monetary", "lc_numeric", "lc_time",
    "listen_addresses", "log_file_mode", "log_timezone", "maintenance_io_concurrency", "max_connections", "max_stack_depth",
    "max_wal_size", "min_wal_size", "port", "segment_size", "server_version", "server_version_num", "shared_buffers",
    "shared_memory_size", "shared_memory_size_in_huge_pages", "ssl_ciphers", "ssl_library", "tcp_keepalives_count",
    "tcp_keepalives_idle", "tcp_keepalives_interval", "unix_socket_directories", "unix_socket_permissions",
    "update_process_title", "wal_buffers", "wal_segment_size", "wal_sync_method",
}  # fmt: skip


def test_defaults_are_those_of_postgres(postgres: Server) -> None:
    theirs = {name: (setting, unit) for name, setting, unit in _rows(postgres, "name, setting, unit")}
    ours = {row[0]: (row[1], row[2] or "") for row in new().rows()}
    common = ours.keys() & theirs.keys() - _DIFFERENT_DEFAULTS
    assert len(common) > 300
    assert {name: ours[name] for name in common} == {name: theirs[name] for name in common}


def test_every_setting_of_postgres_is_known(postgres: Server) -> None:
    removed_by_16 = {"extension_destdir", "promote_trigger_file", "vacuum_defer_cleanup_age"}
    for name, *_ in _rows(postgres, "name"):
        if name not in removed_by_16:
            assert new().show(name) is not None


def test_pg_settings_has_the_columns_of_postgres(postgres: Server) -> None:
    columns = "name, category, short_desc, context, vartype, min_val, max_val, enumvals"
    theirs = {row[0]: row for row in _rows(postgres, columns)}
    for row in new().rows():
        name, _, _, category, description, _, context, vartype, _, low, high, values, *rest = row
        if name in theirs and name not in ("server_version_num",):
            shown = (
                "{" + ",".join(f'"{v}"' if " " in v or not v else v for v in values) + "}" if isinstance(values, tuple) else ""
            )
            assert (name, category, description, context, vartype, low or "", high or "", shown) == theirs[str(name)]
            assert len(rest) == 5


def test_show_all_lists_what_postgres_lists(postgres: Server) -> None:
    connection = pq.PGconn.connect(postgres.dsn().encode())
    result = connection.exec_(b"SHOW ALL")
    theirs = [(result.get_value(row, 0) or b"").decode() for row in range(result.ntuples)]
    connection.finish()
    ours = [name for name, _, _ in new().show_all()]
    assert [name for name in ours if name in theirs] == [name for name in theirs if name in ours]


def _rows(server: Server, columns: str) -> list[tuple[str, ...]]:
    connection = pq.PGconn.connect(server.dsn().encode())
    result = connection.exec_(f"SELECT {columns} FROM pg_settings WHERE category <> 'Customized Options'".encode())
    rows = [tuple((result.get_value(r, c) or b"").decode() for c in range(result.nfields)) for r in range(result.ntuples)]
    connection.finish()
    return rows


def test_postgres_tells_its_client_of_the_same_settings(postgres: Server) -> None:
    connection = pq.PGconn.connect(postgres.dsn().encode())
    for name, _ in new().reports():
        known = connection.parameter_status(name.encode()) is not None
        assert known or name == "scram_iterations", name  # which PostgreSQL 16 added
    connection.finish()


# Layers


def test_reset_returns_to_what_the_client_asked_for_at_the_start() -> None:
    settings = new(DateStyle="german", options="-c work_mem=1MB")
    settings.set("datestyle", "iso, ymd")
    settings.set("work_mem", "2MB")
    settings.set("enable_seqscan", "off")
    settings.reset("DATESTYLE")
    assert settings.show("datestyle") == "German, DMY"
    settings.reset(None)
    assert (settings.show("work_mem"), settings.show("enable_seqscan")) == ("1MB", "on")


def test_layers_that_were_kept_bring_back_their_values() -> None:
    settings = new()
    settings.set("work_mem", "1MB")
    kept = settings.layers
    settings.set("work_mem", "2MB", local=True)
    settings.set("timezone", "Europe/Berlin")
    assert settings.context.time_zone == "Europe/Berlin"
    settings.layers = kept
    assert (settings.show("work_mem"), settings.context.time_zone) == ("1MB", "UTC")


def test_local_values_end_with_the_transaction_and_others_replace_them() -> None:
    settings = new()
    settings.set("work_mem", "1MB", local=True)
    settings.set("work_mem", "2MB")
    settings.set("timezone", "Asia/Tokyo", local=True)
    settings.end_transaction()
    assert (settings.show("work_mem"), settings.show("timezone")) == ("2MB", "UTC")


def test_custom_settings_stay_known_as_empty() -> None:
    settings = new()
    with pytest.raises(PgError, match="unrecognized configuration parameter"):
        settings.show("myapp.user")
    settings.set("MyApp.user", "7", local=True)
    assert settings.show("myapp.USER") == "7"
    settings.end_transaction()
    assert settings.show("myapp.user") == ""


def test_from_current_makes_the_value_in_force_the_sessions() -> None:
    settings = new()
    settings.set("work_mem", "1MB", local=True)
    settings.set_from_current("work_mem")
    settings.end_transaction()
    assert settings.show("work_mem") == "1MB"


def test_sessions_that_start_alike_share_their_values() -> None:
    first, second = (new(application_name="psql", client_encoding="UTF8") for _ in range(2))
    assert first._startup is second._startup
    assert first.layers is second.layers is NO_LAYERS
    assert first.context is second.context


def test_discard_all_forgets_everything_but_the_startup_packet() -> None:
    settings = new(application_name="psql")
    settings.set("role", "demo")
    settings.set("work_mem", "1MB")
    settings.reset_session()
    assert [settings.show(name) for name in ("role", "work_mem", "application_name")] == ["none", "4MB", "psql"]


# Reports


def test_the_client_is_told_once_of_what_changed() -> None:
    settings = new()
    assert dict(settings.reports())["server_version"].startswith("16.")
    assert settings.changed_reports() == ()
    settings.set("timezone", "Europe/Berlin")
    settings.set("work_mem", "1MB")
    settings.set("application_name", "")
    assert settings.changed_reports() == [("TimeZone", "Europe/Berlin")]
    assert settings.changed_reports() == ()
    settings.reset("timezone")
    assert settings.changed_reports() == [("TimeZone", "UTC")]


def test_a_change_that_was_undone_in_between_is_not_reported() -> None:
    settings = new()
    settings.reports()
    settings.set("datestyle", "german")
    settings.reset("datestyle")
    assert not settings.changed_reports()


# Startup packet


OPTIONS = {
    "": [],
    "-c a=b": [("a", "b")],
    "-ca=b  --work-mem=1MB": [("a", "b"), ("work_mem", "1MB")],
    r"-c search_path=a\ b,\\c": [("search_path", r"a b,\c")],
    "-c statement_timeout=5s -c lock_timeout=": [("statement_timeout", "5s"), ("lock_timeout", "")],
    "-e": [("datestyle", "euro")],
    "-c a.b=c=d": [("a.b", "c=d")],
}


@pytest.mark.parametrize("text", OPTIONS)
def test_options_are_pairs(text: str) -> None:
    assert parse_options(text) == OPTIONS[text]


@pytest.mark.parametrize("text", ["-c", "-c a", "--a", "-z", "x"])
def test_options_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(PgError) as caught:
        parse_options(text)
    assert caught.value.code == "42601"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"nonsense": "1"}, "42704"),
        ({"work_mem": "x"}, "22023"),
        ({"server_version": "1"}, "55P02"),
        ({"log_statement": "all"}, "42501"),
    ],
)
def test_startup_refuses_what_set_refuses(parameters: dict[str, str], code: str) -> None:
    with pytest.raises(PgError) as caught:
        new(superuser=False, **parameters)
    assert caught.value.code == code


def test_some_settings_can_be_set_only_at_the_start() -> None:
    assert new(log_connections="on").show("log_connections") == "on"


def test_configuration_gives_the_defaults() -> None:
    defaults = Defaults(
        {"statement_timeout": "5s", "max_connections": "7", "TimeZone": "Asia/Tokyo"}, Options(null_ordering="iris")
    )
    settings = Settings(defaults, "demo")
    assert (settings.view.statement_timeout_s, settings.show("max_connections")) == (5.0, "7")
    settings.set("timezone", "UTC")
    settings.reset("timezone")
    assert settings.show("timezone") == "Asia/Tokyo"
    with pytest.raises(PgError):
        Defaults({"max_conections": "7"})


# Honest refusals


@pytest.mark.parametrize("name", ONLY)
def test_values_without_their_meaning_are_refused(name: str) -> None:
    settings = new()
    setting = TABLE[name]
    for value in ONLY[name][0]:
        settings.set(name, value)
    others = {"bool": "off" if "on" in ONLY[name][0] else "on", "enum": "", "string": "elsewhere"}
    text = others[setting.kind.vartype] or next(v for v in setting.kind.values if v not in ONLY[name][0])  # type: ignore[attr-defined]
    with pytest.raises(PgError) as caught:
        settings.set(name, text)
    assert caught.value.code == "0A000"


def test_users_do_not_become_others() -> None:
    settings = new()
    for name in ("role", "session_authorization"):
        settings.set(name, "demo")
        with pytest.raises(PgError) as caught:
            settings.set(name, "somebody")
        assert caught.value.code == "42501"
        assert "permission denied" in caught.value.message


def test_only_superusers_set_their_settings() -> None:
    new(superuser=True).set("log_statement", "all")
    with pytest.raises(PgError, match='permission denied to set parameter "log_statement"'):
        new(superuser=False).set("log_statement", "all")


def test_own_settings_are_checked() -> None:
    settings = new()
    settings.set("pgiris.null_ordering", "IRIS")
    settings.set("pgiris.string_collation", "sqlstring")
    settings.set("pgiris.string_ordering", "iris")
    settings.set("pgiris.unsupported_indexes", "refuse")
    assert settings.view.options == Options(
        null_ordering="iris", string_collation="SQLSTRING", string_ordering="iris", unsupported_indexes="refuse"
    )
    for name, text, code in (("pgiris.null_ordering", "random", "22023"), ("pgiris.nothing", "1", "42602")):
        with pytest.raises(PgError) as caught:
            settings.set(name, text)
        assert caught.value.code == code


def test_isolation_levels_that_iris_lacks_need_the_fallback() -> None:
    settings = new()
    with pytest.raises(PgError, match="is not supported"):
        settings.set("default_transaction_isolation", "serializable")
    settings.set("pgiris.isolation_fallback", "on")
    settings.set("default_transaction_isolation", "serializable")
    settings.end_transaction()
    assert settings.view.isolation == "serializable"


# The view


def test_the_view_is_typed() -> None:
    settings = new(
        options="-c statement_timeout=1500 -c lock_timeout=2s -c extra_float_digits=0", search_path='"$user", A, "B", a'
    )
    view = settings.view
    assert (view.statement_timeout_s, view.lock_timeout_s, view.idle_session_timeout_s) == (1.5, 2.0, None)
    assert view.search_path == ("demo", "a", "B")
    assert view.context.extra_float_digits == 0
    assert settings.view is view


@pytest.mark.parametrize("text", ["", '""'])
def test_an_empty_search_path_names_no_schema(text: str) -> None:
    assert new(search_path=text).view.search_path == ()


@pytest.mark.parametrize(
    ("level", "passing"),
    [("debug5", "DEBUG INFO LOG NOTICE WARNING ERROR"), ("notice", "INFO NOTICE WARNING ERROR"), ("error", "INFO ERROR")],
)
def test_notices_pass_by_severity(level: str, passing: str) -> None:
    settings = new(client_min_messages=level)
    severities = ("DEBUG", "INFO", "LOG", "NOTICE", "WARNING", "ERROR")
    assert [severity for severity in severities if settings.wants(severity)] == passing.split()


def test_what_is_honoured_is_in_the_table() -> None:
    assert {key for key in HONOURED if key not in TABLE} == set()


def test_application_names_keep_printable_ascii_only() -> None:
    settings = new(application_name="caf\u00e9\n")
    assert settings.show("application_name") == r"caf\xc3\xa9\x0a"
