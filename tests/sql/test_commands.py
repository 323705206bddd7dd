"""Session commands: what they mean, and PostgreSQL's own word on what is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import pq

from pgiris.errors import PgError
from pgiris.sql.commands import Command, Listen, Notify, Unlisten, parse_command
from pgiris.sql.cursor_commands import CloseCursor, DeclareCursor, Direction, Fetch
from pgiris.sql.prepare_commands import Deallocate, Execute, Prepare
from pgiris.sql.scanner import NAME_BYTES
from pgiris.sql.setting_commands import Discard, DiscardWhat, ResetSetting, SetSetting, ShowSetting, quote_identifier
from pgiris.sql.transaction_commands import (
    Begin,
    Commit,
    FinishPrepared,
    PrepareTransaction,
    Release,
    Rollback,
    RollbackTo,
    Savepoint,
    SetConstraints,
    SetTransaction,
    TransactionModes,
)
from tests.support.servers import Server

LONG = "a" * 70

COMMANDS: dict[str, Command] = {
    # transactions
    "BEGIN": Begin(),
    "begin work;": Begin(),
    "/* a /* nested */ comment */ begin -- and another\n transaction ; ;": Begin(),
    "begin isolation level serializable read only, not deferrable": Begin(TransactionModes("serializable", True, False)),
    "START TRANSACTION": Begin(tag="START TRANSACTION"),
    "start transaction isolation level repeatable read, read write deferrable": Begin(
        TransactionModes("repeatable read", False, True), "START TRANSACTION"
    ),
    "begin isolation level read uncommitted": Begin(TransactionModes("read uncommitted")),
    "begin read only read write": Begin(TransactionModes(read_only=False)),
    "COMMIT": Commit(),
    "commit work and chain": Commit(chain=True),
    "commit and no chain": Commit(),
    "END transaction": Commit(),
    "ROLLBACK": Rollback(),
    "abort work and chain": Rollback(chain=True),
    "rollback to a": RollbackTo("a"),
    'ROLLBACK WORK TO SAVEPOINT "A b"': RollbackTo("A b"),
    "rollback transaction to savepoint": RollbackTo("savepoint"),
    "savepoint Sp_1": Savepoint("sp_1"),
    "savepoint Ärger": Savepoint("Ärger"),
    'savepoint "a""b"': Savepoint('a"b'),
    r'savepoint U&"d\0061t\+000061"': Savepoint("data"),
    r"""savepoint U&"d!0061t!+000061" UESCAPE '!'""": Savepoint("data"),
    f"savepoint {LONG}": Savepoint("a" * NAME_BYTES),
    "savepoint " + "ä" * 40: Savepoint("ä" * 31),
    "release a": Release("a"),
    "release savepoint a": Release("a"),
    "release savepoint": Release("savepoint"),
    "prepare transaction 'gid'": PrepareTransaction("gid"),
    "commit prepared 'gid'": FinishPrepared("gid", "COMMIT PREPARED"),
    "rollback prepared 'gid'": FinishPrepared("gid", "ROLLBACK PREPARED"),
    # settings
    "set work_mem = 64": SetSetting("work_mem", "64"),
    "SET WORK_MEM TO '64MB'": SetSetting("work_mem", "64MB"),
    "set session work_mem to default": SetSetting("work_mem", None),
    "set local work_mem to default": SetSetting("work_mem", None, local=True),
    "set local = 1": SetSetting("local", "1"),
    "set session.x to 1": SetSetting("session.x", "1"),
    'set "TimeZone" to Utc': SetSetting("TimeZone", "utc"),
    "set a.b.c = -1.5e3": SetSetting("a.b.c", "-1.5e3"),
    "set a.b = +5": SetSetting("a.b", "5"),
    "set a.b = 99999999999": SetSetting("a.b", "99999999999"),
    "set a.b = true": SetSetting("a.b", "true"),
    "set a.b = on": SetSetting("a.b", "on"),
    "set a.b = off": SetSetting("a.b", "off"),
    r"set a.b = E'x\'y\x41\u00e9\U0001F600\101\n'": SetSetting("a.b", "x'yAé😀A\n"),
    r"set a.b = E'\303\251'": SetSetting("a.b", "é"),
    r"set a.b = 'x\'": SetSetting("a.b", "x\\"),
    "set a.b = 'it''s'": SetSetting("a.b", "it's"),
    "set a.b = 'one'\n  'two'": SetSetting("a.b", "onetwo"),
    "set a.b = $x$ y $$ $x$": SetSetting("a.b", " y $$ "),
    "set search_path to public, \"$user\", 'A'": SetSetting("search_path", 'public, "$user", "A"'),
    "set search_path = ''": SetSetting("search_path", '""'),
    "set datestyle to iso, 'dmy'": SetSetting("datestyle", "iso, dmy"),
    "set work_mem from current": SetSetting("work_mem", None, from_current=True),
    "set time zone 'Europe/Berlin'": SetSetting("timezone", "Europe/Berlin"),
    "set local time zone utc": SetSetting("timezone", "utc", local=True),
    "set time zone local": SetSetting("timezone", None),
    "set time zone default": SetSetting("timezone", None),
    "set time zone -7.5": SetSetting("timezone", "-7.5"),
    "set time zone interval '-08:00' hour to minute": SetSetting("timezone", "INTERVAL '-08:00'"),
    "set time zone interval(3) '-08:00'": SetSetting("timezone", "INTERVAL '-08:00'"),
    "set time zone interval '5' hour": SetSetting("timezone", "INTERVAL '5 hours'"),
    "set time to 5": SetSetting("time", "5"),
    "set names 'utf8'": SetSetting("client_encoding", "utf8"),
    "set names default": SetSetting("client_encoding", None),
    "set names": SetSetting("client_encoding", None),
    "set schema 'My'": SetSetting("search_path", '"My"'),
    "set role none": SetSetting("role", "none"),
    'set local role "Bob"': SetSetting("role", "Bob", local=True),
    "set role to x": SetSetting("role", "x"),
    "set session authorization default": SetSetting("session_authorization", None),
    "set session authorization 'bob'": SetSetting("session_authorization", "bob"),
    "set local session authorization bob": SetSetting("session_authorization", "bob", local=True),
    "set xml option content": SetSetting("xmloption", "content"),
    "set transaction isolation level read committed": SetTransaction(TransactionModes("read committed")),
    "set local transaction read only": SetTransaction(TransactionModes(read_only=True)),
    "set session characteristics as transaction read write, deferrable": SetTransaction(
        TransactionModes(read_only=False, deferrable=True), session=True
    ),
    "set constraints all deferred": SetConstraints(True),
    'set constraints a.b, "C" immediate': SetConstraints(False),
    "reset all": ResetSetting(None),
    "reset time zone": ResetSetting("timezone"),
    "reset transaction isolation level": ResetSetting("transaction_isolation"),
    "reset session authorization": ResetSetting("session_authorization"),
    "reset a.b": ResetSetting("a.b"),
    "show all": ShowSetting(None),
    "SHOW TimeZone": ShowSetting("timezone"),
    "show time zone": ShowSetting("timezone"),
    "show transaction isolation level": ShowSetting("transaction_isolation"),
    "show session authorization": ShowSetting("session_authorization"),
    "show session": ShowSetting("session"),
    "discard all": Discard(DiscardWhat.ALL),
    "discard plans": Discard(DiscardWhat.PLANS),
    "discard sequences": Discard(DiscardWhat.SEQUENCES),
    "discard temp": Discard(DiscardWhat.TEMP),
    "discard temporary": Discard(DiscardWhat.TEMP),
    # prepared statements
    "prepare p as select 1;": Prepare("p", (), "select 1"),
    'prepare p (int, numeric(10, 2), text[], "char", timestamp with time zone, a.b) as insert into t values ($1)': Prepare(
        "p", ("int", "numeric(10, 2)", "text[]", '"char"', "timestamp with time zone", "a.b"), "insert into t values ($1)"
    ),
    "prepare transaction as select 1": Prepare("transaction", (), "select 1"),
    "execute p": Execute("p", ()),
    "execute p (1, -2.5, + 3, null, true, 'x', E'a\\nb')": Execute("p", ("1", "-2.5", "3", None, "true", "x", "a\nb")),
    "execute p ('2020-01-01'::date, '1'::double precision, '{a}'::text[], cast('y' as text), date '2020-01-01', (1))": Execute(
        "p", ("2020-01-01", "1", "{a}", "y", "2020-01-01", "1")
    ),
    "deallocate p": Deallocate("p"),
    "deallocate prepare p": Deallocate("p"),
    "deallocate prepare": Deallocate("prepare"),
    "deallocate all": Deallocate(None),
    "deallocate prepare all": Deallocate(None),
    # cursors
    "declare c cursor for select 1": DeclareCursor("c", "select 1"),
    "declare c binary insensitive no scroll cursor with hold for values (1) ;": DeclareCursor(
        "c", "values (1)", scroll=False, hold=True, binary=True
    ),
    "declare c scroll asensitive cursor without hold for (select 1)": DeclareCursor("c", "(select 1)", scroll=True),
    "declare cursor cursor for with x as (select 1) table x": DeclareCursor("cursor", "with x as (select 1) table x"),
    "fetch c": Fetch("c"),
    "fetch from c": Fetch("c"),
    "fetch in c": Fetch("c"),
    "fetch next": Fetch("next"),
    "fetch next next": Fetch("next"),
    "fetch next from c": Fetch("c"),
    "fetch prior c": Fetch("c", Direction.BACKWARD, 1),
    "fetch first from c": Fetch("c", Direction.ABSOLUTE, 1),
    "fetch last in c": Fetch("c", Direction.ABSOLUTE, -1),
    "fetch absolute -3 c": Fetch("c", Direction.ABSOLUTE, -3),
    "fetch relative 0 from c": Fetch("c", Direction.RELATIVE, 0),
    "fetch 10 c": Fetch("c", Direction.FORWARD, 10),
    "fetch - 10 c": Fetch("c", Direction.BACKWARD, 10),
    "fetch 0 c": Fetch("c", Direction.FORWARD, 0),
    "fetch all c": Fetch("c", Direction.FORWARD, None),
    "fetch forward c": Fetch("c"),
    "fetch forward 5 from c": Fetch("c", Direction.FORWARD, 5),
    "fetch forward all from c": Fetch("c", Direction.FORWARD, None),
    "fetch backward c": Fetch("c", Direction.BACKWARD, 1),
    "fetch backward -5 c": Fetch("c", Direction.FORWARD, 5),
    "fetch backward all in c": Fetch("c", Direction.BACKWARD, None),
    "move 5 from c": Fetch("c", Direction.FORWARD, 5, move=True),
    "move absolute 0 c": Fetch("c", Direction.ABSOLUTE, 0, move=True),
    "close c": CloseCursor("c"),
    "close all": CloseCursor(None),
    # notifications
    "listen Chan": Listen("chan"),
    "notify \"Chan\", 'it''s'": Notify("Chan", "it's"),
    "notify chan": Notify("chan", ""),
    "unlisten *": Unlisten(None),
    "unlisten chan": Unlisten("chan"),
}


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_is_what_it_says(text: str) -> None:
    assert parse_command(text) == COMMANDS[text]


WRONG = [
    "begin foo", "begin work transaction", "begin isolation serializable", "begin isolation level snapshot", "begin read",
    "begin ,", "begin read only,", "begin not", "begin read only, , read write", "start", "start transaction foo", "start work",
    "commit and", "commit and no", "commit and chain chain", "commit prepared", "commit prepared x", "commit transaction foo",
    "commit foo", "end foo", "rollback to", "rollback to savepoint savepoint a", "rollback to 1", "rollback to select",
    "rollback to 'a'", "rollback to left", "abort to a", "savepoint", "savepoint 1a", "savepoint a b", 'savepoint ""',
    'savepoint "a', "release", "release savepoint a b", "prepare transaction", "prepare transaction x", "set", "set work_mem",
    "set work_mem 5", "set work_mem =", "set work_mem = ,", "set work_mem = 5 6", "set work_mem = select",
    "set work_mem = null", "set work_mem = 5,", "set = 5", "set a. = 5", "set a.select = 5", "set a.b = 'x", "set a.b = $x$ y",
    "set a.b = (1)", "set a.b = 1a", "set a.b = $1", "set a.b = - x", "set a.b = b'1'", "set a.b = default, 1", "set local",
    "set session", "set local session", "set time zone", "set time", "set time zone true", "set time zone interval",
    "set time zone 'a' 'b'", "set time zone interval '1' year", "set names utf8", "set schema public", "set role", "set role 5",
    "set role select", "set session authorization", "set session characteristics", "set session characteristics as transaction",
    "set transaction", "set transaction foo", "set xml option", "set xml option foo", "set constraints", "set constraints all",
    "set constraints a,", "set constraints all foo", "set local constraints all deferred", "reset", "reset a b",
    "reset time zone x", "reset 5", "show", "show a b", "show 5", "show transaction isolation", "show time zone x", "show 'x'",
    "discard", "discard foo", "discard all all", "prepare", "prepare p", "prepare p as", "prepare p as begin",
    "prepare p () as select 1", "prepare p (int as select 1", "prepare p (int,) as select 1", "prepare p (1) as select 1",
    "prepare select as select 1", "execute", "execute p (", "execute p ()", "execute p (1", "execute p (1,)", "execute p 1",
    "execute p (1) x", "deallocate", "deallocate prepare p q", "deallocate 1", "declare", "declare c", "declare c cursor",
    "declare c cursor for", "declare c cursor for insert into t values (1)", "declare c foo cursor for select 1",
    "declare c no cursor for select 1", "declare c cursor with for select 1", "declare c cursor hold for select 1", "fetch",
    "fetch all", "fetch next from", "fetch 5", "fetch absolute c", "fetch relative all c", "fetch forward forward c",
    "fetch 5 5 c", "fetch from from c", "fetch 1.5 c", "fetch 99999999999 c", "fetch all all c", "fetch backward from", "move",
    "close", "close a b", "close 'a'", "listen", "listen 'a'", "listen a.b", "listen *", "notify", "notify a,", "notify a, b",
    "notify a 'b'", "notify a, 'b', 'c'", "unlisten", "unlisten all x", "unlisten **", "set a.b=<-1",
    "close @@", "close *-1", "begin /* no end", "begin; /* no end", "set a.b = E'\\", "begin %", "show \\x", "commit \x01",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_postgres_refuses_is_refused_in_the_same_words(text: str, postgres: Server) -> None:
    with pytest.raises(PgError) as caught:
        parse_command(text)
    assert _refusal(postgres, text) == (caught.value.code, caught.value.message, caught.value.position)


@pytest.mark.parametrize("text", COMMANDS)
def test_postgres_takes_what_is_taken(text: str, postgres: Server) -> None:
    refusal = _refusal(postgres, text)
    assert refusal is None or refusal[0] != "42601"


def _refusal(server: Server, text: str) -> tuple[str, str, int | None] | None:
    """PostgreSQL's error for a statement that it parses but does not execute."""
    connection = pq.PGconn.connect(server.dsn().encode())
    connection.notice_handler = lambda result: None
    try:
        result = connection.prepare(b"", text.encode())
        if result.status == pq.ExecStatus.COMMAND_OK:
            return None
        position = result.error_field(pq.DiagnosticField.STATEMENT_POSITION)
        code, message = (
            (result.error_field(which) or b"").decode()
            for which in (pq.DiagnosticField.SQLSTATE, pq.DiagnosticField.MESSAGE_PRIMARY)
        )
        return code, message, int(position) if position else None
    finally:
        connection.finish()


