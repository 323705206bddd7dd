"""EXPLAIN: IRIS's plan of queries, and the steps of what IRIS does not explain."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import psycopg
import pytest

from tests.support.servers import Server

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def connection(pgiris: Server) -> Iterator[Connection]:
    with psycopg.connect(pgiris.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE explained (id int PRIMARY KEY, name text)")
        yield connection
        connection.execute("DROP TABLE explained")


def test_a_query_is_explained_by_iris(connection: Connection) -> None:
    query = "SELECT name FROM explained WHERE id = 1"
    ((text,),) = connection.execute(f"EXPLAIN {query}").fetchall()
    ((plan,),) = connection.execute(f"EXPLAIN (VERBOSE, FORMAT JSON) {query}").fetchall()
    assert str(text).startswith("<plans>")
    assert plan == [{"Plan": {"Node Type": "IRIS", "Text": text}}]


def test_the_plan_comes_in_the_shapes_of_postgresql(connection: Connection) -> None:
    query = "SELECT name FROM explained WHERE id < 1 AND name > 'é'"
    ((text,),) = connection.execute(f"EXPLAIN {query}").fetchall()
    ((xml,),) = (cursor := connection.execute(f"EXPLAIN (FORMAT XML) {query}")).fetchall()
    assert cursor.description is not None and cursor.description[0].type_code == 142
    names = {"": "http://www.postgresql.org/2009/explain"}
    plan = ElementTree.fromstring(str(xml)).find("Query/Plan", names)
    assert plan is not None and plan.findtext("Node-Type", None, names) == "IRIS" and plan.findtext("Text", None, names) == text
    ((lines,),) = (cursor := connection.execute(f"EXPLAIN (FORMAT yaml) {query}")).fetchall()
    assert cursor.description is not None and cursor.description[0].type_code == 25
    begin, _, shown = str(lines).partition("    Text: ")
    assert begin == '- Plan: \n    Node Type: "IRIS"\n' and json.loads(shown) == text


def test_the_steps_come_in_the_shapes_of_postgresql(connection: Connection) -> None:
    statement = "UPDATE explained SET name = 'x' WHERE id < 2"
    sent = "UPDATE SQLUser.explained SET name = 'x' WHERE id < 2"
    yaml = f'- Plan: \n    Node Type: "IRIS SQL"\n    Statements: \n      - "{sent}"'
    assert connection.execute(f"EXPLAIN (FORMAT YAML) {statement}").fetchall() == [(yaml,)]
    ((xml,),) = connection.execute(f"EXPLAIN (FORMAT XML, COSTS off) {statement}").fetchall()
    assert str(xml).splitlines()[3:7] == [
        "      <Node-Type>IRIS SQL</Node-Type>",
        "      <Statements>",
        f"        <Item>{sent.replace('<', '&lt;')}</Item>",
        "      </Statements>",
    ]


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("UPDATE explained SET name = 'x' WHERE id = 1", ["UPDATE SQLUser.explained SET name = 'x' WHERE id = 1"]),
        ("SELECT 1", []),
    ],
)
def test_of_other_statements_the_steps_are_shown(connection: Connection, statement: str, wanted: list[str]) -> None:
    ((plan,),) = connection.execute(f"EXPLAIN (FORMAT JSON) {statement}").fetchall()
    assert plan == [{"Plan": {"Node Type": "IRIS SQL", "Statements": wanted}}]
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="EXPLAIN ANALYZE of this statement"):
        connection.execute(f"EXPLAIN ANALYZE {statement}")


@pytest.fixture
def prepared(connection: Connection) -> Callable[[str], list[tuple[object, ...]]]:
    connection.execute("INSERT INTO explained VALUES (1, 'a')")
    connection.execute("PREPARE p (int) AS SELECT name FROM explained WHERE id = $1")
    return lambda text: connection.execute(text, prepare=False).fetchall()


def test_a_prepared_statement_is_explained_without_being_run(prepared: Callable[[str], list[tuple[object, ...]]]) -> None:
    wanted = {"Node Type": "IRIS SQL", "Statements": ["SELECT name FROM SQLUser.explained WHERE id = ?"]}
    assert prepared("EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE p (NULL)") == [([{"Plan": wanted}],)]
    assert prepared("EXPLAIN EXECUTE p (1)") == [("IRIS SQL: SELECT name FROM SQLUser.explained WHERE id = ?",)]
    assert prepared("EXECUTE p (1)") == [("a",)]
    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        prepared("EXPLAIN EXECUTE q")
    with pytest.raises(psycopg.errors.SyntaxError, match="wrong number of parameters"):
        prepared("EXPLAIN EXECUTE p")
