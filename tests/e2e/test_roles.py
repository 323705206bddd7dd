"""Users who may not do everything: what they may, and what they are told, is as in PostgreSQL."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import psycopg
import pytest

from tests.e2e.test_psql import psql
from tests.support import servers
from tests.support.certificates import Authority
from tests.support.servers import Server

DEFINITIONS = """
CREATE TABLE private (id int PRIMARY KEY, n int, name text)
INSERT INTO private VALUES (1, 10, 'one'), (2, 20, 'two')
CREATE TABLE other (id int PRIMARY KEY)
CREATE VIEW shown AS SELECT id, name FROM private WHERE n > 10
CREATE ROLE rita LOGIN PASSWORD 'secret' NOSUPERUSER
CREATE USER udo WITH PASSWORD 'secret'
CREATE ROLE clerks
"""
REMOVAL = """
DROP VIEW shown
DROP TABLE private, other
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM clerks
DROP ROLE rita, udo, clerks
"""
# ``user: statement``; both servers answer the same.
SCRIPT = """
rita: SELECT current_user, session_user
rita: SELECT * FROM private
rita: SELECT count(*) FROM private
rita: SELECT * FROM shown
rita: INSERT INTO private VALUES (3, 30, 'three')
rita: UPDATE private SET n = 1
rita: DELETE FROM private
rita: DROP TABLE private
rita: ALTER TABLE private ADD COLUMN z int
rita: CREATE ROLE someone
rita: DROP ROLE udo
rita: GRANT SELECT ON private TO udo
rita: GRANT clerks TO udo
demo: GRANT SELECT ON private TO rita
rita: SELECT * FROM private ORDER BY id
rita: SELECT p.id FROM private p JOIN other o ON o.id = p.id
rita: SELECT id FROM private WHERE EXISTS (SELECT 1 FROM other)
rita: WITH x AS (SELECT id FROM other) SELECT * FROM x
rita: INSERT INTO private SELECT id + 10, n, name FROM private
rita: UPDATE private SET n = 1 WHERE id = 1
udo: SELECT n FROM private
demo: GRANT SELECT (id, name), UPDATE (name) ON private TO udo
udo: SELECT id, name FROM private ORDER BY id
udo: SELECT * FROM private
udo: SELECT id FROM private WHERE n = 10
udo: SELECT id FROM private ORDER BY n
udo: UPDATE private SET name = 'first' WHERE id = 1 RETURNING name
udo: UPDATE private SET n = 5
udo: DELETE FROM private WHERE id = 1
demo: REVOKE SELECT ON private FROM udo
udo: SELECT id, name FROM private
demo: GRANT SELECT ON shown TO PUBLIC
udo: SELECT name FROM shown
rita: SELECT name FROM shown
demo: REVOKE SELECT ON shown FROM PUBLIC
udo: SELECT name FROM shown
demo: GRANT INSERT, DELETE, UPDATE ON ALL TABLES IN SCHEMA public TO clerks
demo: GRANT clerks TO rita
rita: INSERT INTO private VALUES (3, 30, 'three')
rita: INSERT INTO private VALUES (3, 31, 'again') ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING n
rita: DELETE FROM private WHERE id = 3 RETURNING id
rita: DELETE FROM other
udo: DELETE FROM other
demo: GRANT SELECT ON other TO rita WITH GRANT OPTION
rita: GRANT SELECT ON other TO udo
udo: SELECT * FROM other
demo: REVOKE SELECT ON other FROM rita
demo: REVOKE SELECT ON other FROM rita CASCADE
udo: SELECT * FROM other
rita: SELECT * FROM other
demo: REVOKE clerks FROM rita
rita: DELETE FROM private
demo: GRANT SELECT ON nowhere TO rita
demo: GRANT SELECT ON private TO nobody
demo: GRANT nothing TO rita
demo: GRANT SELECT (missing) ON private TO rita
demo: GRANT clerks TO clerks
demo: CREATE ROLE rita
demo: CREATE ROLE demo
demo: CREATE USER demo PASSWORD 'secret'
demo: DROP ROLE nobody
demo: DROP ROLE IF EXISTS nobody
demo: ALTER ROLE nobody PASSWORD 'other'
rita: ALTER ROLE udo PASSWORD 'other'
rita: SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'demo'
rita: SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'demo'
rita: SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'udo'
rita: SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'udo'
demo: SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'rita'
"""


class Users:
    """A connection for each user."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open: dict[str, psycopg.Connection[tuple[object, ...]]] = {}

    def run(self, line: str) -> object:
        user, _, sql = line.partition(": ")
        if user not in self._open:
            self._open[user] = psycopg.connect(self._server.dsn(user=user), autocommit=True)
        try:
            cursor = self._open[user].execute(sql.encode())
        except psycopg.Error as error:
            return error.sqlstate, error.diag.message_primary
        return cursor.statusmessage, cursor.fetchall() if cursor.description else None

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()