OTHERS = [
    "", " ", ";", "-- nothing", "select 1", "SELECT set", "insert into begin values (1)", "/* begin */ select 1", "beginx",
    "set_config()", "vacuum", "(select 1)", "call p()", "values (1)", "with begin as (select 1) select 1",
    "'begin'", "$1", "setä", "set option lock_timeout = 5",
]  # fmt: skip


@pytest.mark.parametrize("text", OTHERS)
def test_other_statements_are_nobodys_command(text: str) -> None:
    assert parse_command(text) is None


REFUSED = {
    "execute p (1 + 1)": "0A000",
    "execute p (now())": "0A000",
    "execute p ($1)": "0A000",
    "execute p (array[1])": "0A000",
    "execute p ('abc'::varchar(2))": "0A000",
    "execute p (-x)": "0A000",
    "set transaction snapshot 'a'": "0A000",
    "set catalog 'a'": "0A000",
    "set work_mem = 1, 2": "22023",
    "declare c scroll no scroll cursor for select 1": "42P11",
    "declare c insensitive asensitive cursor for select 1": "42P11",
    "begin; select 1": "42601",
    r"set a.b = E'\377'": "22021",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_lacking_is_refused(text: str) -> None:
    with pytest.raises(PgError) as caught:
        parse_command(text)
    assert caught.value.code == REFUSED[text]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=30))
def test_any_text_after_a_first_word_is_a_command_or_an_error(tail: str) -> None:
    for word in ("set ", "fetch ", "execute p (", "prepare p as select ", "begin ", "notify a, "):
        try:
            parse_command(word + tail)
        except PgError as error:
            assert error.code in ("42601", "0A000", "22023", "22021"), error.message


NAMES = ["plain", "Upper", "two words", 'quo"te', "select", "left", "int", "1st", "ärger", "", "a_b", "over", "name", "$user"]


def test_names_are_quoted_where_postgres_quotes_them(postgres: Server) -> None:
    connection = pq.PGconn.connect(postgres.dsn().encode())
    for name in NAMES:
        result = connection.exec_params(b"SELECT quote_ident($1)", [name.encode()])
        assert quote_identifier(name) == (result.get_value(0, 0) or b"").decode()
    connection.finish()
