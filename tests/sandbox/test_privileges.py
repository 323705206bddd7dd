"""What users without %All may do: scripts in which sessions of several users take turns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pgiris import sqlstate
from pgiris.backend import metadata
from pgiris.backend.live.privileges import Privileges
from pgiris.backend.metadata import GrantMeta, RelationMeta
from pgiris.backend.sandbox import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.errors import PgError
from tests.sandbox.conftest import sqlcode
from tests.sandbox.test_corpus import outcome

TABLES = """
CREATE TABLE t (id INT PRIMARY KEY, n INT, name VARCHAR(20), counter IDENTITY)
INSERT INTO t (id, n, name) VALUES (1, 10, 'one')
CREATE TABLE Other.u (id INT, n INT NOT NULL)
INSERT INTO Other.u VALUES (1, 2)
CREATE VIEW v AS SELECT id, name AS label FROM t WHERE id < 100
CREATE USER bob IDENTIFY BY 'secret'
CREATE USER carol IDENTIFY BY 'secret'
CREATE ROLE clerk
"""
QUERIES = "%Library.SQLCatalogPriv_SQL"  # what @ stands for
# ``user: statement``, and what comes of it: ``-> outcome`` of test_corpus
SCRIPTS = {
    "nothing": """
        bob: SELECT 1                                      -> = [(1,)]
        bob: SELECT id FROM t                              -> ! -99
        bob: SELECT COUNT(*) FROM t                        -> ! -99
        bob: SELECT id FROM v                              -> ! -99
        bob: INSERT INTO t (id) VALUES (2)                 -> ! -99
        bob: UPDATE t SET n = 1                            -> ! -99
        bob: DELETE FROM t                                 -> ! -99
        bob: TRUNCATE TABLE t                              -> ! -99
        bob: CREATE TABLE x (a INT)                        -> ! -99
        bob: CREATE VIEW w AS SELECT 1 AS one              -> ! -99
        bob: CREATE INDEX i ON t (n)                       -> ! -99
        bob: CREATE SCHEMA s                               -> ! -99
        bob: DROP TABLE t                                  -> ! -99
        bob: DROP VIEW v                                   -> ! -99
        bob: DROP SCHEMA Other CASCADE                     -> ! -99
        bob: ALTER TABLE t ADD COLUMN z INT                -> ! -99
        bob: TUNE TABLE t                                  -> ! -99
        bob: BUILD INDEX FOR TABLE t                       -> ! -99
        bob: EXPLAIN SELECT * FROM t                       -> ! -99
        bob: GRANT SELECT ON t TO carol                    -> ! -99
        bob: GRANT %CREATE_TABLE TO bob                    -> ! -99
        bob: GRANT clerk TO bob                            -> ! -112
        bob: GRANT %All TO bob                             -> ! -112
        bob: REVOKE clerk FROM carol                       -> ! -112
        bob: CREATE USER eve IDENTIFY BY 'secret'          -> ! -99
        bob: CREATE ROLE chief                             -> ! -99
        bob: DROP USER carol                               -> ! -99
        bob: DROP ROLE clerk                               -> ! -99
        bob: ALTER USER carol IDENTIFY BY 'other'          -> ! -99
        bob: ALTER USER bob IDENTIFY BY 'other'            -> # -1
        bob: SELECT USER, $USERNAME                        -> = [('bob', 'bob')]
        bob: SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES   -> = []
        bob: SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA   -> = [('INFORMATION_SCHEMA',)]
    """,
    "a table": """
        _SYSTEM: GRANT SELECT ON t TO bob                  -> # -1
        bob: SELECT id, counter FROM t                     -> = [(1, 1)]
        bob: SELECT id FROM T WHERE n = 10                 -> = [(1,)]
        bob: SELECT u.id FROM t JOIN Other.u ON u.id = t.id   -> ! -99
        bob: SELECT (SELECT MAX(n) FROM Other.u) FROM t    -> ! -99
        bob: WITH w AS (SELECT * FROM Other.u) SELECT 1 FROM w   -> ! -99
        bob: SELECT id FROM t WHERE EXISTS (SELECT 1 FROM Other.u)   -> ! -99
        bob: INSERT INTO t (id) VALUES (2)                 -> ! -99
        bob: SELECT TABLE_NAME, OWNER FROM INFORMATION_SCHEMA.TABLES   -> = [('t', '_SYSTEM')]
        bob: SELECT COUNT(*) FROM INFORMATION_SCHEMA.COLUMNS   -> = [(4,)]
        bob: LOCK TABLE t IN EXCLUSIVE MODE                -> ! -99
        bob: GRANT SELECT ON t TO carol                    -> ! -99
        _SYSTEM: REVOKE SELECT ON t FROM bob               -> # -1
        bob: SELECT id FROM T WHERE n = 10                 -> ! -99
    """,
    "changes": """
        _SYSTEM: GRANT INSERT, UPDATE, DELETE ON t TO bob  -> # -1
        bob: INSERT INTO t (id, n) VALUES (2, 20)          -> # 1
        bob: INSERT INTO t (id, n) SELECT id + 10, n FROM Other.u   -> ! -99
        bob: UPDATE t SET n = 1                            -> # 2
        bob: UPDATE t SET n = 1 WHERE id = 1               -> ! -99
        bob: UPDATE t SET n = n + 1                        -> ! -99
        bob: DELETE FROM t WHERE id = 1                    -> ! -99
        bob: INSERT OR UPDATE t (id, n) VALUES (2, 20)     -> # 1
        bob: INSERT %NOCHECK INTO t (id, n) VALUES (3, 3)  -> ! -99
        _SYSTEM: GRANT %NOCHECK TO bob                     -> # -1
        bob: INSERT %NOCHECK INTO t (id, n) VALUES (3, 3)  -> # 1
        bob: TRUNCATE TABLE t                              -> ! -99
        _SYSTEM: GRANT %NOTRIGGER TO bob                   -> # -1
        bob: TRUNCATE TABLE t                              -> # 3
        bob: DELETE FROM t                                 -> # 0
    """,
    "columns": """
        _SYSTEM: GRANT SELECT (id), UPDATE (n), INSERT (id, n), REFERENCES (id) ON t TO bob   -> # -1
        bob: SELECT id, %ID FROM t                         -> = [(1, 1)]
        bob: SELECT COUNT(*) FROM t                        -> = [(1,)]
        bob: SELECT * FROM t                               -> ! -99
        bob: SELECT id FROM t WHERE name = 'one'           -> ! -99
        bob: SELECT id FROM t ORDER BY name                -> ! -99
        bob: SELECT s.id FROM (SELECT id, n FROM t) s      -> ! -99
        bob: UPDATE t SET n = 5 WHERE id = 1               -> # 1
        bob: UPDATE t SET n = 5, name = 'x'                -> ! -99
        bob: INSERT INTO t (id, n) VALUES (7, 7)           -> # 1
        bob: INSERT INTO t (id, name) VALUES (8, 'x')      -> ! -99
        bob: INSERT INTO t VALUES (8, 8, 'x')              -> ! -99
        bob: DELETE FROM t                                 -> ! -99
        _SYSTEM: REVOKE SELECT (id) ON t FROM bob          -> # -1
        bob: SELECT COUNT(*) FROM t                        -> ! -99
        _SYSTEM: GRANT SELECT (counter) ON t TO bob        -> # -1
        bob: SELECT counter FROM t WHERE %ID = 1           -> = [(1,)]
        bob: SELECT counter, n FROM t                      -> ! -99
        _SYSTEM: REVOKE SELECT (counter), INSERT (counter) ON t FROM bob   -> # -1
        bob: SELECT counter FROM t                         -> ! -99
    """,
    "views": """
        _SYSTEM: GRANT SELECT, UPDATE (label), INSERT ON v TO bob   -> # -1
        bob: SELECT label FROM v                           -> = [('one',)]
        bob: SELECT name FROM t                            -> ! -99
        bob: UPDATE v SET label = 'two' WHERE id = 1       -> # 1
        bob: UPDATE v SET id = 2                           -> ! -99
        bob: INSERT INTO v (id, label) VALUES (5, 'five')  -> # 1
        bob: DELETE FROM v WHERE id = 5                    -> ! -99
        _SYSTEM: ALTER VIEW v AS SELECT name AS label, id FROM t WHERE id < 100   -> # -1
        bob: UPDATE v SET id = 2                           -> ! -99
        bob: UPDATE v SET label = 'x' WHERE id = 1         -> # 1
    """,
    "views of one's own": """
        _SYSTEM: GRANT SELECT ON t TO bob                  -> # -1
        _SYSTEM: GRANT %CREATE_VIEW TO bob                 -> # -1
        bob: CREATE VIEW mine AS SELECT id, n FROM t       -> # -1
        bob: CREATE VIEW theirs AS SELECT id FROM Other.u  -> ! -99
        bob: SELECT n FROM mine                            -> = [(10,)]
        bob: INSERT INTO mine (id, n) VALUES (9, 9)        -> ! -99
        bob: DELETE FROM mine                              -> ! -99
        bob: GRANT SELECT ON mine TO carol                 -> ! -99
        bob: CREATE OR REPLACE VIEW v AS SELECT id FROM t  -> ! -99
        bob: CREATE OR REPLACE VIEW mine AS SELECT id FROM t   -> # -1
        bob: SELECT OWNER FROM INFORMATION_SCHEMA.VIEWS    -> = [('bob',)]
        _SYSTEM: REVOKE SELECT ON t FROM bob               -> # -1
        bob: SELECT id FROM mine                           -> = [(1,)]
        bob: DROP VIEW mine                                -> ! -99
        _SYSTEM: GRANT %DROP_VIEW TO bob                   -> # -1
        bob: DROP VIEW mine                                -> # -1
    """,
    "tables of one's own": """
        _SYSTEM: GRANT %CREATE_TABLE TO bob                -> # -1
        bob: CREATE TABLE mine (a INT PRIMARY KEY, b INT REFERENCES t (id))   -> ! -99
        _SYSTEM: GRANT REFERENCES ON t TO bob              -> # -1
        bob: CREATE TABLE mine (a INT PRIMARY KEY, b INT REFERENCES t (id))   -> # -1
        bob: INSERT INTO mine VALUES (1, 1)                -> # 1
        bob: INSERT INTO mine VALUES (2, 99)               -> ! -121
        bob: SELECT a FROM mine                            -> = [(1,)]
        bob: ALTER TABLE mine ADD COLUMN c INT             -> ! -99
        bob: CREATE TABLE copy AS SELECT id FROM t         -> ! -99
        carol: SELECT a FROM mine                          -> ! -99
        bob: GRANT SELECT ON mine TO carol                 -> # -1
        carol: SELECT a FROM mine                          -> = [(1,)]
        _SYSTEM: GRANT %ALTER_TABLE TO bob                 -> # -1
        bob: ALTER TABLE mine ADD COLUMN c INT             -> # -1
        bob: ALTER TABLE t ADD COLUMN c INT                -> ! -99
        bob: CREATE INDEX i ON mine (b)                    -> # -1
        bob: DROP TABLE mine                               -> ! -99
        _SYSTEM: GRANT %DROP_TABLE TO bob                  -> # -1
        bob: DROP TABLE mine                               -> # -1
        bob: CREATE TABLE mine (a INT)                     -> # -1
        carol: SELECT a FROM mine                          -> ! -99
    """,
    "schemas": """
        _SYSTEM: GRANT SELECT, INSERT ON SCHEMA Other TO bob WITH GRANT OPTION   -> # -1
        bob: SELECT n FROM Other.u                         -> = [(2,)]
        _SYSTEM: CREATE TABLE Other.Later (a INT)          -> # -1
        bob: INSERT INTO Other.Later VALUES (1)            -> # 1
        bob: SELECT n FROM t                               -> ! -99
        bob: GRANT SELECT ON Other.u TO carol              -> ! -99
        bob: GRANT SELECT ON SCHEMA Other TO carol         -> # -1
        carol: SELECT n FROM Other.u                       -> = [(2,)]
        _SYSTEM: REVOKE SELECT ON SCHEMA Other FROM bob    -> ! -126
        _SYSTEM: REVOKE SELECT ON SCHEMA Other FROM bob CASCADE   -> # -1
        carol: SELECT n FROM Other.u                       -> ! -99
        bob: INSERT INTO Other.u VALUES (5, 5)             -> # 1
        bob: SELECT n FROM Other.u                         -> ! -99
    """,
    "everything": """
        _SYSTEM: GRANT SELECT ON * TO _PUBLIC              -> # -1
        bob: SELECT n FROM Other.u                         -> = [(2,)]
        carol: SELECT label FROM v                         -> = [('one',)]
        _SYSTEM: CREATE TABLE Later (a INT)                -> # -1
        carol: SELECT a FROM Later                         -> ! -99
        _SYSTEM: GRANT ALL ON t TO *                       -> # -1
        bob: DELETE FROM t WHERE id = 1                    -> # 1
        _SYSTEM: REVOKE * ON t FROM *                      -> # -1
        bob: DELETE FROM t WHERE id = 1                    -> ! -99
        bob: SELECT id FROM t                              -> = []
    """,
    "roles": """
        _SYSTEM: GRANT SELECT ON t TO clerk                -> # -1
        bob: SELECT id FROM t                              -> ! -99
        _SYSTEM: GRANT clerk TO bob                        -> # -1
        bob: SELECT id FROM t                              -> = [(1,)]
        bob: GRANT clerk TO carol                          -> ! -112
        _SYSTEM: CREATE ROLE chief                         -> # -1
        _SYSTEM: GRANT clerk TO chief                      -> # -1
        _SYSTEM: GRANT chief TO carol WITH ADMIN OPTION    -> # -1
        carol: SELECT id FROM t                            -> = [(1,)]
        carol: GRANT chief TO bob                          -> # -1
        _SYSTEM: REVOKE clerk FROM bob                     -> # -1
        bob: SELECT id FROM t                              -> = [(1,)]
        carol: DROP ROLE chief                             -> # -1
        bob: SELECT id FROM t                              -> ! -99
        carol: SELECT id FROM t                            -> ! -99
        _SYSTEM: GRANT %All TO bob                         -> # -1
        bob: DELETE FROM t                                 -> # 1
        bob: CREATE TABLE x (a INT)                        -> # -1
        bob: GRANT SELECT ON x TO carol                    -> # -1
        _SYSTEM: REVOKE %All FROM bob                      -> # -1
        bob: SELECT n FROM Other.u                         -> ! -99
        bob: SELECT a FROM x                               -> = []
    """,
    "passing on": """
        _SYSTEM: GRANT SELECT ON t TO bob WITH GRANT OPTION   -> # -1
        bob: %CHECKPRIV SELECT ON t                        -> # -1
        bob: %CHECKPRIV UPDATE ON t                        -> # 0
        bob: %CHECKPRIV GRANT OPTION FOR SELECT ON t       -> # -1
        bob: %CHECKPRIV SELECT (id, n) ON t                -> # -1
        bob: %CHECKPRIV SELECT ON nowhere                  -> ! -30
        bob: %CHECKPRIV %CREATE_TABLE                      -> # 0
        bob: GRANT SELECT (id) ON t TO carol               -> # -1
        bob: GRANT UPDATE ON t TO carol                    -> ! -99
        carol: SELECT id FROM t                            -> = [(1,)]
        carol: %CHECKPRIV GRANT OPTION FOR SELECT (id) ON t   -> # 0
        carol: REVOKE SELECT ON t FROM bob                 -> ! -99
        _SYSTEM: REVOKE GRANT OPTION FOR SELECT ON t FROM bob   -> ! -126
        _SYSTEM: REVOKE SELECT ON t FROM bob RESTRICT      -> ! -126
        bob: SELECT id FROM t                              -> = [(1,)]
        _SYSTEM: REVOKE GRANT OPTION FOR SELECT ON t FROM bob CASCADE   -> # -1
        carol: SELECT id FROM t                            -> ! -99
        bob: SELECT id FROM t                              -> = [(1,)]
        bob: GRANT SELECT ON t TO carol                    -> ! -99
        _SYSTEM: GRANT %DB_OBJECT_DEFINITION TO bob WITH ADMIN OPTION   -> # -1
        bob: %CHECKPRIV ADMIN OPTION FOR %CREATE_TABLE, %DROP_VIEW   -> # -1
        bob: GRANT %CREATE_TABLE TO carol                  -> # -1
        carol: %CHECKPRIV %CREATE_TABLE                    -> # -1
        carol: %CHECKPRIV %DB_OBJECT_DEFINITION            -> # 0
        bob: REVOKE %CREATE_TABLE FROM carol               -> # -1
        carol: %CHECKPRIV %CREATE_TABLE                    -> # 0
    """,
    "arrows": """
        _SYSTEM: CREATE TABLE Sample.Company (Name VARCHAR(20))   -> # -1
        _SYSTEM: INSERT INTO Sample.Company VALUES ('Acme')       -> # 1
        _SYSTEM: CREATE TABLE Person (Employer Sample.Company)   -> # -1
        _SYSTEM: INSERT INTO Person VALUES (1)             -> # 1
        _SYSTEM: GRANT SELECT ON Person TO bob             -> # -1
        bob: SELECT Employer->Name FROM Person             -> ! -99
        _SYSTEM: GRANT SELECT (Name) ON Sample.Company TO bob     -> # -1
        bob: SELECT Employer->Name FROM Person             -> = [('Acme',)]
    """,
    "lists": """
        _SYSTEM: GRANT SELECT, INSERT ON t TO bob WITH GRANT OPTION   -> # -1
        _SYSTEM: GRANT DELETE ON SCHEMA Other TO clerk     -> # -1
        _SYSTEM: GRANT clerk TO bob                        -> # -1
        _SYSTEM: GRANT SELECT ON v TO _PUBLIC              -> # -1
        _SYSTEM: GRANT %CREATE_VIEW TO clerk               -> # -1
        _SYSTEM: SELECT USERNAME FROM @Users()   -> = [('_SYSTEM',), ('bob',), ('carol',)]
        _SYSTEM: SELECT ROLE_NAME, CREATED_BY FROM @Roles()   -> = [('%All', '_SYSTEM'), ('clerk', '_SYSTEM')]
        _SYSTEM: SELECT * FROM @UserRole('BOB')   -> = [('clerk', 0)]
        _SYSTEM: SELECT * FROM @RoleUser('clerk')   -> = [('bob', 'USER')]
        _SYSTEM: SELECT * FROM @UserExists('clerk')   -> = []
        _SYSTEM: SELECT TYPE, NAME FROM @UserPrivs('bob') WHERE GRANTED_VIA = 'Role'   -> = [('TABLE', 'Other.u')]
        _SYSTEM: SELECT PRIVILEGE FROM @UserPrivs('bob') WHERE GRANT_OPTION = 'Yes'   -> = [('INSERT',), ('SELECT',)]
        _SYSTEM: SELECT TYPE, NAME FROM @UserPrivs('bob') WHERE GRANTED_VIA = '_PUBLIC'   -> = [('VIEW', 'SQLUser.v')]
        _SYSTEM: SELECT NAME FROM @RolePrivileges('clerk')   -> = [('Other.u',)]
        _SYSTEM: SELECT * FROM @UserSysPrivs('bob')   -> = [('%CREATE_VIEW', 'No', 'Role')]
        _SYSTEM: SELECT DISTINCT GRANTED_VIA FROM @UserPrivs('_SYSTEM')   -> = [('SuperUser',)]
        _SYSTEM: SELECT * FROM @Nothing()   -> ! -428
        bob: SELECT COUNT(*) FROM @Users()   -> = [(3,)]
        bob: SELECT * FROM @UserPrivs('carol')   -> ! -99
    """,
    "users who are gone": """
        _SYSTEM: GRANT SELECT ON t TO bob                  -> # -1
        bob: SELECT id FROM t                              -> = [(1,)]
        _SYSTEM: DROP USER bob                             -> # -1
        bob: SELECT id FROM t                              -> ! -99
        _SYSTEM: CREATE USER bob IDENTIFY BY 'another'     -> # -1
        bob: SELECT id FROM t                              -> ! -99
    """,
}


class Sessions:
    def __init__(self, backend: SandboxBackend) -> None:
        self._backend = backend
        self._open: dict[str, SandboxSession] = {}

    def __getitem__(self, user: str) -> SandboxSession:
        if user not in self._open:
            self._open[user] = self._backend.connect("USER", user, None)
        return self._open[user]

    def close(self) -> None:
        for session in self._open.values():
            session.close()


@pytest.fixture
def sessions(backend: SandboxBackend) -> Iterator[Sessions]:
    made = Sessions(backend)
    for statement in TABLES.strip().splitlines():
        made["_SYSTEM"].execute(statement, ())
    yield made
    made.close()


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_users_may_do_what_was_granted(sessions: Sessions, script: str) -> None:
    for line in script.strip().splitlines():
        said, _, expected = line.partition(" -> ")
        user, _, sql = said.strip().partition(": ")
        assert f"{line.strip()} | {outcome(sessions[user], sql.strip().replace('@', QUERIES))}" == f"{line.strip()} | {expected}"


def test_statements_that_ran_before_are_refused_when_a_privilege_goes(sessions: Sessions) -> None:
    sessions["_SYSTEM"].execute("GRANT SELECT, INSERT ON t TO bob", ())
    bob = sessions["bob"]
    for id_ in ("2", "3"):
        assert len(bob.execute("SELECT id FROM t WHERE id = ?", ["1"]).fetch(9)) == 1
        bob.execute("INSERT INTO t (id) VALUES (?)", [id_])
    sessions["_SYSTEM"].execute("REVOKE SELECT, INSERT ON t FROM bob", ())
    for sql, values in (("SELECT id FROM t WHERE id = ?", ["1"]), ("INSERT INTO t (id) VALUES (?)", ["5"])):
        for attempt in (lambda: bob.execute(sql, values), lambda: bob.prepare(sql), lambda: bob.execute_many(sql, [values])):  # noqa: B023
            with pytest.raises(PgError) as refused:
                attempt()
            assert (refused.value.code, refused.value.message) == (
                sqlstate.INSUFFICIENT_PRIVILEGE,
                "permission denied for table t",
            )


@pytest.mark.parametrize(
    ("sql", "message", "detail"),
    [
        ("SELECT * FROM v", "permission denied for view v", "User 'bob' is not privileged for the operation"),
        ("CREATE TABLE x (a INT)", "permission denied for schema public", "User 'bob' does not have %CREATE_TABLE privileges"),
        ("DROP TABLE t", "must be owner of table t", "User 'bob' does not have %DROP_TABLE privileges"),
        ("ALTER TABLE t ADD COLUMN z INT", "must be owner of table t", "User 'bob' does not have %ALTER_TABLE privileges"),
    ],
)
def test_violations_are_told_in_both_servers_words(sessions: Sessions, sql: str, message: str, detail: str) -> None:
    with pytest.raises(PgError) as refused:
        sessions["bob"].execute(sql, ())
    assert (refused.value.code, refused.value.message) == (sqlstate.INSUFFICIENT_PRIVILEGE, message)
    assert refused.value.detail == f"SQLCODE -99: {detail}"


def test_what_the_catalog_reads_on_iris_is_what_the_sandbox_tells_it(sessions: Sessions) -> None:
    system = sessions["_SYSTEM"]
    for statement in (
        "GRANT SELECT, INSERT ON t TO bob WITH GRANT OPTION",
        "GRANT UPDATE ON t TO bob",
        "GRANT %ALTER ON v TO bob",
    ):
        system.execute(statement, ())
    read = Privileges(lambda sql, *values: list(system.execute(sql, values).fetch(1000)), "bob")
    told = {relation.name: relation.grants for relation in described(system)}
    assert read.of("SQLUser", "t", "_SYSTEM") == told["t"] == (GrantMeta("bob", "a*r*w", "_SYSTEM"),)
    assert read.of("SQLUser", "v", "_SYSTEM") == told["v"] == ()


def described(session: SandboxSession) -> list[RelationMeta]:
    return [metadata.decode_relation(encoded)[1] for encoded in session.describe(b"").relations]


def test_passwords_let_their_users_in(backend: SandboxBackend, sessions: Sessions) -> None:
    backend.connect("USER", "BOB", "secret").close()
    sessions["bob"].execute("ALTER USER bob IDENTIFY BY 'Other one'", ())
    backend.connect("USER", "bob", "Other one").close()
    sessions["_SYSTEM"].execute("DROP USER carol", ())
    wrong = [
        ("bob", "secret"),
        ("bob", "other one"),
        ("bob", ""),
        ("carol", "secret"),
        ("clerk", ""),
        ("nobody", ""),
        ("_SYSTEM", ""),
    ]
    for user, password in wrong:
        with pytest.raises(PgError) as refused:
            backend.connect("USER", user, password)
        assert (refused.value.code, sqlcode(refused.value)) == (sqlstate.INVALID_PASSWORD, -402)


def test_users_are_those_of_all_namespaces_and_privileges_of_one(backend: SandboxBackend, sessions: Sessions) -> None:
    backend.create("ELSEWHERE")
    master = backend.connect("ELSEWHERE", "_SYSTEM", None)
    master.execute("CREATE TABLE t (id INT)", ())
    sessions["_SYSTEM"].execute("GRANT SELECT ON t TO bob", ())
    bob = backend.connect("ELSEWHERE", "bob", None)
    assert outcome(bob, "SELECT id FROM t") == "! -99"
    assert outcome(sessions["bob"], "SELECT id FROM t") == "= [(1,)]"
    assert outcome(master, "GRANT SELECT ON t TO bob") == "# -1"
    assert outcome(bob, "SELECT id FROM t") == "= []"
    for session in (bob, master):
        session.close()
