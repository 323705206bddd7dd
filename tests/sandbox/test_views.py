"""Views whose rows can be changed, and WITH CHECK OPTION."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import sqlcode


@pytest.fixture
def views(run: Any) -> None:
    run("CREATE TABLE student (id INTEGER IDENTITY, name VARCHAR(20), grade NUMERIC(3,1), class INTEGER DEFAULT 7)")
    for name, grade in (("ann", "3.5"), ("bob", "2"), ("cid", "4")):
        run("INSERT INTO student (name, grade) VALUES (?, ?)", name, grade)
    run("CREATE VIEW good (who, mark) AS SELECT s.name, s.grade FROM student s WHERE s.grade > 3 WITH CHECK OPTION")
    run("CREATE VIEW free AS SELECT name, grade FROM student WHERE grade > 3")
    run("CREATE VIEW best AS SELECT who, mark FROM good WHERE mark < 5 WITH LOCAL CHECK OPTION")
    run("CREATE VIEW best2 AS SELECT who, mark FROM free2 WHERE mark < 5 WITH CASCADED CHECK OPTION".replace("free2", "good"))
    run("CREATE VIEW fixed AS SELECT name FROM student WITH READ ONLY")
    run("CREATE VIEW counted AS SELECT name, COUNT(*) AS n FROM student GROUP BY name")


def test_rows_of_a_view_are_changed_in_its_table(run: Any, count: Any, views: None) -> None:
    assert count("INSERT INTO free (name, grade) VALUES ('dan', 1)") == 1
    assert count("UPDATE free SET name = 'ANN' WHERE grade < 4") == 1
    assert count("UPDATE good SET mark = mark + 0.5 WHERE who = 'cid'") == 1
    assert count("DELETE FROM free WHERE name <> 'ann' OR name IS NULL") == 1  # cid; bob and dan are not shown
    assert run("SELECT name, grade, class FROM student ORDER BY id") == [("ANN", "3.5", 7), ("bob", "2", 7), ("dan", "1", 7)]


def test_with_check_option_refuses_rows_that_the_view_does_not_show(run: Any, failure: Any, views: None) -> None:
    before = run("SELECT * FROM student ORDER BY id")
    error = failure("INSERT INTO good (who, mark) VALUES ('eve', 3)")
    assert (sqlcode(error), error.code) == (-136, "44000")
    assert error.message == 'new row violates check option for view "good"'
    assert sqlcode(failure("UPDATE good SET mark = mark - 1")) == -137
    assert sqlcode(failure("INSERT INTO good (who, mark) SELECT 'x', 4 UNION ALL SELECT 'y', NULL")) == -136
    assert run("SELECT * FROM student ORDER BY id") == before
    run("INSERT %NOCHECK INTO good (who, mark) VALUES ('eve', 3)")


def test_local_checks_one_view_and_cascaded_all(run: Any, failure: Any, views: None) -> None:
    assert sqlcode(failure("INSERT INTO best (who, mark) VALUES ('x', 6)")) == -136
    run("INSERT INTO best (who, mark) VALUES ('x', 1)")
    assert sqlcode(failure("INSERT INTO best2 (who, mark) VALUES ('x', 1)")) == -136
    run("INSERT INTO best2 (who, mark) VALUES ('x', 4)")


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("INSERT INTO fixed (name) VALUES ('x')", -35),
        ("DELETE FROM counted", -35),
        ("UPDATE counted SET n = 1", -35),
        ("TRUNCATE TABLE free", -35),
        ("UPDATE free SET id = 1", -29),
        ("INSERT INTO free (class) VALUES (1)", -29),
        ("CREATE VIEW w AS SELECT name, COUNT(*) AS n FROM student GROUP BY name WITH CHECK OPTION", -36),
        ("CREATE VIEW w AS SELECT name || 'x' AS n FROM student WITH LOCAL CHECK OPTION", -36),
        ("CREATE VIEW w AS SELECT name FROM student ORDER BY name", -143),
        ("ALTER VIEW nowhere AS SELECT 1", -30),
    ],
)
def test_what_cannot_be_done_with_a_view_has_its_sqlcode(failure: Any, views: None, sql: str, code: int) -> None:
    assert sqlcode(failure(sql)) == code


def test_alter_view_gives_it_another_query(run: Any, views: None) -> None:
    run("ALTER VIEW free (a) AS SELECT id FROM student WHERE id = 2")
    assert run("SELECT * FROM free") == [(2,)]


def test_the_information_schema_tells_what_a_view_allows(run: Any, views: None) -> None:
    rows = run("SELECT TABLE_NAME, CHECK_OPTION, IS_UPDATABLE FROM INFORMATION_SCHEMA.VIEWS ORDER BY TABLE_NAME")
    assert rows == [
        ("best", "LOCAL", "YES"),
        ("best2", "CASCADED", "YES"),
        ("counted", "NONE", "NO"),
        ("fixed", "NONE", "NO"),
        ("free", "NONE", "YES"),
        ("good", "CASCADED", "YES"),
    ]


def test_nocheck_lifts_foreign_keys(run: Any, failure: Any) -> None:
    run("CREATE TABLE boss (id INTEGER PRIMARY KEY, above INTEGER REFERENCES boss (id))")
    run("INSERT INTO boss VALUES (1, NULL)")
    run("INSERT INTO boss VALUES (2, 1)")
    assert sqlcode(failure("DELETE FROM boss WHERE id = 1")) == -124
    run("DELETE %NOCHECK FROM boss")
    run("INSERT %NOCHECK INTO boss VALUES (3, 99)")
    assert sqlcode(failure("INSERT INTO boss VALUES (4, 98)")) == -121
    assert run("SELECT * FROM boss") == [(3, 99)]


def test_a_foreign_key_that_says_nocheck_checks_nothing(run: Any) -> None:
    run("CREATE TABLE a (id INTEGER PRIMARY KEY)")
    run("CREATE TABLE b (id INTEGER REFERENCES a (id) ON DELETE CASCADE NOCHECK)")
    run("INSERT INTO b VALUES (5)")
    run("INSERT INTO a VALUES (5)")
    run("DELETE FROM a")
    assert run("SELECT id FROM b") == [(5,)]