def outcomes(server: Server) -> dict[str, object]:
    users = Users(server)
    for statement in DEFINITIONS.strip().splitlines():
        users.run(f"demo: {statement}")
    found = {f"{number} {line}": users.run(line) for number, line in enumerate(SCRIPT.strip().splitlines())}
    for user in ("rita", "udo"):
        users.run(f"{user}: RESET ALL")
    for statement in REMOVAL.strip().splitlines():
        answer = users.run(f"demo: {statement}")
        assert isinstance(answer, tuple) and answer[0].startswith(statement.split()[0]), (statement, answer)
    users.close()
    return found


def test_users_may_do_what_postgres_lets_them_do(pgiris: Server, postgres: Server) -> None:
    assert outcomes(pgiris) == outcomes(postgres)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """pgiris that has the sandbox check passwords over TLS, and lets ``demo`` in without one."""
    directory = tmp_path_factory.mktemp("roles")
    Authority().issue("localhost", directory / "server.pem", directory / "server.key")
    options = {
        "tls_cert": directory / "server.pem",
        "tls_key": directory / "server.key",
        "auth": "host all demo 127.0.0.0/8 trust;hostssl all all all password",
        "iris_login_cache_s": 0,
    }
    with servers.pgiris(options) as server:
        yield server


def signed_in(server: Server, user: str, password: str) -> str | None:
    """The name of the session's user; none where it was refused."""
    try:
        with psycopg.connect(server.dsn(user=user, password=password, sslmode="require")) as connection:
            row = connection.execute("SELECT current_user").fetchone()
            return None if row is None else str(row[0])
    except psycopg.OperationalError as error:
        assert f'password authentication failed for user "{user}"' in str(error)
        return None


def test_passwords_of_users_are_checked_by_the_sandbox(guarded: Server) -> None:
    with psycopg.connect(guarded.dsn(), autocommit=True) as demo:
        demo.execute("CREATE ROLE rita LOGIN PASSWORD 'first'")
        demo.execute("CREATE ROLE clerks")
        assert signed_in(guarded, "rita", "first") == "rita"
        assert signed_in(guarded, "RITA", "first") == "rita"
        assert [signed_in(guarded, user, "First") for user in ("rita", "clerks", "nobody", "_SYSTEM")] == [None] * 4
        demo.execute("ALTER ROLE rita PASSWORD 'second'")
        assert signed_in(guarded, "rita", "first") is None
        assert signed_in(guarded, "rita", "second") == "rita"
        demo.execute("DROP ROLE rita")
        assert signed_in(guarded, "rita", "second") is None


def test_a_user_made_anew_works_with_new_privileges_and_sessions_of_the_old_one_with_none(pgiris: Server) -> None:
    with psycopg.connect(pgiris.dsn(), autocommit=True) as demo:
        demo.execute("CREATE TABLE of_demo (id int)")
        demo.execute("CREATE USER again PASSWORD 'secret'")
        with psycopg.connect(pgiris.dsn(user="again"), autocommit=True) as old:
            assert old.execute("SELECT 1").fetchone() == (1,)
            demo.execute("DROP USER again")
            demo.execute("CREATE USER again PASSWORD 'other'")
            demo.execute("GRANT SELECT ON of_demo TO again")
            with psycopg.connect(pgiris.dsn(user="again"), autocommit=True) as new:
                assert new.execute("SELECT * FROM of_demo").fetchall() == []
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                old.execute("SELECT * FROM of_demo")
        demo.execute("DROP TABLE of_demo")
        demo.execute("DROP USER again")


