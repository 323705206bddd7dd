"""Statements of IRIS beyond queries and changes: each is read and written back, and refused when it is not one."""

from __future__ import annotations

import re

import pytest
import sqlglot
from sqlglot import ErrorLevel
from sqlglot.errors import UnsupportedError

from pgiris.sql.iris import IRIS, IrisSyntaxError

# One statement a line; it is written as it stands here.
STATEMENTS = """
LOCK TABLE shop.orders IN EXCLUSIVE MODE
LOCK orders IN SHARE MODE WAIT 5
UNLOCK TABLE orders IN EXCLUSIVE MODE IMMEDIATE
SET OPTION LOCK_TIMEOUT = 3
SET OPTION DATE_FORMAT = 'YYYY'
SET OPTION COMPILEMODE = DEFERRED
SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE
SET TRANSACTION %COMMITMODE EXPLICIT
START TRANSACTION %COMMITMODE NONE
SAVEPOINT "first one"
ROLLBACK TO SAVEPOINT a1
%INTRANSACTION
TUNE TABLE shop.orders
TUNE TABLE shop.orders %SAMPLE_PERCENT '30%' %RECOMPILE_CQ
COLLECT STATISTICS FOR TABLE shop.orders
COLLECT STATISTICS FOR SCHEMA shop
BUILD INDEX FOR TABLE shop.orders INDEX a, b
BUILD INDEX %NOLOCK %NOJOURN FOR SCHEMA shop KEEP SELECTABILITY
BUILD INDEX FOR ALL
FREEZE PLANS BY TABLE shop.orders
FREEZE PLANS
UNFREEZE PLANS FROM UPGRADE BY SCHEMA shop
PURGE CACHED QUERIES BY AGE 3
PURGE QUERIES
CANCEL QUERY 4711
CANCEL QUERY ? IDENTIFIED BY '9' TIMEOUT 5
CREATE USER anna IDENTIFY BY secret
CREATE USER anna WITH PASSWORD 'se cret'
ALTER USER anna IDENTIFIED BY other
DROP USER IF EXISTS anna
CREATE ROLE clerks
DROP ROLE clerks
GRANT SELECT, UPDATE ON shop.orders, shop.items TO anna, clerks WITH GRANT OPTION
GRANT SELECT (a, b), INSERT ON shop.orders TO anna
GRANT %ALTER, SELECT ON SCHEMA shop TO clerks
GRANT ALL PRIVILEGES ON * TO *
GRANT %CREATE_TABLE, %DROP_TABLE TO anna WITH ADMIN OPTION
GRANT clerks TO anna
GRANT EXECUTE ON shop.total TO PUBLIC
REVOKE GRANT OPTION FOR SELECT ON shop.orders FROM anna CASCADE
REVOKE SELECT ON shop.orders FROM anna RESTRICT AS boss
REVOKE clerks FROM anna
%CHECKPRIV SELECT (a), UPDATE ON shop.orders
%CHECKPRIV GRANT OPTION FOR DELETE ON shop.orders
%CHECKPRIV %CREATE_TABLE
CALL shop.total (1, ?, 'x')
CALL total ()
DROP FUNCTION IF EXISTS shop.total
DROP PROCEDURE total FROM User.Totals
DROP METHOD total
DROP QUERY q
DROP TRIGGER t FROM shop.orders
DROP AGGREGATE IF EXISTS shop.joined
CREATE AGGREGATE shop.joined (a VARCHAR(10)) RETURNS VARCHAR(30) ITERATE WITH shop.f1 FINALIZE WITH shop.f2
CREATE DATABASE other ON DIRECTORY '/data/other'
DROP DATABASE IF EXISTS other RETAIN_FILES
USE DATABASE other
USE other
CREATE FOREIGN SERVER shop.files FOREIGN DATA WRAPPER CSV HOST '/data'
CREATE FOREIGN TABLE shop.lines (a INTEGER, b VARCHAR(10)) SERVER shop.files FILE 'a.csv' USING {"from": {"file": {"header": 1}}}
DROP FOREIGN TABLE IF EXISTS shop.lines CASCADE
DROP FOREIGN SERVER shop.files RESTRICT
THROUGH SERVER shop.remote SELECT a::int FROM b
LOAD DATA FROM FILE '/data/a.csv' INTO shop.orders (a, b)
LOAD BULK %NOINDEX %NOJOURN DATA FROM FILE 'a.csv' COLUMNS (x INTEGER, y DATE) INTO t VALUES (x, y) USING {"maxerrors": 3}
LOAD DATA FROM JDBC CONNECTION other TABLE t1 INTO t2
LOAD SQL FROM FILE 'a.sql' DIALECT 'IRIS' IGNORE ERRORS
CREATE MODEL m PREDICTING (a, b INTEGER) FROM shop.orders USING {"seed": 3}
TRAIN MODEL m AS m2 FROM SELECT * FROM shop.orders WHERE (a = 1)
VALIDATE MODEL m FROM shop.orders
ALTER MODEL m PURGE ALL
DROP MODEL m
SET ML CONFIGURATION c1
EXPLAIN SELECT a FROM t WHERE b = ?
EXPLAIN ALT STAT SELECT a FROM t
EXPLAIN UPDATE t SET a = 1 WHERE b = 2
EXPLAIN DELETE FROM t WHERE b = 2
CREATE FUNCTION shop.twice (n INTEGER) RETURNS INTEGER LANGUAGE OBJECTSCRIPT { quit n * 2 // "}" }
CREATE OR REPLACE PROCEDURE shop.p (IN a INTEGER DEFAULT 3, OUT b DATE) BEGIN UPDATE t SET a = :a; SELECT 1; END
CREATE METHOD m () FOR User.Total PROCEDURE { Set x = 'it''s }' }
CREATE QUERY shop.q (a INTEGER) SELECTMODE ODBC PROCEDURE BEGIN SELECT a FROM t WHERE b = :a; END
CREATE TRIGGER tr BEFORE INSERT, UPDATE ON shop.orders FOR EACH ROW LANGUAGE OBJECTSCRIPT { set {a} = "x;y" }
CREATE TRIGGER tr AFTER UPDATE OF a, b ORDER 3 ON t REFERENCING NEW ROW AS n WHEN (n.a > 1) BEGIN DELETE FROM u; END
CREATE TABLE t (a INTEGER COMPUTECODE {set {a} = {b} * 2} CALCULATED, b DATE ON UPDATE CURRENT_DATE, c VARCHAR(10) PRIVATE)
CREATE TABLE t (a INTEGER COMPUTECODE OBJECTSCRIPT {set {a} = 1} COMPUTEONCHANGE (b, c), b INTEGER, %EXTENTSIZE 100)
CREATE TABLE t (a VARCHAR(10) COLLATE TRUNCATE(5), b VARCHAR(10) COLLATE SQLUPPER(20), e INTEGER DEFAULT OBJECTSCRIPT '+$H')
CREATE TABLE t (a EMBEDDING('conf', 'b,c'), b VECTOR(DOUBLE, 3), c %Library.String(MAXLEN=45), d %Date)
CREATE TABLE t (a INTEGER, SHARD KEY (a)) WITH STORAGETYPE = COLUMNAR
CREATE TABLE t (a INTEGER WITH STORAGETYPE = COLUMNAR, b INTEGER)
CREATE TABLE t (a INTEGER, b INTEGER) SHARD KEY (a) COSHARD WITH (u)
CREATE TABLE t (a DATE) PARTITION BY RANGE (a) INTERVAL 1 MONTH
CREATE TABLE t AS SELECT a FROM u WITH STORAGETYPE = COLUMNAR
CREATE TABLE t (a INTEGER, FOREIGN KEY fk1 (a) REFERENCES u (b) ON DELETE CASCADE NOCHECK)
CREATE BITMAPEXTENT INDEX i ON TABLE t
CREATE BITMAP INDEX i ON TABLE t (a)
CREATE COLUMNAR INDEX i ON TABLE t (a)
CREATE INDEX i ON TABLE t (a ASC, b DESC) WITH DATA (c) DEFER BUILD
CREATE INDEX i ON TABLE t (v) AS HNSW(Distance='DotProduct', M=16, efConstruction=200)
CREATE INDEX i ON TABLE t (v) AS %iFind.Index.Basic(LANGUAGE='en')
DROP INDEX IF EXISTS %NOJOURN i ON TABLE t
CREATE VIEW v (a, b) AS SELECT a, b FROM t WITH CHECK OPTION
CREATE VIEW v AS SELECT a FROM t WITH CASCADED CHECK OPTION
CREATE VIEW v AS SELECT a FROM t WITH READ ONLY
ALTER VIEW v (a) AS SELECT b FROM t
ALTER TABLE t ALTER COLUMN a COLLATE EXACT
ALTER TABLE t MODIFY a VARCHAR(30) DEFAULT 'x' NOT NULL
ALTER TABLE t DROP COLUMN a CASCADE %DELDATA
ALTER TABLE t FIX STATISTICS
ALTER TABLE t MOVE PARTITION ID '202301' TO "other-db"
ALTER TABLE t CONVERT TO STORAGETYPE = COLUMNAR
DROP TABLE t RESTRICT %NODELDATA
INSERT %NOCHECK %NOLOCK INTO t (a) VALUES (1)
INSERT OR UPDATE %NOTRIGGER INTO t (a) VALUES (1)
UPDATE %NOINDEX t SET a = 1
DELETE %NOJOURN FROM t WHERE a = 1
TRUNCATE TABLE %NOLOCK t
INSERT INTO (SELECT a FROM t) (a) VALUES (1)
""".strip().splitlines()

