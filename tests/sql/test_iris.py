"""The IRIS dialect: what it reads and writes, what it refuses with which SQLCODE, and what it makes of PostgreSQL's trees."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.errors import UnsupportedError

from pgiris.sql.iris import IRIS, IrisSyntaxError, nodes

# IRIS SQL -> the same as the generator writes it; None: exactly as it was.
WRITTEN: list[tuple[str, str | None]] = [
    ("SELECT 1", None),
    ("SELECT TOP 5 a, b AS c, t.* FROM s.t AS t WHERE a = ? AND (b > 1 OR NOT c IS NULL)", None),
    ("select a from t where a is not null", "SELECT a FROM t WHERE NOT a IS NULL"),
    ("SELECT a, COUNT(*) FROM t GROUP BY a HAVING COUNT(*) > 1", None),
    ("SELECT DISTINCT TOP ALL a FROM t ORDER BY a DESC", None),
    ("SELECT DISTINCT BY (a, b) a FROM t", None),
    ("SELECT a FROM t LIMIT 5 OFFSET 3", None),
    ("SELECT a FROM t OFFSET 3 ROWS FETCH NEXT 2 ROWS ONLY", "SELECT a FROM t OFFSET 3 FETCH NEXT 2 ROWS ONLY"),
    ("WITH x AS (SELECT 1 AS a), y AS (SELECT a FROM x) SELECT * FROM y", None),
    ("SELECT a FROM t UNION ALL SELECT b FROM u ORDER BY 1 DESC", None),
    ("SELECT a FROM t UNION SELECT b FROM u INTERSECT SELECT c FROM v", None),
    ("SELECT * FROM a LEFT OUTER JOIN b ON a.x = b.x, c INNER JOIN d USING (y)", None),
    ("SELECT * FROM (a JOIN b ON a.x = b.x) NATURAL JOIN c", None),
    ("SELECT * FROM (SELECT TOP 3 x FROM t ORDER BY x DESC) AS q", None),
    ("SELECT CASE WHEN EXISTS(SELECT 1) THEN 1 ELSE 0 END", None),
    ("SELECT CASE a WHEN 1 THEN 'x' END FROM t", None),
    ("SELECT ((a + 1) * 2) \\ 3 # 4 || 'x' FROM t WHERE ((a + 1) * 2) > 3", None),
    ("SELECT {d '2020-01-01'}, {t '10:00:00'}, {ts '2020-01-01 10:00:00'}, {fn CONCAT(a, b)}", None),
    ("SELECT CAST(a AS VARCHAR(20)), CONVERT(VARCHAR(10), a), $JOB, USER, CURRENT_TIMESTAMP(6), CURRENT_DATE", None),
    ("SELECT %EXACT(a), $PIECE(a, ',', 1), POSITION('a' IN b), fk->name, %ID, COUNT(DISTINCT a), LIST(a) FROM t", None),
    (
        "SELECT TRIM(BOTH ' ' FROM a), TRIM(a), SUBSTRING(a FROM 1 FOR 2)",
        "SELECT TRIM(BOTH ' ' FROM a), TRIM(a), SUBSTRING(a, 1, 2)",
    ),
    ("SELECT DATEADD('dd', 1, x), DATEDIFF(dd, a, b)", "SELECT DATEADD(dd, 1, x), DATEDIFF(dd, a, b)"),
    ("SELECT TO_VECTOR(?, DOUBLE, 3), VECTOR_COSINE(a, b) FROM t", None),
    ("SELECT a FROM t WHERE a %STARTSWITH 'b' AND b %INLIST ? AND c %MATCHES 'x*' AND d [ 'x' AND e ] 'y'", None),
    ("SELECT a FROM t WHERE e IN (1, 2) AND NOT f IN (SELECT 1) AND g BETWEEN 1 AND 2 AND h LIKE 'a%' ESCAPE '\\'", None),
    (
        "SELECT a FROM t WHERE i > ALL (SELECT 1) AND j = SOME (SELECT 2)",
        "SELECT a FROM t WHERE i > ALL (SELECT 1) AND j = ANY(SELECT 2)",
    ),
    ("SELECT SUM(x) OVER (PARTITION BY a ORDER BY b DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t", None),
    ("SELECT JSON_OBJECT('a': 1 ABSENT ON NULL), JSON_ARRAY(1, 2)", None),
    ("SELECT -5, .5, 1.5E3, 'it''s'", None),
    ('SELECT "Level", "a b", x AS "date" FROM "user"', None),
    ('SELECT "plain" FROM "t"', "SELECT plain FROM t"),
    ("SELECT a FROM %IGNOREINDEX i t", None),
    ("INSERT INTO t (a, b) VALUES (1, ?)", None),
    ("INSERT t (a) VALUES (1)", "INSERT INTO t (a) VALUES (1)"),
    ("INSERT INTO t SET a = 1, b = 'x'", "INSERT INTO t (a, b) VALUES (1, 'x')"),
    ("INSERT OR UPDATE t (a) VALUES (1)", "INSERT OR UPDATE INTO t (a) VALUES (1)"),
    ("INSERT INTO t DEFAULT VALUES", None),
    ("INSERT INTO t (a) SELECT 1 UNION ALL SELECT 2", None),
    ("UPDATE %NOLOCK t x SET a = 1 FROM u WHERE x.a = u.b", "UPDATE %NOLOCK t AS x SET a = 1 FROM u WHERE x.a = u.b"),
    ("UPDATE t (a, b) VALUES (1, 2)", "UPDATE t SET a = 1, b = 2"),
    ("DELETE t WHERE a = 1", "DELETE FROM t WHERE a = 1"),
    ("DELETE FROM t FROM u, v WHERE t.a = u.a", None),
    ("TRUNCATE TABLE t", None),
    (
        "CREATE TABLE s.t (id INTEGER IDENTITY, a VARCHAR(50) COLLATE EXACT NOT NULL DEFAULT 'x' %DESCRIPTION 'pgiris:text',"
        " b NUMERIC(10, 2) REFERENCES u (id) ON DELETE SET NULL ON UPDATE NO ACTION, c VECTOR(FLOAT, 3), d SERIAL,"
        " e BIGINT AUTO_INCREMENT, f VARCHAR(MAX), g ROWVERSION, CONSTRAINT x PRIMARY KEY (id), UNIQUE (a, b),"
        " FOREIGN KEY (a) REFERENCES v, %DESCRIPTION 'tab')"
        " WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1, STORAGETYPE = ROW",
        None,
    ),
    ("CREATE TABLE t (a INT, b DEC, c TEXT, d GUID)", "CREATE TABLE t (a INTEGER, b NUMERIC, c LONGVARCHAR, d UNIQUEIDENTIFIER)"),
    ("CREATE GLOBAL TEMPORARY TABLE t (a DATE)", None),
    ("CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a", None),
    ("CREATE UNIQUE INDEX i ON TABLE t (a, b)", None),
    (
        "CREATE INDEX i ON t (v) AS HNSW(Distance='Cosine', M=16)",
        "CREATE INDEX i ON TABLE t (v) AS HNSW(Distance='Cosine', M=16)",
    ),
    ("CREATE OR REPLACE VIEW v (a) AS SELECT 1", None),
    ("CREATE SCHEMA IF NOT EXISTS x", None),
    ("ALTER TABLE t ADD COLUMN a INTEGER DEFAULT 5", None),
    ("ALTER TABLE t ADD (a INTEGER, b DATE)", None),
    ("ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)", None),
    ("ALTER TABLE t ALTER COLUMN a RENAME b", None),
    ("ALTER TABLE t ALTER COLUMN a VARCHAR(20)", None),
    ("ALTER TABLE t ALTER COLUMN a NOT NULL", None),
    ("ALTER TABLE t ALTER COLUMN a SET DEFAULT 1", None),
    ("ALTER TABLE t ALTER COLUMN a DROP DEFAULT", None),
    ("ALTER TABLE t DROP COLUMN a", None),
    ("ALTER TABLE t DROP CONSTRAINT c", None),
    ("ALTER TABLE t RENAME u", None),
    ("DROP TABLE IF EXISTS t CASCADE", None),
    ("DROP INDEX i ON TABLE t", None),
    ("DROP VIEW v", None),
    ("DROP SCHEMA x CASCADE", None),
    ("START TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE", None),
    ("COMMIT WORK", "COMMIT"),
    ("ROLLBACK", None),
    ("ROLLBACK TO SAVEPOINT x", None),
    ("SAVEPOINT x", None),
]

REFUSED: list[tuple[str, int]] = [
    ("SELECT 1;", -25),
    ("SELECT a::int FROM t", -25),
    ("SELECT (a = 1) FROM t", -1),
    ("SELECT a = 1 FROM t", -25),
    ("SELECT a AND b FROM t", -25),
    ("SELECT * FROM t WHERE a", -14),
    ("SELECT TRUE", -12),
    ("SELECT * FROM t ORDER BY a NULLS LAST", -25),
    ("INSERT INTO t (a) VALUES (1), (2)", -25),
    ("INSERT INTO t (a) VALUES (1) RETURNING a", -25),
    ("INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING", -25),
    ("INSERT INTO t (a) VALUES ((SELECT 1))", -144),
    ("INSERT INTO t (a) VALUES (DEFAULT)", -12),
    ("SELECT * FROM t WHERE a ILIKE 'x'", -14),
    ("SELECT * FROM t WHERE a SIMILAR TO 'x'", -14),
    ("SELECT * FROM t WHERE a IS NOT DISTINCT FROM b", -1),
    ("SELECT * FROM t WHERE a IS TRUE", -1),
    ("SELECT COUNT(*) FILTER (WHERE a = 1) FROM t", -25),
    ("SELECT * FROM t WHERE x = ANY(?)", -1),
    ("SELECT DATE '2020-01-01'", -12),
    ("SELECT INTERVAL '1 day'", -12),
    ("SELECT EXTRACT(YEAR FROM a) FROM t", -12),
    ("SELECT $1", -12),
    ("SELECT :name", -28),
    ("SELECT E'x'", -25),
    ("SELECT 5 % 3", -25),
    ("SELECT a ->> 'b' FROM t", -1),
    ("FOO", -51),
    ("VALUES (1)", -51),
    ("BEGIN", -51),
    ("SELECT", -12),
    ("SELECT * FROM (SELECT a FROM t ORDER BY a LIMIT 3) q", -1),
    ("SELECT * FROM (SELECT a FROM t ORDER BY a) q", -1),
    ("SELECT TOP 3 a FROM t LIMIT 3", -386),
    ("SELECT TOP 3 a FROM (SELECT b FROM t LIMIT 3) q", -386),
    ("WITH x AS (SELECT 1) DELETE FROM t", -383),
    ("WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x", -1),
    ("WITH x AS (SELECT 1), x AS (SELECT 2) SELECT * FROM x", -382),
    ("SELECT * FROM t FULL JOIN u USING (a)", -94),
    ("SELECT * FROM user", -1),
    ("SELECT a date FROM t", -25),
    ("SELECT * FROM t WHERE (a, b) = (1, 2)", -14),
    ("SELECT * FROM t FOR UPDATE", -25),
    ("SELECT a FROM t LIMIT 1 ORDER BY a", -25),
    ("SELECT a FROM t FETCH FIRST 3 ROWS WITH TIES", -25),
    ("SELECT SUM(a) OVER (ORDER BY b RANGE UNBOUNDED PRECEDING) FROM t", -1),
    ("SELECT a FROM t UNION ALL SELECT b FROM u EXCEPT ALL SELECT 1", -1),
    ("SELECT CAST(a AS TEXT) FROM t", -376),
    ("SELECT CAST(a AS UUID) FROM t", -376),
    ("SELECT DATEADD(1, 2, 3)", -8),
    ("SELECT 1E", -2),
    ("CREATE TABLE t (a TEXT[])", -1),
    ("CREATE TABLE t (a JSONB)", -1),
    ("CREATE TABLE t (a INT CHECK (a > 1))", -1),
    ("CREATE TABLE t (a INT GENERATED ALWAYS AS IDENTITY)", -1),
    ("CREATE TABLE t (a INT DEFAULT (1 + 1))", -1),
    ("CREATE TABLE t (a INT DEFAULT now())", -1),
    ("CREATE TABLE t (a INT REFERENCES u ON DELETE RESTRICT)", -1),
    ("CREATE INDEX IF NOT EXISTS i ON t (a)", -1),
    ("CREATE INDEX i ON t (LOWER(a))", -1),
    ("CREATE INDEX i ON t USING btree (a)", -1),
    ("CREATE VIEW v AS SELECT ?", -148),
    ("CREATE VIEW v AS SELECT a FROM t ORDER BY a", -143),
    ("CREATE SEQUENCE s", -1),
    ("ALTER TABLE t ADD COLUMN a INT, ADD COLUMN b INT", -25),
    ("ALTER TABLE t RENAME COLUMN a TO b", -25),
    ("SAVEPOINT", -301),
    ("ROLLBACK TO x", -1),
    ("RELEASE SAVEPOINT x", -51),
]

# PostgreSQL -> IRIS, by the generator alone.
TRANSLATED = [
    ("SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END, a"),
    ("SELECT a FROM t ORDER BY a NULLS FIRST", "SELECT a FROM t ORDER BY a"),
    ("SELECT length(a), ceil(b), ln(c), log(d), chr(65), strpos(a, 'x'), a || 'y'",
     "SELECT CHAR_LENGTH(a), CEILING(b), LOG(c), LOG10(d), CHAR(65), CHARINDEX('x', a), a || 'y'"),
    ("SELECT 5 % 3, trim(both 'x' from a), string_agg(a, ',')", "SELECT MOD(5, 3), TRIM(BOTH 'x' FROM a), LIST(a)"),
    ("SELECT (a || b) + 1, a || b + 1", "SELECT (a || b) + 1, a || (b + 1)"),
    ("SELECT true, false, x ILIKE 'b'", "SELECT 1, 0, UPPER(x) LIKE UPPER('b')"),
    ("SELECT a::text, b::int, CAST(c AS date)", "SELECT CAST(a AS VARCHAR(3641144)), CAST(b AS INTEGER), CAST(c AS DATE)"),
    ("SELECT date, level, \"User\" FROM role", 'SELECT "date", "level", "User" FROM "role"'),
    ("DELETE FROM t USING u WHERE t.a = u.a", "DELETE FROM t FROM u WHERE t.a = u.a"),
    ("ALTER TABLE t RENAME COLUMN a TO b", "ALTER TABLE t ALTER COLUMN a RENAME b"),
    ("ALTER TABLE t ALTER COLUMN a TYPE bigint", "ALTER TABLE t ALTER COLUMN a BIGINT"),
    ("CREATE INDEX i ON t (a DESC, b)", "CREATE INDEX i ON TABLE t (a, b)"),
    ("SELECT * FROM (VALUES (1, 2), (3, 4)) v(a, b)", "SELECT * FROM (SELECT 1 AS a, 2 AS b UNION ALL SELECT 3, 4) AS v"),
]  # fmt: skip

UNSUPPORTED = [
    "SELECT now() - interval '1 day'",
    "SELECT array[1, 2]",
    "SELECT a FROM t WHERE a ~ 'x'",
    "SELECT a FROM t WHERE a IS DISTINCT FROM b",
    "SELECT date_trunc('day', a) FROM t",
    "SELECT count(*) FILTER (WHERE a = 1) FROM t",
    "INSERT INTO t (a) VALUES (1), (2)",
    "INSERT INTO t (a) VALUES (1) RETURNING a",
    "INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING",
    "CREATE INDEX i ON t (a) WHERE a > 1",
    "WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x",
    "SELECT initcap(a) FROM t",
]


@pytest.mark.parametrize(("text", "written"), WRITTEN, ids=[text[:60] for text, _ in WRITTEN])
def test_what_is_read_is_written_again(text: str, written: str | None) -> None:
    tree = sqlglot.parse_one(text, dialect=IRIS)
    assert tree.sql(IRIS) == (written or text)


@pytest.mark.parametrize(("text", "written"), WRITTEN, ids=[text[:60] for text, _ in WRITTEN])
def test_what_is_written_reads_as_the_same_tree(text: str, written: str | None) -> None:
    tree = sqlglot.parse_one(text, dialect=IRIS)
    again = sqlglot.parse_one(tree.sql(IRIS), dialect=IRIS)
    assert again.sql(IRIS) == tree.sql(IRIS)


@pytest.mark.parametrize(("text", "sqlcode"), REFUSED, ids=[text[:60] for text, _ in REFUSED])
def test_what_is_not_iris_sql_has_its_sqlcode(text: str, sqlcode: int) -> None:
    with pytest.raises(IrisSyntaxError) as refused:
        sqlglot.parse_one(text, dialect=IRIS)
    assert refused.value.sqlcode == sqlcode


def test_an_error_tells_the_place_and_the_offending_word() -> None:
    with pytest.raises(IrisSyntaxError) as refused:
        sqlglot.parse_one("SELECT * FROM where", dialect=IRIS)
    assert refused.value.message == "IDENTIFIER expected, reserved word WHERE found"
    assert refused.value.position == 14


@pytest.mark.parametrize(("postgres", "iris"), TRANSLATED, ids=[text[:60] for text, _ in TRANSLATED])
def test_trees_of_postgresql_are_written_as_iris_sql(postgres: str, iris: str) -> None:
    assert sqlglot.parse_one(postgres, dialect="postgres").sql(IRIS, unsupported_level=ErrorLevel.RAISE) == iris


@pytest.mark.parametrize("text", UNSUPPORTED)
def test_what_iris_cannot_say_is_reported(text: str) -> None:
    with pytest.raises(UnsupportedError):
        sqlglot.parse_one(text, dialect="postgres").sql(IRIS, unsupported_level=ErrorLevel.RAISE)


def test_the_dialect_is_known_to_sqlglot_by_name() -> None:
    assert sqlglot.parse_one("SELECT TOP 2 a FROM t", dialect="iris").sql("postgres") == "SELECT a FROM t LIMIT 2"


def test_parameters_remember_their_place_in_the_text() -> None:
    tree = sqlglot.parse_one("SELECT TOP ? a FROM t WHERE b = ? OR c IN (?, ?)", dialect=IRIS)
    starts = sorted(node.meta["start"] for node in tree.find_all(exp.Placeholder))
    assert starts == [11, 32, 43, 46]


def test_a_limit_behind_a_set_operation_without_order_belongs_to_its_last_select() -> None:
    tree = sqlglot.parse_one("SELECT a FROM t UNION ALL SELECT b FROM u LIMIT 1", dialect=IRIS)
    assert tree.args.get("limit") is None
    assert tree.expression.args["limit"].expression.name == "1"


def test_nodes_for_top_and_table_options_can_be_built() -> None:
    select = exp.select("a").from_("t")
    select.set("limit", nodes.top(3))
    assert select.sql(IRIS) == "SELECT TOP 3 a FROM t"
    select.set("limit", nodes.top(None))
    assert select.sql(IRIS) == "SELECT TOP ALL a FROM t"
    assert nodes.table_option("STORAGETYPE", "ROW").sql(IRIS).replace(" ", "") == "STORAGETYPE=ROW"
