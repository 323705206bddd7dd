"""Probe: questions about a real IRIS that the manual leaves open, asked in SQL, and answered by what comes back.

In: a session. Out: Answers, with values, Python types, errors and times as they are; nothing is judged. iris-reference 16
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pgiris.backend.base import BackendSession, ListValue, Shape
from pgiris.conformance.check import SCHEMA, Open
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Oid

T = f"{SCHEMA}.probe"
_TYPES = (
    "b BIT, ti TINYINT, si SMALLINT, i INTEGER, bi BIGINT, n NUMERIC(10,2), d DOUBLE, c CHAR(3), v VARCHAR(50), lv LONGVARCHAR,"
    " vb VARBINARY(10), lb LONGVARBINARY, dt DATE, tm TIME, ts TIMESTAMP, u UNIQUEIDENTIFIER, ve VECTOR(DOUBLE, 3)"
)


@dataclass(frozen=True)
class Answer:
    """number: of the question in iris-reference 16."""

    number: int
    question: str
    answer: str
    seconds: float


def shown(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 200 else text[:200] + '...'} ({type(value).__name__})"


def failure(error: PgError) -> str:
    return f"error {error.code}: {error.message}; {error.detail}"


class Asker:
    def __init__(self, open_session: Open) -> None:
        self._open = open_session
        self.session = open_session()
        self.answers: list[Answer] = []

    def further(self) -> BackendSession:
        return self._open()

    def sql(self, sql: str, *values: Any, session: BackendSession | None = None, types: Sequence[Oid] = ()) -> str:
        """What a statement gives."""
        try:
            found = (session or self.session).execute(sql, values, Shape(tuple(types)))
            if found.columns is None:
                return f"row count {found.row_count}"
            rows = found.fetch(20)
            described = ", ".join(f"{column.name}:{column.oid}" for column in found.columns)
            found.close()
            return f"[{described}] " + "; ".join(", ".join(map(shown, row)) for row in rows)
        except PgError as error:
            return failure(error)

    def ask(self, number: int, question: str, work: Callable[[], object]) -> None:
        began = time.monotonic()
        try:
            answer = str(work())
        except PgError as error:
            answer = failure(error)
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        self.answers.append(Answer(number, question, answer, time.monotonic() - began))

    def ask_sql(self, number: int, sql: str, *values: Any) -> None:
        self.ask(number, sql + (f"  with {values!r}" if values else ""), lambda: self.sql(sql, *values))


def probe(open_session: Open) -> Iterator[Answer]:
    """All questions, one after the other. Tables are made in a schema of their own and dropped."""
    asker = Asker(open_session)
    try:
        for group in _GROUPS:
            asker.answers.clear()
            group(asker)
            yield from asker.answers
    finally:
        for name in (T, f"{T}_key", f"{T}_vectors"):
            asker.sql(f"DROP TABLE {name}")
        asker.session.close()


def _process(asker: Asker) -> None:
    asker.ask_sql(1, "SELECT $JOB, $NAMESPACE, $USERNAME, $TLEVEL, $ZVERSION")
    asker.ask_sql(1, "SELECT $ZTIMEZONE, $HOROLOG, CURRENT_TIMESTAMP")
    asker.ask(13, "time to open a session", lambda: _opened(asker, 1))
    asker.ask(13, "time to open ten more, one by one", lambda: _opened(asker, 10))


def _opened(asker: Asker, count: int) -> str:
    for _ in range(count):
        asker.further().close()
    return f"{count} opened and closed"


def _threads(asker: Asker) -> None:
    def ticks() -> str:
        """How far a thread counts while another one waits for IRIS: none when the driver keeps the interpreter to itself."""
        counted = 0
        stop = threading.Event()

        def count() -> None:
            nonlocal counted
            while not stop.wait(0.05):
                counted += 1

        ticker = threading.Thread(target=count)
        ticker.start()
        began = time.monotonic()
        told = asker.sql(
            "SELECT COUNT(*) FROM INFORMATION_SCHEMA.COLUMNS a, INFORMATION_SCHEMA.COLUMNS b WHERE a.ORDINAL_POSITION = 1"
        )
        took = time.monotonic() - began
        stop.set()
        ticker.join()
        return f"{counted} ticks of 0.05 s in {took:.2f} s; {told}"

    asker.ask(3, "does a thread run while a statement does", ticks)


def _counts(asker: Asker) -> None:
    asker.ask_sql(4, f"CREATE TABLE {T} (a INTEGER, {_TYPES})")
    for sql in (
        f"INSERT INTO {T} (a) VALUES (1)",
        f"INSERT INTO {T} (a) SELECT a + 1 FROM {T}",
        f"UPDATE {T} SET a = a WHERE a > 0",
        f"UPDATE {T} SET a = a WHERE a > 99",
        f"DELETE FROM {T} WHERE a = 2",
        f"DELETE FROM {T} WHERE a = 99",
    ):
        asker.ask_sql(4, sql)
    asker.ask(4, "last identity", lambda: asker.session.last_identity())
    asker.ask_sql(4, "SELECT LAST_IDENTITY()")


def _values(asker: Asker) -> None:
    asker.ask_sql(5, f"DELETE FROM {T}")
    columns = [part.split()[0] for part in _TYPES.split(", ") if not part.endswith("3)")] + ["ve"]
    asker.ask(
        5,
        "a row with a value in each column",
        lambda: asker.sql(
            f"INSERT INTO {T} (a, {', '.join(columns)}) VALUES (1, {'?, ' * (len(columns) - 1)}TO_VECTOR(?, DOUBLE, 3))",
            1, -5, -300, 70000, 2**40, "1.50", 0.1, "abc", "Ünï€", "long text", b"\x00\xff", b"\x01" * 50, "2024-02-29",
            "12:34:56.5", "2024-02-29 12:34:56.123456", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "1,2,3",
        ),
    )  # fmt: skip
    asker.ask_sql(5, f"INSERT INTO {T} (a, v) VALUES (2, ?)", "")
    asker.ask_sql(5, f"INSERT INTO {T} (a, v) VALUES (3, ?)", None)
    for column in columns:
        asker.ask_sql(5, f"SELECT {column} FROM {T} ORDER BY a")
    asker.ask_sql(5, "SELECT 1, 'a', 1.5, NULL")
    asker.ask_sql(5, "SELECT ?", "x")
    asker.ask(5, "described columns of the whole table", lambda: asker.session.prepare(f"SELECT * FROM {T}"))
    asker.ask(5, "described columns of literals", lambda: asker.session.prepare("SELECT 1, 'a', 1.5, NULL, ?, COUNT(*)"))
    asker.ask(5, "a list of numbers with %INLIST", lambda: asker.sql(f"SELECT a FROM {T} WHERE a %INLIST ?", ListValue((1, 3))))
    asker.ask(
        5,
        "a list of decimals with %INLIST",
        lambda: asker.sql(f"SELECT a FROM {T} WHERE n %INLIST ?", ListValue(("1.50",)), types=(oids.NUMERIC_ARRAY,)),
    )
    asker.ask(
        5,
        "a list of dates with %INLIST",
        lambda: asker.sql(f"SELECT a FROM {T} WHERE dt %INLIST ?", ListValue(("2024-02-29",)), types=(oids.DATE_ARRAY,)),
    )


def _syntax(asker: Asker) -> None:
    for sql in (
        f"INSERT INTO {T} (a) VALUES (10), (11)",
        f"SELECT a FROM {T} ORDER BY a LIMIT 1",
        f"SELECT a FROM (SELECT a FROM {T} LIMIT 1)",
        f"WITH x (b) AS (SELECT a FROM {T}) SELECT b FROM x",
        f"WITH x AS (SELECT a FROM {T}) INSERT INTO {T} (a) SELECT a FROM x WHERE 1 = 0",
        f"SELECT a FROM {T} ORDER BY a NULLS LAST",
        f"SELECT a FROM {T} WHERE a IS DISTINCT FROM 1",
        f"SELECT COUNT(*) FILTER (WHERE a = 1) FROM {T}",
        f"SELECT a, COUNT(*) FROM {T} GROUP BY 1",
        "SELECT 7 / 2, 'a' || 'b', CASE WHEN 1 != 2 THEN 1 END",
        "SELECT TRUE",
        "SELECT 1 UNION SELECT 2 INTERSECT SELECT 2",
        f"SELECT TOP 0 a FROM {T}",
    ):
        asker.ask_sql(6, sql)
    asker.ask_sql(6, f"SELECT a FROM {T} ORDER BY a LIMIT ? OFFSET ?", 1, 0)
    asker.ask_sql(6, f"SELECT TOP ? a FROM {T} ORDER BY a", 1)


def _errors(asker: Asker) -> None:
    asker.ask_sql(7, f"CREATE TABLE {T}_key (a SMALLINT NOT NULL, b VARCHAR(5), CONSTRAINT pgiris_probe PRIMARY KEY (a))")
    asker.ask_sql(7, f"INSERT INTO {T}_key (a) VALUES (1)")
    for sql in (
        "SELECT FROM WHERE",
        f"SELECT nothing FROM {T}",
        f"SELECT a FROM {SCHEMA}.nowhere",
        f"INSERT INTO {T}_key (a) VALUES (1)",
        f"INSERT INTO {T}_key (a) VALUES (NULL)",
        f"INSERT INTO {T}_key (a) VALUES (70000)",
        f"INSERT INTO {T}_key (a, b) VALUES (2, 'too long')",
        f"INSERT INTO {T}_key (a) VALUES ('word')",
        f"INSERT INTO {T} (dt) VALUES ('2024-02-30')",
        "SELECT 1 / 0",
        "SELECT no_such_function(1)",
        "SELECT a FROM",
        f"SELECT a FROM {T};",
        f"SELECT a FROM {T} WHERE a = 1 = 1",
    ):
        asker.ask_sql(7, sql)


def _locks_and_cancel(asker: Asker) -> None:
    other = asker.further()
    try:
        asker.session.begin("read committed", False)
        asker.ask(7, "a row is changed and not committed", lambda: asker.sql(f"UPDATE {T}_key SET b = 'x' WHERE a = 1"))
        other.set_lock_timeout(2)
        asker.ask(7, "another session reads it", lambda: asker.sql(f"SELECT a, b FROM {T}_key", session=other))
        asker.ask(7, "another session changes it", lambda: asker.sql(f"UPDATE {T}_key SET b = 'y' WHERE a = 1", session=other))

        def interrupted() -> str:
            timer = threading.Timer(1.0, other.interrupt)
            other.set_lock_timeout(10)
            timer.start()
            told = asker.sql(f"UPDATE {T}_key SET b = 'y' WHERE a = 1", session=other)
            timer.join()
            return told

        asker.ask(8, "it is cancelled after 1 s while it waits for that lock (10 s)", interrupted)
        asker.session.rollback()

        def long_query() -> str:
            timer = threading.Timer(1.0, asker.session.interrupt)
            timer.start()
            told = asker.sql(
                "SELECT COUNT(*) FROM INFORMATION_SCHEMA.COLUMNS a, INFORMATION_SCHEMA.COLUMNS b, INFORMATION_SCHEMA.COLUMNS c"
            )
            timer.join()
            return told

        asker.session.begin("read committed", False)
        asker.sql(f"UPDATE {T}_key SET b = 'z' WHERE a = 1")
        asker.ask(8, "a long query is cancelled after 1 s", long_query)
        asker.ask_sql(8, "SELECT $TLEVEL")
        asker.session.rollback()
        other.interrupt()
        asker.ask(8, "a session that was idle was cancelled, then works", lambda: asker.sql("SELECT 1", session=other))
    finally:
        other.close()


def _transactions(asker: Asker) -> None:
    session = asker.session
    session.begin("read committed", False)
    for sql in (
        "SELECT $TLEVEL",
        "SAVEPOINT one",
        "SELECT $TLEVEL",
        f"INSERT INTO {T}_key (a) SELECT a + 1 FROM {T}_key UNION ALL SELECT a FROM {T}_key",
        f"SELECT COUNT(*) FROM {T}_key",
        "ROLLBACK TO SAVEPOINT one",
        "SELECT $TLEVEL",
        "ROLLBACK TO SAVEPOINT one",
        "SELECT $TLEVEL",
    ):
        asker.ask_sql(9, sql)
    session.rollback()
    for sql in (
        "START TRANSACTION",
        f"INSERT INTO {T}_key (a) VALUES (50)",
        f"CREATE TABLE {T}_vectors (a INTEGER, v VECTOR(DOUBLE, 3))",
        "SELECT $TLEVEL",
        "ROLLBACK",
        f"SELECT COUNT(*) FROM {T}_key WHERE a = 50",
        f"SELECT COUNT(*) FROM {T}_vectors",
        "START TRANSACTION",
        f"TRUNCATE TABLE {T}_vectors",
        "SELECT $TLEVEL",
        "ROLLBACK",
    ):
        asker.ask_sql(9, sql)


def _case_and_limits(asker: Asker) -> None:
    asker.ask_sql(10, "SELECT CASE WHEN 'a' = 'A' THEN 1 ELSE 0 END")
    asker.ask_sql(10, f"SELECT DISTINCT v FROM {T}")
    asker.ask_sql(10, f'SELECT "A" FROM {T} WHERE "a" = 1')
    for count in (255, 380, 381, 1000, 5000):
        marks = ", ".join("?" * count)
        asker.ask(
            11,
            f"{count} parameters",
            partial(asker.sql, f"SELECT a FROM {T} WHERE a IN ({marks})", *range(count)),
        )
    long = "x" * 1_000_000
    asker.ask(11, "a statement of a million characters", lambda: asker.sql(f"SELECT COUNT(*) FROM {T} WHERE v <> '{long}'"))


def _vectors(asker: Asker) -> None:
    table = f"{T}_vectors"
    asker.ask_sql(12, f"CREATE TABLE IF NOT EXISTS {table} (a INTEGER, v VECTOR(DOUBLE, 3))")
    asker.ask_sql(12, f"CREATE INDEX probe_hnsw ON {table} (v) AS HNSW(Distance='Cosine', M=16, efConstruction=64)")
    for number in range(50):
        asker.sql(f"INSERT INTO {table} (a, v) VALUES (?, TO_VECTOR(?, DOUBLE, 3))", number, f"1,{number},2")
    for sql in (
        f"SELECT TOP 3 a FROM {table} ORDER BY VECTOR_COSINE(v, TO_VECTOR('1,2,3', DOUBLE, 3)) DESC",
        f"EXPLAIN SELECT TOP 3 a FROM {table} ORDER BY VECTOR_COSINE(v, TO_VECTOR('1,2,3', DOUBLE, 3)) DESC",
        f"SELECT VECTOR_COSINE(v, TO_VECTOR('1,2', DOUBLE, 2)) FROM {table} WHERE a = 1",
        f"SELECT VECTOR_COSINE(v, TO_VECTOR('1,2,3', FLOAT, 3)) FROM {table} WHERE a = 1",
        f"SELECT VECTOR_COSINE(v, '1,2,3') FROM {table} WHERE a = 1",
    ):
        asker.ask_sql(12, sql)
    asker.ask_sql(12, f"SELECT TOP 3 a FROM {table} ORDER BY VECTOR_COSINE(v, TO_VECTOR(?, DOUBLE, 3)) DESC", "1,2,3")


def _schema(asker: Asker) -> None:
    asker.ask(14, "the version of the schema, cold", lambda: asker.session.schema_version())
    asker.ask(14, "the version of the schema, warm", lambda: asker.session.schema_version())
    asker.ask(14, "relations in the whole schema", lambda: len(asker.session.introspect().relations))
    asker.ask(14, "relations once more", lambda: len(asker.session.introspect().relations))
    asker.ask_sql(14, "SELECT TOP 5 Name, TimeChanged FROM %Dictionary.ClassDefinition WHERE NOT Name %STARTSWITH '%'")
    asker.ask_sql(14, "SELECT TOP 5 Name, Type FROM %Dictionary.CompiledProperty WHERE parent = 'PGIRIS.Conformance.probe'")
    asker.ask_sql(14, "SELECT TOP 3 * FROM %Library.SQLCatalogPriv_SQLUserPrivs(?)", "_SYSTEM")
    asker.ask_sql(14, "SELECT TOP 3 * FROM INFORMATION_SCHEMA.TRIGGERS WHERE NOT TABLE_SCHEMA %STARTSWITH '%'")
    asker.ask_sql(14, "SELECT TOP 3 * FROM INFORMATION_SCHEMA.ROUTINES WHERE NOT ROUTINE_SCHEMA %STARTSWITH '%'")
    asker.ask_sql(
        14,
        "SELECT COLUMN_NAME, DATA_TYPE, ODBCTYPE FROM INFORMATION_SCHEMA.COLUMNS"
        f" WHERE TABLE_SCHEMA = '{SCHEMA}' AND TABLE_NAME = 'probe'",
    )
    _sizes(asker)
    for option in (
        "ANSIPrecedence",
        "IsolationMode",
        "SupportDelimitedIdentifiers",
        "DefaultSchema",
        "LockTimeout",
        "AutoCommit",
    ):
        asker.ask_sql(15, f"SELECT %SYSTEM_SQL.Util_GetOption('{option}')")


def _sizes(asker: Asker) -> None:
    """What backend/live/sizes.py takes for granted."""
    listed = "SELECT TOP 5 * FROM %SYS.GlobalQuery_NameSpaceList($NAMESPACE, '*', 0)"
    asker.ask_sql(14, listed)
    asker.ask_sql(14, "SELECT TOP 5 s.* FROM %Dictionary.CompiledStorage s WHERE s.parent = 'PGIRIS.Conformance.probe'")
    asker.ask_sql(14, "SELECT TOP 5 * FROM %Dictionary.CompiledStorageIndex WHERE parent = 'PGIRIS.Conformance.probe||Default'")
    asker.ask_sql(14, "SELECT TOP 5 * FROM %Dictionary.CompiledStorageData WHERE parent = 'PGIRIS.Conformance.probe||Default'")
    place = _place(asker.session, listed)
    for fast in (1, 2):
        asker.ask_sql(14, f"SELECT TOP 5 * FROM %SYS.GlobalQuery_Size(?, ?, '*', 0, NULL, {fast})", place, None)
    asker.ask_sql(14, f"CALL %SYS.GlobalQuery_Size('{place}', '', '*',,,2)")
    asker.ask(14, "sizes", lambda: asker.session.sizes().database)
    asker.ask(14, "sizes once more", lambda: asker.session.sizes().database)


def _place(session: BackendSession, listed: str) -> str:
    """The directory of a database; empty where none is told."""
    try:
        rows = session.execute(listed, ())
        found = rows.fetch(1)
        rows.close()
    except PgError:
        return ""
    return str(found[0][1]).rpartition("^")[2] if found else ""


_GROUPS: tuple[Callable[[Asker], None], ...] = (
    _process,
    _threads,
    _counts,
    _values,
    _syntax,
    _errors,
    _locks_and_cancel,
    _transactions,
    _case_and_limits,
    _vectors,
    _schema,
)
