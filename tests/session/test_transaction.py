"""Transactions: PostgreSQL's answers to transactions.txt, from PostgreSQL and from the state machine over a small backend."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from psycopg import pq

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.session.settings import Defaults, Settings
from pgiris.session.transaction import (
    COMMANDS,
    SAVEPOINT_LEVELS,
    Action,
    Outcome,
    Transaction,
)
from pgiris.sql import commands, cursor_commands, setting_commands, transaction_commands
from pgiris.sql.commands import parse_command
from pgiris.sql.plan import Effect, Plan, Target
from tests.support.servers import Server


@dataclass
class Step:
    """One Query, or with several texts a pipeline; what it answers: tags and SQLSTATEs, notices, status."""

    pipeline: bool
    texts: list[str]
    expected: str


def read_scripts() -> dict[str, list[Step]]:
    scripts: dict[str, list[Step]] = {}
    for line in Path(__file__).with_name("transactions.txt").read_text().splitlines():
        if line.startswith("# "):
            steps = scripts.setdefault(line[2:], [])
        elif line[:1] in (">", "|"):
            pipeline = line[0] == "|"
            steps.append(Step(pipeline, [text.strip() for text in line[1:].split("|" if pipeline else ";")], ""))
        elif line:
            steps[-1].expected = line.strip()
    return scripts


SCRIPTS = read_scripts()


# PostgreSQL


def connect(server: Server) -> pq.abc.PGconn:
    """A connection to PostgreSQL with an empty table ``t``."""
    connection = pq.PGconn.connect(server.dsn().encode())
    connection.notice_handler = lambda result: None
    connection.exec_(b"DROP TABLE IF EXISTS t; CREATE TABLE t (a int)")
    return connection


@pytest.mark.parametrize("title", SCRIPTS)
def test_postgres_answers_as_the_script_says(title: str, postgres: Server) -> None:
    connection = connect(postgres)
    try:
        for step in SCRIPTS[title]:
            assert run_on_postgres(connection, step) == step.expected, step.texts
    finally:
        connection.finish()


def run_on_postgres(connection: pq.abc.PGconn, step: Step) -> str:
    notices: list[str] = []
    connection.notice_handler = lambda result: notices.append(_field(result, pq.DiagnosticField.SQLSTATE))
    results = _pipeline(connection, step.texts) if step.pipeline else _query(connection, step.texts)
    status = {pq.TransactionStatus.INTRANS: "T", pq.TransactionStatus.INERROR: "E"}.get(connection.transaction_status, "I")
    return _line(results, notices, status)


def _query(connection: pq.abc.PGconn, texts: list[str]) -> list[str]:
    connection.send_query("; ".join(texts).encode())
    results = []
    while (result := connection.get_result()) is not None:
        results.append(_answer(result))
    return results


def _pipeline(connection: pq.abc.PGconn, texts: list[str]) -> list[str]:
    connection.enter_pipeline_mode()
    for text in texts:
        connection.send_query_params(text.encode(), None)
    connection.pipeline_sync()
    results = []
    while True:
        result = connection.get_result()
        if result is None:
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            break
        results.append(_answer(result))
    connection.exit_pipeline_mode()
    return results


def _answer(result: pq.abc.PGresult) -> str:
    if result.status == pq.ExecStatus.FATAL_ERROR:
        return _field(result, pq.DiagnosticField.SQLSTATE)
    if result.status == pq.ExecStatus.PIPELINE_ABORTED:
        return ""
    tag = (result.command_status or b"").decode()
    tag = tag.split()[0] if tag.startswith(("INSERT", "SELECT")) else tag
    return f"{tag}={(result.get_value(0, 0) or b'').decode()}" if result.ntuples else tag


def _field(result: pq.abc.PGresult, code: pq.DiagnosticField) -> str:
    return (result.error_field(code) or b"").decode()


def _line(results: list[str], notices: list[str], status: str) -> str:
    return f"{', '.join(filter(None, results))} [{' '.join(notices)}] {status}".strip()


# The state machine


@dataclass
class Backend:
    """One table that remembers only how many rows it has, with IRIS's transactions: rolling back to a savepoint removes it."""

    rows: int = 0
    before: int | None = None
    savepoints: list[tuple[str, int]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def take(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            self.sent.append(action.action)
            getattr(self, action.action)(action)

    def begin(self, action: Action) -> None:
        assert self.before is None
        self.before = self.rows

    def commit(self, action: Action) -> None:
        assert self.before is not None
        self.before = None
        self.savepoints.clear()

    def rollback(self, action: Action) -> None:
        assert self.before is not None
        self.rows, self.before = self.before, None
        self.savepoints.clear()

    def savepoint(self, action: Action) -> None:
        assert self.before is not None
        assert action.name not in [name for name, _ in self.savepoints]
        self.savepoints.append((action.name, self.rows))

    def rollback_to(self, action: Action) -> None:
        place = [name for name, _ in self.savepoints].index(action.name)
        self.rows = self.savepoints[place][1]
        del self.savepoints[place:]


SELECT = Plan(Target.BACKEND, "SELECT")
INSERT = Plan(Target.BACKEND, "INSERT", Effect.WRITE)


class Machine:
    """What a session does with a transaction, without a client and without a worker."""

    def __init__(self) -> None:
        self.backend = Backend()
        defaults = Defaults({"pgiris.isolation_fallback": "on"})
        self.transaction = Transaction(Settings(defaults, "demo", superuser=True))
        self.notices: list[str] = []

    def step(self, step: Step) -> str:
        self.notices = []
        results: list[str] = []
        transaction = self.transaction
        texts = step.texts if step.pipeline else [text for text in step.texts if text]
        try:
            for number, text in enumerate(texts):
                command = parse_command(text)
                results.append(self.statement(text, command, not step.pipeline and len(texts) > 1, number < len(texts) - 1))
            self.backend.take(transaction.finish())
            transaction.settled()
        except PgError as error:
            results.append(error.code)
            self.backend.take(transaction.failed())
            if step.pipeline:
                self.backend.take(transaction.finish())
                transaction.settled()
        return _line(results, self.notices, transaction.status.decode())

    def statement(self, text: str, command: commands.Command | None, in_block: bool, more: bool) -> str:
        transaction = self.transaction
        plan = SELECT if command is None else Plan(Target.SESSION, command=command)
        transaction.admit(plan)
        transaction.start(in_block)
        if command is not None and type(command) in COMMANDS:
            outcome = transaction.run(command)
            self.notices += [notice.code for notice in outcome.notices if notice.severity == "WARNING"]
            self.backend.take(outcome.actions)
            transaction.settled()
            return outcome.tag
        match command:
            case setting_commands.ShowSetting(name=str(name)):
                return f"SHOW={transaction.settings.show(name)}"
            case cursor_commands.DeclareCursor():
                transaction.require_block("DECLARE CURSOR")
                return "DECLARE CURSOR"
            case setting_commands.Discard():
                transaction.prevent_in_block("DISCARD ALL")
                return "DISCARD ALL"
        return self.query(text, more)

    def query(self, text: str, more: bool) -> str:
        transaction, backend = self.transaction, self.backend
        if text == "vacuum":
            transaction.prevent_in_block("VACUUM")
            return "VACUUM"
        if text.startswith("insert"):
            backend.take(transaction.before(INSERT, more))
            backend.rows += 1
            return "INSERT"
        backend.take(transaction.before(SELECT, more))
        if text == "select 1/0":
            raise PgError(sqlstate.DIVISION_BY_ZERO, "division by zero")
        return f"SELECT={backend.rows if 'count' in text else 1}"


@pytest.mark.parametrize("title", SCRIPTS)
def test_the_machine_answers_as_the_script_says(title: str) -> None:
    machine = Machine()
    for step in SCRIPTS[title]:
        assert machine.step(step) == step.expected, step.texts
        if machine.transaction.status == b"I":
            assert machine.backend.before is None, "the backend's transaction outlives the client's"


# Words for scripts made by chance; the more frequent ones stand twice.
WORDS = (
    "insert into t values(1)", "insert into t values(1)", "select count(*) from t", "select 1", "select 1/0", "begin", "begin",
    "begin read only", "commit", "rollback", "commit and chain", "rollback and chain", "savepoint a", "savepoint a",
    "savepoint b",
    "release a", "release b", "rollback to a", "rollback to a", "rollback to b", "set work_mem = 100", "set work_mem = 200",
    "set local work_mem = 300", "reset work_mem", "set work_mem to default", "show work_mem", "show work_mem",
    "set transaction read only", "set transaction read write", "set default_transaction_read_only = on",
    "set default_transaction_read_only = off", "show transaction_read_only", "set local my.x = 1", "set my.x = 2", "show my.x",
    "begin isolation level serializable", "set transaction isolation level read committed", "show transaction_isolation",
    "set transaction isolation level repeatable read", "set transaction deferrable", "reset all",
    "prepare transaction 'a'", "set session characteristics as transaction isolation level serializable",
)  # fmt: skip


def random_steps(seed: int) -> list[Step]:
    chance = random.Random(seed)
    steps = []
    for _ in range(40):
        texts = chance.choices(WORDS, k=chance.choice((1, 1, 1, 2, 3, 4)))
        steps.append(Step(chance.random() < 0.3, texts, ""))
    return steps


def without_warning_of_errors(line: str) -> str:
    """A command that fails does not warn as well, as it may in PostgreSQL."""
    return re.sub(r"\[.*\]", "", line) if re.search(r"\b[0-9][0-9A-Z]{4} \[", line) else line


@pytest.mark.parametrize("seed", range(20))
def test_scripts_made_by_chance_are_answered_alike(seed: int, postgres: Server) -> None:
    connection, machine = connect(postgres), Machine()
    try:
        for step in random_steps(seed):
            ours, theirs = machine.step(step), run_on_postgres(connection, step)
            assert without_warning_of_errors(ours) == without_warning_of_errors(theirs), step
    finally:
        connection.finish()


# What is sent


def query(text: str) -> Step:
    return Step(False, text.split("; "), "")


SENT = {
    "select 1": "",
    "insert into t values(1)": "",
    "select 1; insert into t values(1)": "",
    "insert into t values(1); select 1": "begin commit",
    "begin; commit": "",
    "begin; savepoint a; release a; commit": "",
    "begin; savepoint a; select 1; rollback to a; commit": "begin commit",
    "begin; savepoint a; insert into t values(1); release a; commit": "begin savepoint commit",
    "begin; savepoint a; insert into t values(1); rollback to a; rollback to a; commit": "begin savepoint rollback_to commit",
    "begin; savepoint a; insert into t values(1); rollback to a; insert into t values(1); rollback": (
        "begin savepoint rollback_to savepoint rollback"
    ),
    "begin; insert into t values(1); select 1/0": "begin rollback",
    "begin; savepoint a; insert into t values(1); select 1/0": "begin savepoint",
}


@pytest.mark.parametrize("text", SENT)
def test_the_backend_is_told_no_more_than_it_must(text: str) -> None:
    machine = Machine()
    machine.step(query(text))
    assert " ".join(machine.backend.sent) == SENT[text]


def test_begin_carries_the_modes() -> None:
    machine = Machine()
    machine.transaction.start()
    machine.transaction.run(transaction_commands.Begin(transaction_commands.TransactionModes("read uncommitted", True)))
    machine.transaction.start()
    assert machine.transaction.before(SELECT) == (Action("begin", isolation="read uncommitted", read_only=True),)


def test_levels_that_iris_lacks_run_as_read_committed_with_a_notice() -> None:
    machine = Machine()
    machine.transaction.start()
    outcome = machine.transaction.run(transaction_commands.Begin(transaction_commands.TransactionModes("serializable")))
    assert [(notice.severity, notice.code) for notice in outcome.notices] == [("NOTICE", "00000")]
    machine.transaction.start()
    assert machine.transaction.before(SELECT)[0].isolation == "read committed"


@pytest.mark.parametrize(
    "text",
    [
        "begin isolation level serializable",
        "start transaction isolation level repeatable read",
        "set transaction isolation level serializable",
        "set session characteristics as transaction isolation level repeatable read",
        "set default_transaction_isolation to serializable",
    ],
)
def test_levels_that_iris_lacks_are_refused_unless_the_fallback_is_on(text: str) -> None:
    transaction = Transaction(Settings(Defaults(), "demo"))
    transaction.start()
    command = parse_command(text)
    assert command is not None
    with pytest.raises(PgError, match="is not supported") as caught:
        transaction.run(command)
    assert caught.value.code == sqlstate.FEATURE_NOT_SUPPORTED
    assert transaction.failed() == ()
    assert transaction.status == b"I"


def test_thousands_of_released_savepoints_do_not_end_a_transaction() -> None:
    machine = Machine()
    machine.step(query("begin"))
    for _ in range(2 * SAVEPOINT_LEVELS):
        machine.step(query("savepoint a"))
        machine.step(query("insert into t values(1)"))
        machine.step(query("release a"))
    assert machine.backend.sent.count("savepoint") == SAVEPOINT_LEVELS
    assert machine.step(query("commit")) == "COMMIT [] I"
    assert machine.backend.rows == 2 * SAVEPOINT_LEVELS


def test_a_savepoint_beyond_iris_levels_cannot_be_returned_to() -> None:
    machine = Machine()
    machine.step(query("begin"))
    for _ in range(SAVEPOINT_LEVELS + 1):
        machine.step(query("savepoint a; insert into t values(1)"))
    assert machine.step(query("rollback to a")) == "54000 [] E"
    assert machine.step(query("rollback")) == "ROLLBACK [] I"
    assert machine.backend.rows == 0


def test_a_savepoint_beyond_iris_levels_can_be_returned_to_when_nothing_was_written() -> None:
    machine = Machine()
    machine.step(query("begin"))
    for _ in range(SAVEPOINT_LEVELS):
        machine.step(query("savepoint a; insert into t values(1)"))
    machine.step(query("savepoint b; select 1"))
    assert machine.step(query("rollback to b")) == "ROLLBACK [] T"


# When the backend fails


def _with(*texts: str) -> Machine:
    machine = Machine()
    for text in texts:
        machine.step(query(text))
    return machine


def _run(machine: Machine, text: str) -> Outcome:
    command = parse_command(text)
    assert command is not None
    machine.transaction.start()
    return machine.transaction.run(command)


def test_a_commit_that_fails_leaves_no_transaction_and_undoes_settings() -> None:
    machine = _with("begin; set work_mem = 100; insert into t values(1)")
    outcome = _run(machine, "commit and chain")
    assert outcome.commits and outcome.actions
    assert [action.action for action in machine.transaction.failed()] == ["rollback"]
    assert machine.transaction.status == b"I"
    assert machine.transaction.settings.show("work_mem") == "4MB"


def test_a_rollback_to_that_fails_leaves_only_rollback() -> None:
    machine = _with("begin; savepoint a; insert into t values(1)")
    assert _run(machine, "rollback to a").actions
    machine.backend.take(machine.transaction.failed())
    assert machine.transaction.status == b"E"
    assert machine.step(query("rollback to a")) == "3B001 [] E"
    assert machine.step(query("rollback")) == "ROLLBACK [] I"


@pytest.mark.parametrize(
    ("texts", "status"),
    [((), b"I"), (("begin; insert into t values(1)",), b"E"), (("begin; savepoint a; insert into t values(1)",), b"E")],
)
def test_a_lost_worker_fails_the_block_and_its_savepoints(texts: tuple[str, ...], status: bytes) -> None:
    machine = _with(*texts)
    machine.transaction.start()
    machine.transaction.lost()
    assert machine.transaction.status == status
    if status == b"E":
        assert machine.step(query("rollback to a")) == "3B001 [] E"
        machine.backend.sent.clear()
        assert machine.step(query("rollback")) == "ROLLBACK [] I"
        assert machine.backend.sent == []


# Participants


@dataclass
class Diary:
    """A participant that writes down what it hears."""

    entries: list[str] = field(default_factory=list)
    pending: bool = True

    def mark(self) -> int:
        return len(self.entries)

    def rollback_to(self, mark: int) -> None:
        self.entries.append(f"back to {mark}")

    def end(self, committed: bool) -> None:
        self.entries.append("committed" if committed else "rolled back")


def _hears(*texts: str) -> list[str]:
    machine = Machine()
    diary = Diary()
    machine.transaction.participants = (diary,)
    for text in texts:
        machine.step(query(text))
    return diary.entries


HEARD: dict[str, tuple[Callable[[], list[str]], list[str]]] = {
    "one statement": (lambda: _hears("select 1"), ["committed"]),
    "a failed statement": (lambda: _hears("select 1/0"), ["rolled back"]),
    "a block": (lambda: _hears("begin", "select 1", "commit"), ["committed"]),
    "a block rolled back": (lambda: _hears("begin", "rollback"), ["rolled back"]),
    "back to a savepoint": (lambda: _hears("begin", "savepoint a", "rollback to a", "commit"), ["back to 0", "committed"]),
    "an error after a savepoint": (lambda: _hears("begin; savepoint a", "select 1/0"), ["back to 0"]),
    "an error in a block": (lambda: _hears("begin", "select 1/0"), ["rolled back"]),
}


@pytest.mark.parametrize("what", HEARD)
def test_participants_hear_how_transactions_and_savepoints_end(what: str) -> None:
    hear, expected = HEARD[what]
    assert hear() == expected