# Read in one form, written in another.
SAME = [
    ("{call p(1)}", "CALL p (1)"),
    ("GRANT ALL ON t TO u", "GRANT ALL PRIVILEGES ON t TO u"),
    ("ALTER TABLE t ADD DEFAULT 5 FOR a", "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5"),
    ("ALTER TABLE t DELETE COLUMN a", "ALTER TABLE t DROP COLUMN a"),
    ("ALTER TABLE t ADD (UNIQUE (a, b))", "ALTER TABLE t ADD UNIQUE (a, b)"),
    ("create table t (a int) with storagetype row", "CREATE TABLE t (a INTEGER) WITH STORAGETYPE = ROW"),
]

REFUSED = [
    ("LOCK TABLE t IN ACCESS SHARE MODE", -1),
    ("LOCK TABLE t", -1),
    ("SET x = 1", -1),
    ("SET OPTION = 3", -1),
    ("TUNE t", -1),
    ("TUNE TABLE t %SAMPLE", -25),
    ("GRANT SELECT ON t", -1),
    ("GRANT SELECT TO", -1),
    ("GRANT USAGE ON SEQUENCE s TO u", -1),
    ("REVOKE SELECT ON t TO u", -1),
    ("CREATE USER u SUPERUSER", -1),
    ("CALL p (1", -1),
    ("CALL", -1),
    ("{call p(1)", -1),
    ("{? = call p(1)}", -40),
    ("BUILD INDEX i", -1),
    ("EXPLAIN INSERT INTO t VALUES (1)", -481),
    ("EXPLAIN ANALYZE SELECT 1", -51),
    ("EXPLAIN (FORMAT JSON) SELECT 1", -1),
    ("DELETE FROM t WHERE CURRENT OF c", -52),
    ("CREATE TRIGGER t BEFORE SELECT ON u BEGIN END", -1),
    ("CREATE MATERIALIZED VIEW v AS SELECT 1", -1),
    ("CREATE TYPE mood AS ENUM ('a')", -1),
    ("CREATE EXTENSION vector", -1),
    ("CREATE TABLE t (a INTEGER) INHERITS (u)", -25),
    ("VACUUM t", -51),
    ("ANALYZE t", -51),
    ("COPY t FROM STDIN", -51),
    ("COMMENT ON TABLE t IS 'x'", -51),
    ("DO $$ BEGIN END $$", -51),
    ("LISTEN x", -51),
    ("PREPARE x AS SELECT 1", -51),
    ("SHOW x", -51),
    ("RESET ALL", -51),
    ("REFRESH MATERIALIZED VIEW v", -51),
    ("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE", -51),
    ("REINDEX TABLE t", -51),
    ("DECLARE c CURSOR FOR SELECT 1", -51),
]


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_is_read_and_written_as_it_was(text: str) -> None:
    assert sqlglot.parse_one(text, dialect=IRIS).sql(IRIS) == text