def test_roles_and_users_who_are_gone_do_not_sign_in(pgiris: Server) -> None:
    with psycopg.connect(pgiris.dsn(), autocommit=True) as demo:
        demo.execute("CREATE ROLE staff")
        demo.execute("CREATE USER gone PASSWORD 'secret'")
        with psycopg.connect(pgiris.dsn(user="gone"), autocommit=True) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            demo.execute("CREATE TABLE of_demo (id int)")
            demo.execute("GRANT SELECT ON of_demo TO gone")
            assert connection.execute("SELECT * FROM of_demo").fetchall() == []
            demo.execute("DROP USER gone")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT * FROM of_demo")
        for user, message in (("staff", 'role "staff" is not permitted to log in'), ("gone", 'role "gone" does not exist')):
            with pytest.raises(psycopg.OperationalError, match=message):
                psycopg.connect(pgiris.dsn(user=user))
        demo.execute("DROP TABLE of_demo")
        demo.execute("DROP ROLE staff")


GRANTS = """
GRANT SELECT ON private TO rita WITH GRANT OPTION
GRANT INSERT, UPDATE, DELETE ON private TO clerks
GRANT SELECT (id, name), UPDATE (name) ON private TO udo
GRANT REFERENCES (id) ON private TO clerks
GRANT SELECT ON shown TO PUBLIC
GRANT clerks TO rita
CREATE ROLE chief SUPERUSER
GRANT clerks TO chief WITH ADMIN OPTION
"""
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "SELECT WITH GRANT OPTION", "UPDATE WITH GRANT OPTION")
ROLES = ("rita", "udo", "clerks", "chief", "public", "demo")
TABLES = ("private", "other", "shown")
COLUMNS = ("id", "n", "name")
COLUMN_PRIVILEGES = ("SELECT", "UPDATE", "REFERENCES", "SELECT WITH GRANT OPTION")
MEMBERS = tuple(role for role in ROLES if role != "public")
QUESTIONS = (
    *(f"has_table_privilege('{r}', '{t}', '{w}')" for r in ROLES for t in TABLES for w in PRIVILEGES),
    *(f"has_column_privilege('{r}', 'private', '{c}', '{w}')" for r in ROLES for c in COLUMNS for w in COLUMN_PRIVILEGES),
    *(f"has_any_column_privilege('{r}', 'private', '{w}')" for r in ROLES for w in ("SELECT", "INSERT", "REFERENCES")),
    *(f"has_schema_privilege('{r}', 'public', '{w}')" for r in ("rita", "udo", "demo") for w in ("USAGE", "CREATE")),
    *(f"pg_has_role('{r}', '{of}', '{w}')" for r in MEMBERS for of in ("clerks", "udo") for w in ("MEMBER", "USAGE")),
)
QUERIES = """
SELECT rolname, rolsuper, rolcanlogin, rolinherit FROM pg_roles WHERE rolname IN ('rita', 'udo', 'clerks', 'chief') ORDER BY 1
SELECT r.rolname, m.rolname, a.admin_option FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE r.rolname = 'clerks' ORDER BY 1, 2
SELECT usename, usesuper FROM pg_user WHERE usename IN ('rita', 'udo', 'clerks') ORDER BY 1
SELECT groname FROM pg_group WHERE groname IN ('rita', 'clerks') ORDER BY 1
SELECT c.relname, x.privilege_type, x.is_grantable, x.grantee::regrole::text FROM pg_class c, aclexplode(c.relacl) x WHERE c.relname IN ('private', 'other') ORDER BY 1, 4, 2
SELECT a.attname, x.privilege_type, x.is_grantable, x.grantee::regrole::text FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = 'private'::regclass ORDER BY 1, 4, 2
SELECT relname, relacl IS NULL FROM pg_class WHERE relname IN ('private', 'other', 'shown') ORDER BY 1
SELECT grantee, table_name, privilege_type, is_grantable FROM information_schema.table_privileges WHERE table_name IN ('private', 'other', 'shown') ORDER BY 1, 2, 3
SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants WHERE table_name IN ('private', 'other', 'shown') ORDER BY 1, 2, 3
SELECT grantee, column_name, privilege_type, is_grantable FROM information_schema.column_privileges WHERE table_name = 'private' ORDER BY 1, 2, 3, 4
SELECT table_name, table_type FROM information_schema.tables WHERE table_name IN ('private', 'other', 'shown')
SELECT table_name, column_name FROM information_schema.columns WHERE table_name IN ('private', 'other', 'shown')
SELECT table_name FROM information_schema.views WHERE table_name IN ('private', 'other', 'shown')
SELECT role_name FROM information_schema.enabled_roles WHERE role_name IN ('rita', 'udo', 'clerks', 'chief') ORDER BY 1
"""  # noqa: E501


