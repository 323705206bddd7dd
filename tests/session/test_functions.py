"""Session functions: every name the planner knows, with PostgreSQL's types and answers."""

from __future__ import annotations

import asyncio
import inspect
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import pq

from pgiris.errors import PgError
from pgiris.session.advisory import AdvisoryLocks, AdvisoryOwner, Mode
from pgiris.session.functions import FUNCTIONS, WAITING, SessionFacts, evaluate
from pgiris.session.notifications import Hub, Notification, Notifications
from pgiris.session.settings import Defaults, Settings
from pgiris.session.temporary import TemporaryObjects
from pgiris.session.transaction import Transaction
from pgiris.sql.session_functions import SESSION_FUNCTIONS
from tests.support.servers import Server

MOMENT = datetime(2024, 2, 29, 23, 30, 15, 123456, UTC)


@dataclass
class Facts:
    """A session that never was."""

    settings: Settings = field(default_factory=lambda: Settings(Defaults(), "demo", parameters={"application_name": "test"}))
    user: str = "demo"
    system_user: str | None = None
    database_name: str = "USER"
    pid: int = 42
    client_address: str | None = "127.0.0.1"
    client_port: int | None = 50000
    server_address: str | None = None
    server_port: int | None = None
    server_started_at: datetime = MOMENT
    configuration_loaded_at: datetime = MOMENT
    transaction_time: datetime = MOMENT
    statement_time: datetime = MOMENT
    query_text: str = "select current_query()"
    schemas: tuple[str, ...] = ("public", "two words")
    notices: list[PgError] = field(default_factory=list)
    known_pids: tuple[int, ...] = (42, 43)
    stopped: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.locks = AdvisoryOwner(AdvisoryLocks(), "USER", self.pid)
        self.notifications = Notifications(Hub(), "USER", self.pid, lambda: None)
        self.temporary = TemporaryObjects()
        self.transaction = Transaction(self.settings, (self.locks, self.notifications))

    def has_schema(self, name: str) -> bool:
        return name in self.schemas

    def notify(self, notice: PgError) -> None:
        self.notices.append(notice)

    def cancel_backend(self, pid: int) -> bool:
        self.stopped.append(("cancel", pid))
        return pid in self.known_pids

    def terminate_backend(self, pid: int) -> bool:
        self.stopped.append(("terminate", pid))
        return pid in self.known_pids


def call(name: str, *arguments: Any, facts: SessionFacts | None = None) -> Any:
    return asyncio.run(evaluate(facts or Facts(), name, arguments))


def test_planner_and_session_know_the_same_functions() -> None:
    assert set(FUNCTIONS) == set(SESSION_FUNCTIONS)


def test_the_waiting_ones_are_coroutines() -> None:
    assert {name for name, function in FUNCTIONS.items() if inspect.iscoroutinefunction(function)} == WAITING


@pytest.mark.parametrize(
    "name", sorted(name for name in SESSION_FUNCTIONS if name != "system_user" and not name.startswith("pgiris_"))
)  # of PostgreSQL 16; our own
def test_signatures_are_those_of_postgres(name: str, postgres: Server) -> None:
    connection = pq.PGconn.connect(postgres.dsn().encode())
    connection.notice_handler = lambda result: None
    try:
        connection.exec_(b'CREATE EXTENSION IF NOT EXISTS "uuid-ossp"; CREATE EXTENSION IF NOT EXISTS pgcrypto')
        for function in SESSION_FUNCTIONS[name]:
            arguments = ", ".join(f"${number}" for number, _ in enumerate(function.arguments, 1))
            called = name if not arguments and name in _KEY_WORDS else f"{name}({arguments})"
            if arguments and name in _KEY_WORDS:
                called = f"{name}(3)"
            types = [] if called.endswith("(3)") else list(function.arguments)
            assert connection.prepare(b"", f"SELECT {called}".encode(), types).status == pq.ExecStatus.COMMAND_OK, called
            assert connection.describe_prepared(b"").ftype(0) == function.result, called
            if name not in _KEY_WORDS:
                volatile = connection.exec_(f"SELECT provolatile = 'v' FROM pg_proc WHERE proname = '{name}'".encode())
                assert (volatile.get_value(0, 0) == b"t") == function.volatile or name in _VOLATILE_WITHOUT_EFFECT
    finally:
        connection.finish()


_KEY_WORDS = {
    "current_catalog", "current_date", "current_role", "current_time", "current_timestamp", "localtime", "localtimestamp", "user",
    "current_user", "session_user",
}  # fmt: skip
_VOLATILE_WITHOUT_EFFECT = {"pg_is_in_recovery"}