@pytest.mark.parametrize(("text", "written"), SAME)
def test_another_form_is_read_as_the_same_statement(text: str, written: str) -> None:
    assert sqlglot.parse_one(text, dialect=IRIS).sql(IRIS) == written


@pytest.mark.parametrize("text", [text for text in STATEMENTS if "{" not in text and "BEGIN" not in text and "'" not in text])
def test_case_and_blanks_change_nothing(text: str) -> None:
    loose = re.sub(r"\b(ON|FROM|TABLE|SELECT|WITH|INTO|SET)\b", lambda match: f"\n  {match[1].lower()}\t", text)
    if "THROUGH" in text or "MODEL" in text or "PARTITION" in text or "SHARD" in text:
        return  # what is kept as text keeps its blanks too
    assert sqlglot.parse_one(loose, dialect=IRIS).sql(IRIS) == text


@pytest.mark.parametrize(("text", "sqlcode"), REFUSED)
def test_what_is_no_statement_of_iris_has_its_sqlcode(text: str, sqlcode: int) -> None:
    with pytest.raises(IrisSyntaxError) as refused:
        sqlglot.parse_one(text, dialect=IRIS)
    assert refused.value.sqlcode == sqlcode


# (statement, the first release that has it, the SQLCODE before)
RELEASES = [
    ("SELECT a FROM t LIMIT 3", "2025.1", -25),
    ("SELECT a FROM t OFFSET 2 FETCH NEXT 3 ROWS ONLY", "2025.1", -25),
    ("WITH x AS (SELECT 1 AS a) SELECT a FROM x", "2024.1", -51),
    ("SELECT a FROM JSON_TABLE('[]', '$' COLUMNS (a INTEGER PATH '$.a'))", "2024.1", -1),
    ("CREATE TABLE t (a VECTOR(FLOAT, 3))", "2024.1", -1),
    ("CREATE TABLE t (a EMBEDDING('c', 'b'))", "2024.3", -1),
    ("CREATE INDEX i ON t (a) AS HNSW(Distance='Cosine')", "2025.1", -1),
    ("SELECT HASHBYTES('SHA256', a) FROM t", "2025.1", -359),
    ("SELECT APPROX_COUNT_DISTINCT(a) FROM t", "2025.1", -359),
    ("LOAD SQL FROM FILE 'a'", "2025.1", -51),
    ("THROUGH SERVER a SELECT 1", "2024.2", -51),
]