@pytest.fixture(scope="module")
def granted(pgiris: Server, postgres: Server) -> Iterator[tuple[Server, Server]]:
    """Both servers, with the same users and privileges."""
    for server in (pgiris, postgres):
        with psycopg.connect(server.dsn(), autocommit=True) as demo:
            for statement in (DEFINITIONS + GRANTS).strip().splitlines():
                demo.execute(statement.encode())
    yield pgiris, postgres
    for server in (pgiris, postgres):
        with psycopg.connect(server.dsn(), autocommit=True) as demo:
            for statement in [*REMOVAL.strip().splitlines(), "DROP ROLE chief"]:
                demo.execute(statement.encode())


def _named(value: object) -> object:
    return re.sub('"?_SYSTEM"?', "demo", value) if isinstance(value, str) else value


def asked(server: Server, user: str, query: str) -> object:
    """In an order of its own; the owner of tables is called as in PostgreSQL."""
    with psycopg.connect(server.dsn(user=user), autocommit=True) as connection:
        try:
            rows = connection.execute(query.encode()).fetchall()
        except psycopg.Error as error:
            return error.sqlstate, error.diag.message_primary
    named = [tuple(_named(value) for value in row) for row in rows]
    return sorted(named, key=repr)


@pytest.mark.parametrize("user", ["demo", "rita", "udo"])
def test_questions_for_privileges_are_answered_as_in_postgres(granted: tuple[Server, Server], user: str) -> None:
    """Of demo only demo's own sessions know."""
    questions = [question for question in QUESTIONS if user == "demo" or "demo" not in question]
    query = "SELECT " + ", ".join(f"{question} AS q{number}" for number, question in enumerate(questions))
    ours, theirs = (asked(server, user, query) for server in granted)
    assert isinstance(ours, list) and isinstance(theirs, list)
    assert dict(zip(questions, ours[0], strict=True)) == dict(zip(questions, theirs[0], strict=True))


@pytest.mark.parametrize("user", ["demo", "rita", "udo"])
@pytest.mark.parametrize("query", QUERIES.strip().splitlines())
def test_catalogs_show_roles_and_privileges_as_in_postgres(granted: tuple[Server, Server], user: str, query: str) -> None:
    ours, theirs = (asked(server, user, query) for server in granted)
    assert ours == theirs


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
@pytest.mark.parametrize(
    "command", [r"\dp private", r"\dp shown", r"\z other", r"\du rita", r"\du clerks", r"\du chief", r"\dg udo"]
)
def test_psql_shows_roles_and_privileges_as_in_postgres(granted: tuple[Server, Server], command: str) -> None:
    """Entries of lists stand in another order."""
    ours, theirs = (psql(server, command, "-A", "-t") for server in granted)
    assert sorted(re.split(r"[\n|{},]", re.sub('"?_SYSTEM"?', "demo", ours))) == sorted(re.split(r"[\n|{},]", theirs))


def test_privileges_on_sequences_are_held_back_from_nobody(pgiris: Server) -> None:
    with psycopg.connect(pgiris.dsn(), autocommit=True) as demo:
        heard: list[str | None] = []
        demo.add_notice_handler(lambda diagnostic: heard.append(diagnostic.message_primary))
        demo.execute("CREATE SEQUENCE numbers")
        demo.execute("CREATE ROLE staff")
        demo.execute("GRANT SELECT ON numbers TO staff")
        demo.execute("GRANT USAGE ON SEQUENCE numbers TO staff")
        assert heard == ["GRANT ON SEQUENCE is ignored: IRIS has no privileges on it"] * 2
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="REVOKE ON SEQUENCE is not supported"):
            demo.execute("REVOKE SELECT ON numbers FROM staff")
        demo.execute("DROP SEQUENCE numbers")
        demo.execute("DROP ROLE staff")