ANSWERS: dict[tuple[Any, ...], Any] = {
    ("current_user",): "demo",
    ("session_user",): "demo",
    ("system_user",): None,
    ("current_database",): "USER",
    ("pg_backend_pid",): 42,
    ("inet_client_addr",): "127.0.0.1",
    ("inet_server_port",): None,
    ("current_schema",): "public",
    ("current_schemas", "false"): "{public}",
    ("current_schemas", True): "{pg_catalog,public}",
    ("current_setting", "application_name"): "test",
    ("current_setting", "no.such", "true"): None,
    ("current_setting", None): None,
    ("current_setting", "no.such", None): None,
    ("set_config", "work_mem", "1MB", "f"): "1MB",
    ("set_config", "work_mem", None, None): "4MB",
    ("now",): "2024-02-29 23:30:15.123456",
    ("current_timestamp", "2"): "2024-02-29 23:30:15.12",
    ("current_timestamp", 0): "2024-02-29 23:30:15",
    ("current_date",): "2024-02-29",
    ("localtime",): "23:30:15.123456",
    ("localtimestamp", 3): "2024-02-29 23:30:15.123",
    ("current_time", 1): "23:30:15.1+00",
    ("pg_client_encoding",): "UTF8",
    ("pg_postmaster_start_time",): "2024-02-29 23:30:15.123456",
    ("current_query",): "select current_query()",
    ("pg_sleep", "0.001"): "",
    ("pg_sleep", -1.0): "",
    ("pg_sleep_for", "00:00:00.001"): "",
    ("pg_sleep_until", "2000-01-01 00:00:00"): "",
    ("pg_notify", "channel", None): "",
    ("pg_advisory_lock", 1): "",
    ("pg_advisory_lock", None): None,
    ("pg_try_advisory_lock", "1", "2"): True,
    ("pg_advisory_unlock_all",): "",
    ("pg_blocking_pids", 42): "{}",
    ("pg_cancel_backend", 43): True,
    ("pg_terminate_backend", 43, 1000): True,
    ("pg_is_in_recovery",): False,
}


@pytest.mark.parametrize("named", ANSWERS)
def test_a_function_answers(named: tuple[Any, ...]) -> None:
    assert call(*named) == ANSWERS[named]


def test_time_is_told_in_the_sessions_zone() -> None:
    facts = Facts()
    facts.settings.set("timezone", "Asia/Kolkata")
    answers = {name: call(name, facts=facts) for name in ("now", "localtimestamp", "current_date", "current_time")}
    assert answers == {
        "now": "2024-02-29 23:30:15.123456",
        "localtimestamp": "2024-03-01 05:00:15.123456",
        "current_date": "2024-03-01",
        "current_time": "05:00:15.123456+05:30",
    }
    assert re.fullmatch(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4} IST", call("timeofday", facts=facts))


REFUSED: dict[tuple[Any, ...], str] = {
    ("current_setting", "no.such"): "42704",
    ("set_config", None, "x", False): "22004",
    ("set_config", "work_mem", "x", False): "22023",
    ("set_config", "work_mem", "1MB", "maybe"): "22P02",
    ("pg_sleep", "soon"): "22P02",
    ("pg_notify", None, "x"): "22023",
    ("pg_notify", "c", "x" * 8000): "22023",
    ("pg_advisory_lock", str(1 << 63)): "22003",
    ("pg_advisory_lock", "1", str(1 << 31)): "22003",
    ("pg_terminate_backend", 43, -1): "22003",
    ("no_such_function",): "42883",
    ("now", "1"): "42883",
}


@pytest.mark.parametrize("named", REFUSED)
def test_a_function_refuses(named: tuple[Any, ...]) -> None:
    with pytest.raises(PgError) as caught:
        call(*named)
    assert caught.value.code == REFUSED[named]


def test_schemas_with_strange_names_are_quoted() -> None:
    facts = Facts()
    facts.settings.set("search_path", '"two words", nowhere, pg_catalog')
    assert call("current_schemas", True, facts=facts) == '{"two words",pg_catalog}'
    assert call("current_schema", facts=facts) == "two words"


def test_set_config_in_a_transaction_obeys_it() -> None:
    facts = Facts()
    facts.transaction.start()
    call("set_config", "work_mem", "1MB", "true", facts=facts)
    assert facts.settings.show("work_mem") == "1MB"
    facts.transaction.finish()
    assert facts.settings.show("work_mem") == "4MB"


def test_set_config_keeps_the_rules_of_transaction_modes() -> None:
    facts = Facts()
    facts.transaction.start()
    facts.transaction._queried = True
    with pytest.raises(PgError, match="must be called before any query"):
        call("set_config", "transaction_isolation", "read uncommitted", "true", facts=facts)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (("pg_advisory_unlock", 1), "you don't own a lock of type ExclusiveLock"),
        (("pg_advisory_unlock_shared", 1, 2), "you don't own a lock of type ShareLock"),
        (("pg_cancel_backend", 99), "PID 99 is not a PostgreSQL backend process"),
        (("pg_terminate_backend", 99), "PID 99 is not a PostgreSQL backend process"),
    ],
)
def test_what_cannot_be_done_is_false_with_a_warning(named: tuple[Any, ...], message: str) -> None:
    facts = Facts()
    assert call(*named, facts=facts) is False
    assert [(notice.severity, notice.code, notice.message) for notice in facts.notices] == [("WARNING", "01000", message)]


def test_locks_are_of_their_level() -> None:
    facts = Facts()
    call("pg_advisory_lock", 7, facts=facts)
    call("pg_advisory_xact_lock_shared", 8, facts=facts)
    assert facts.locks.unlock((8,), Mode.SHARED) is False
    facts.locks.end(True)
    assert call("pg_advisory_unlock", 7, facts=facts) is True
    assert not facts.locks.holds_session_locks


def test_notifications_go_through_the_transaction() -> None:
    facts = Facts()
    facts.notifications.listen("c")
    call("pg_notify", "c", "hello", facts=facts)
    assert facts.notifications.take() == []
    facts.notifications.end(True)
    assert facts.notifications.take() == [Notification(42, "c", "hello")]


def test_random_values_differ() -> None:
    assert len({call("gen_random_uuid") for _ in range(9)}) == 9
    assert all(0 <= call("random") < 1 for _ in range(9))


def test_the_version_is_one_that_clients_can_read() -> None:
    assert re.match(r"PostgreSQL (\d+)\.(\d+) \(pgiris \d", call("version"))
