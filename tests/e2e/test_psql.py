"""An afternoon with psql."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.support.servers import Server

pytestmark = pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")

Tables = Callable[[str], str]


def psql(server: Server, script: str, *options: str, status: int = 0) -> str:
    """What psql prints, errors among it, for a script on its standard input."""
    done = subprocess.run(
        ["psql", "-X", "-q", *options],
        input=script,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=server.environment,
        text=True,
        timeout=60,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def lines(server: Server, script: str, *options: str) -> list[str]:
    """Unaligned rows without headings."""
    return psql(server, script, "-A", "-t", *options).splitlines()


@pytest.fixture
def shop(server: Server, table: Tables) -> tuple[str, str]:
    customers = table(
        "id int PRIMARY KEY, name varchar(40) NOT NULL, city text, credit numeric(10,2), since date, active boolean"
    )
    orders = table("id int PRIMARY KEY, customer int NOT NULL, placed timestamp, total numeric(12,2)")
    psql(
        server,
        f"""
        INSERT INTO {customers} VALUES
          (1, 'Ada', 'London', 100.50, '2020-01-31', true), (2, 'Grace', 'New York', 0, '2021-12-01', false),
          (3, 'Edsger', NULL, NULL, NULL, NULL), (4, 'Barbara', 'Boston', 12.25, '2022-02-28', true);
        INSERT INTO {orders} VALUES
          (10, 1, '2023-05-06 07:08:09', 19.99), (11, 1, '2023-05-07 10:00:00.5', 5), (12, 4, NULL, 1000.01);
        """,
        "-v",
        "ON_ERROR_STOP=1",
    )
    return customers, orders


def test_tables_are_made_filled_and_asked(server: Server, shop: tuple[str, str]) -> None:
    customers, _ = shop
    assert psql(server, f"SELECT id, name, city, credit, since, active FROM {customers} ORDER BY id;") == (
        " id |  name   |   city   | credit |   since    | active \n"
        "----+---------+----------+--------+------------+--------\n"
        "  1 | Ada     | London   | 100.50 | 2020-01-31 | t\n"
        "  2 | Grace   | New York |   0.00 | 2021-12-01 | f\n"
        "  3 | Edsger  |          |        |            | \n"
        "  4 | Barbara | Boston   |  12.25 | 2022-02-28 | t\n"
        "(4 rows)\n\n"
    )


def test_command_tags(server: Server) -> None:
    script = """
        CREATE TABLE tags (id int PRIMARY KEY, name text);
        INSERT INTO tags VALUES (1, 'a'), (2, 'b');
        UPDATE tags SET name = 'c' WHERE id = 1;
        DELETE FROM tags WHERE id = 9;
        BEGIN; SAVEPOINT s; ROLLBACK TO s; RELEASE s; COMMIT;
        CREATE INDEX tags_name ON tags (name);
        DROP TABLE tags;
    """
    expected = ["CREATE TABLE", "INSERT 0 2", "UPDATE 1", "DELETE 0", "BEGIN", "SAVEPOINT", "ROLLBACK", "RELEASE", "COMMIT"]
    assert lines(server, script, "-v", "QUIET=off") == [*expected, "CREATE INDEX", "DROP TABLE"]


QUERIES = {
    "join": (
        "SELECT c.name, o.id, o.total FROM {c} c JOIN {o} o ON o.customer = c.id ORDER BY o.id",
        ["Ada|10|19.99", "Ada|11|5.00", "Barbara|12|1000.01"],
    ),
    "outer join": (
        "SELECT c.name, o.id FROM {c} c LEFT JOIN {o} o ON o.customer = c.id ORDER BY c.id, o.id",
        ["Ada|10", "Ada|11", "Grace|", "Edsger|", "Barbara|12"],
    ),
    "aggregates": (
        "SELECT count(*), count(city), sum(credit), min(name), max(since) FROM {c}",
        ["4|3|112.75|Ada|2022-02-28"],
    ),
    "groups": (
        "SELECT c.name, count(*) AS n, sum(o.total) FROM {c} c JOIN {o} o ON o.customer = c.id "
        "GROUP BY c.name HAVING count(*) > 1 ORDER BY 1",
        ["Ada|2|24.99"],
    ),
    "groups by position": ("SELECT active, count(*) FROM {c} GROUP BY 1 ORDER BY 1", ["f|1", "t|2", "|1"]),
    "NULLs last": ("SELECT id FROM {c} ORDER BY credit, id", ["2", "4", "1", "3"]),
    "NULLs first when descending": ("SELECT id FROM {c} ORDER BY credit DESC, id", ["3", "1", "4", "2"]),
    "NULLs as told": ("SELECT id FROM {c} ORDER BY credit DESC NULLS LAST, id", ["1", "4", "2", "3"]),
    "a window of rows": ("SELECT id FROM {c} ORDER BY id LIMIT 2 OFFSET 1", ["2", "3"]),
    "case matters": ("SELECT count(*) FROM {c} WHERE name = 'ada'", ["0"]),
    "ILIKE": ("SELECT name FROM {c} WHERE name ILIKE 'gr%'", ["Grace"]),
    "LIKE": ("SELECT name FROM {c} WHERE name LIKE '%a' ORDER BY 1", ["Ada", "Barbara"]),
    "a boolean column as condition": ("SELECT name FROM {c} WHERE active AND NOT id = 4", ["Ada"]),
    "a comparison as a column": ("SELECT id, credit > 50 FROM {c} ORDER BY id", ["1|t", "2|f", "3|", "4|f"]),
    "integer division": ("SELECT 7 / 2, -7 / 2, 7 % 3", ["3|-3|1"]),
    "casts": ("SELECT '12'::int + 1, 42.5::int, 'x'::text || 'y', CAST('2020-02-29' AS date)", ["13|43|xy|2020-02-29"]),
    "strings": ("SELECT length('a b '), upper('ab'), substring('abcdef' from 2 for 3), 'a''b'", ["4|AB|bcd|a'b"]),
    "coalesce and case": (
        "SELECT coalesce(city, '?'), CASE WHEN credit IS NULL THEN 'none' ELSE 'some' END FROM {c} WHERE id = 3",
        ["?|none"],
    ),
    "subqueries": ("SELECT name FROM {c} WHERE id IN (SELECT customer FROM {o}) ORDER BY name", ["Ada", "Barbara"]),
    "exists": (
        "SELECT name FROM {c} c WHERE NOT EXISTS (SELECT 1 FROM {o} o WHERE o.customer = c.id) ORDER BY id",
        ["Grace", "Edsger"],
    ),
    "union": ("SELECT id FROM {c} WHERE id < 2 UNION ALL SELECT id FROM {o} WHERE id > 11 ORDER BY 1", ["1", "12"]),
    "with": ("WITH rich AS (SELECT * FROM {c} WHERE credit > 10) SELECT count(*) FROM rich", ["2"]),
    "a window function": (
        "SELECT id, row_number() OVER (PARTITION BY customer ORDER BY id) FROM {o} ORDER BY id",
        ["10|1", "11|2", "12|1"],
    ),
    "timestamps": ("SELECT placed FROM {o} ORDER BY id", ["2023-05-06 07:08:09", "2023-05-07 10:00:00.5", ""]),
    "parts of dates": ("SELECT extract(year FROM since), extract(month FROM since) FROM {c} WHERE id = 4", ["2022|2"]),
    "distinct": ("SELECT DISTINCT customer FROM {o} ORDER BY customer", ["1", "4"]),
    "distinct keeps the case": ("SELECT DISTINCT name FROM {c} WHERE id < 3 ORDER BY name", ["Ada", "Grace"]),
    "returning": ("INSERT INTO {c} (id, name) VALUES (50, 'New') RETURNING id, name, city", ["50|New|"]),
    "an upsert": (
        "INSERT INTO {c} (id, name) VALUES (1, 'Augusta') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name; "
        "SELECT name FROM {c} WHERE id = 1",
        ["Augusta"],
    ),
}


@pytest.mark.parametrize("name", QUERIES)
def test_query(server: Server, shop: tuple[str, str], name: str) -> None:
    sql, expected = QUERIES[name]
    assert lines(server, sql.format(c=shop[0], o=shop[1])) == expected


def test_rollback_undoes_and_commit_keeps(server: Server, shop: tuple[str, str]) -> None:
    customers, _ = shop
    script = f"""
        BEGIN; DELETE FROM {customers}; SELECT count(*) FROM {customers}; ROLLBACK; SELECT count(*) FROM {customers};
        BEGIN; DELETE FROM {customers} WHERE id = 1; COMMIT; SELECT count(*) FROM {customers};
    """
    assert lines(server, script) == ["0", "4", "3"]


def test_savepoints_undo_a_part(server: Server, shop: tuple[str, str]) -> None:
    customers, _ = shop
    script = f"""
        BEGIN;
        DELETE FROM {customers} WHERE id = 1;
        SAVEPOINT a;
        DELETE FROM {customers} WHERE id = 2;
        ROLLBACK TO a;
        DELETE FROM {customers} WHERE id = 3;
        ROLLBACK TO a;
        COMMIT;
        SELECT id FROM {customers} ORDER BY id;
    """
    assert lines(server, script) == ["2", "3", "4"]


def test_an_error_spoils_its_transaction(server: Server, shop: tuple[str, str]) -> None:
    customers, _ = shop
    script = f"""
        BEGIN;
        DELETE FROM {customers};
        SELECT * FROM no_such_table;
        SELECT 1;
        COMMIT;
        SELECT count(*) FROM {customers};
    """
    found = lines(server, script, "-v", "VERBOSITY=sqlstate")
    assert found == ["ERROR:  42P01", "ERROR:  25P02", "4"]


def test_on_error_rollback_saves_a_transaction(server: Server, shop: tuple[str, str]) -> None:
    customers, _ = shop
    script = f"""
        \\set ON_ERROR_ROLLBACK on
        BEGIN;
        DELETE FROM {customers} WHERE id = 1;
        SELECT * FROM no_such_table;
        DELETE FROM {customers} WHERE id = 2;
        COMMIT;
        SELECT id FROM {customers} ORDER BY id;
    """
    assert lines(server, script, "-v", "VERBOSITY=sqlstate") == ["ERROR:  42P01", "3", "4"]


def test_errors_say_what_and_where(server: Server) -> None:
    found = psql(server, "SELECT 1 AS a,\n  nothing FROM missing_table;", "-v", "ON_ERROR_STOP=1", status=3)
    assert 'relation "missing_table" does not exist' in found
    assert re.search(r"LINE 2: +nothing FROM missing_table;\n +\^", found)


def test_broken_constraints_have_their_codes(server: Server, shop: tuple[str, str]) -> None:
    customers, _ = shop
    script = f"INSERT INTO {customers} (id, name) VALUES (1, 'x'); INSERT INTO {customers} (id) VALUES (77);"
    assert lines(server, script, "-v", "VERBOSITY=sqlstate") == ["ERROR:  23505", "ERROR:  23502"]


def test_gdesc_describes_without_running(server: Server, shop: tuple[str, str]) -> None:
    customers, _ = shop
    script = f"SELECT id, name, city, credit, since, active, 1.5 AS n, 'x' AS s FROM {customers} \\gdesc"
    assert lines(server, script) == [
        "id|integer",
        "name|character varying(40)",
        "city|text",
        "credit|numeric(10,2)",
        "since|date",
        "active|boolean",
        "n|numeric",
        "s|text",
    ]


def test_fetch_count_reads_through_a_cursor(server: Server, shop: tuple[str, str]) -> None:
    customers, orders = shop
    script = f"\\set FETCH_COUNT 2\nSELECT c.id FROM {customers} c, {orders} o ORDER BY c.id;"
    assert lines(server, script) == [str(i) for i in (1, 2, 3, 4) for _ in range(3)]


def test_watch_repeats_a_query(server: Server) -> None:
    with subprocess.Popen(
        ["psql", "-X", "-A", "-t"],
        env=server.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        process.stdin.write("SELECT 41 + 1 AS answer \\watch 0.2\n")
        process.stdin.flush()
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
    assert output.splitlines().count("42") >= 3


def test_timing_follows_each_statement(server: Server) -> None:
    found = lines(server, "\\timing on\nSELECT 1;")
    assert found[0] == "Timing is on." or found[0] == "1"
    assert any(re.fullmatch(r"Time: \d+\.\d+ ms", line) for line in found)


def test_several_statements_in_one_option(server: Server) -> None:
    done = subprocess.run(
        ["psql", "-X", "-A", "-t", "-c", "SELECT 1; SELECT 2 AS b; SELECT 'x;y'", "-c", "SELECT 4"],
        env=server.environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["1", "2", "x;y", "4"]


def test_gset_gexec_and_variables(server: Server, shop: tuple[str, str]) -> None:
    customers, _ = shop
    script = f"""
        SELECT max(id) AS top FROM {customers} \\gset
        SELECT :top + 1, :'top' || '!';
        SELECT 'SELECT ' || id FROM {customers} ORDER BY id \\gexec
        SELECT 1 AS one \\gset
        \\if :one
        SELECT 'yes';
        \\endif
    """
    assert lines(server, script) == ["5|4!", "1", "2", "3", "4", "yes"]


def test_bind_sends_parameters_where_psql_knows_it(server: Server, shop: tuple[str, str]) -> None:
    version = subprocess.run(["psql", "--version"], capture_output=True, text=True, check=True).stdout
    if int(re.findall(r"\d+", version)[0]) < 16:
        pytest.skip(f"\\bind came with psql 16; this is {version.strip()}")
    assert lines(server, f"SELECT name FROM {shop[0]} WHERE id = $1 \\bind 1 \\g") == ["Ada"]


def test_conninfo(server: Server) -> None:
    assert f'You are connected to database "USER" as user "demo" on host "127.0.0.1" at port "{server.port}"' in " ".join(
        psql(server, "\\conninfo").replace('(address "127.0.0.1")', "").split()
    )


def test_session_functions(server: Server) -> None:
    script = "SELECT current_user, current_database(), current_schema(); SELECT version(); SHOW server_version_num;"
    user, version, number = lines(server, script)
    assert user == "demo|USER|public"
    assert version.startswith("PostgreSQL ")
    assert int(number) >= 150000


def test_notices_are_shown(server: Server) -> None:
    assert psql(server, "DROP TABLE IF EXISTS was_never_there;") == (
        'NOTICE:  table "was_never_there" does not exist, skipping\n'
    )


LONG_QUERY = "SELECT count(*) FROM {t} a, {t} b, {t} c, {t} d, {t} e, {t} f WHERE a.id + b.id + c.id + d.id + e.id + f.id < 0;"


@pytest.mark.parametrize("sql", ["SELECT pg_sleep(30);", LONG_QUERY], ids=["pg_sleep", "a long query"])
def test_control_c_stops_a_statement_and_the_session_goes_on(server: Server, table: Tables, sql: str) -> None:
    many = table("id int PRIMARY KEY")
    psql(server, f"INSERT INTO {many} VALUES {', '.join(f'({n})' for n in range(1, 101))};")
    script = f"SELECT 'ready';\n{sql.format(t=many)}\nSELECT 'still here';\n"
    process = subprocess.Popen(
        ["psql", "-X", "-A", "-t", "-v", "VERBOSITY=sqlstate"],
        env=server.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    with process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(script)
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
    assert time.monotonic() - started < 5
    assert "57014" in output
    if "still here" not in output:  # psql reading a script stops at a cancel; a new one must find the server well
        assert lines(server, "SELECT 'still here'") == ["still here"]


def test_nearest_neighbours(pgiris: Server) -> None:
    script = """
        CREATE TABLE places (id int PRIMARY KEY, name text, at vector(3));
        INSERT INTO places VALUES (1, 'x', '[1,0,0]'), (2, 'y', '[0,1,0]'), (3, 'near x', '[0.9,0.1,0]'), (4, 'nowhere', NULL);
        SELECT name FROM places ORDER BY at <=> '[1,0,0]' LIMIT 2;
        SELECT name, at FROM places WHERE id = 3;
        SELECT (at <=> '[1,0,0]')::numeric(6,4), at <#> '[2,0,0]' FROM places WHERE id = 1;
        SELECT name FROM places WHERE at IS NOT NULL ORDER BY at <-> '[0,2,0]' LIMIT 1;
        DROP TABLE places;
    """
    assert lines(pgiris, script) == ["x", "near x", "near x|[0.9,0.1,0]", "0.0000|-2", "y"]