@pytest.mark.parametrize(("text", "release", "sqlcode"), RELEASES)
def test_what_came_later_is_not_known_to_an_older_release(text: str, release: str, sqlcode: int) -> None:
    year, part = map(int, release.split("."))
    before = f"{year}.{part - 1}" if part > 1 else f"{year - 1}.3"
    sqlglot.parse_one(text, dialect=f"iris, version={release}")
    with pytest.raises(IrisSyntaxError) as refused:
        sqlglot.parse_one(text, dialect=f"iris, version={before}")
    assert refused.value.sqlcode == sqlcode


def test_an_older_release_gets_the_older_form_or_none() -> None:
    limited = sqlglot.parse_one("SELECT a FROM t ORDER BY a NULLS FIRST LIMIT 3", dialect="postgres")
    assert limited.sql("iris, version=2024.1") == "SELECT TOP 3 a FROM t ORDER BY a"
    assert limited.sql("iris") == "SELECT a FROM t ORDER BY a LIMIT 3"
    skipping = sqlglot.parse_one("SELECT a FROM t LIMIT 3 OFFSET 1", dialect="postgres")
    with pytest.raises(UnsupportedError):
        skipping.sql("iris, version=2024.1", unsupported_level=ErrorLevel.RAISE)


def test_iris_sql_becomes_postgresql_where_that_is_simple() -> None:
    def postgres(text: str) -> str:
        return sqlglot.transpile(text, read="iris", write="postgres")[0]

    assert postgres("SELECT TOP 5 a, b || 'x' AS c FROM s.t WHERE a = ? ORDER BY b DESC") == (
        "SELECT a, b || 'x' AS c FROM s.t WHERE a = %s ORDER BY b DESC NULLS LAST LIMIT 5"
    )
    assert postgres("INSERT INTO t (a) VALUES (1)") == "INSERT INTO t (a) VALUES (1)"
    assert (
        postgres("CREATE TABLE t (a VARCHAR(10) NOT NULL, b TIMESTAMP)") == "CREATE TABLE t (a VARCHAR(10) NOT NULL, b TIMESTAMP)"
    )
