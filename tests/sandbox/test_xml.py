"""XML functions: the examples of the manual's topics XMLELEMENT, XMLFOREST, XMLCONCAT and XMLAGG."""

from __future__ import annotations

from typing import Any

import pytest
import sqlglot

from pgiris.sql.iris import IRIS
from tests.sandbox.conftest import sqlcode

CALLS = [
    ('XMLELEMENT("Para", Name)', "<Para>Emerson,Molly N.</Para>"),
    ("XMLELEMENT(NAME \"Address\", City, ' ', State)", "<Address>B&lt;&amp;&quot;&apos;&gt; MA</Address>"),
    ("XMLELEMENT(NAME, Name)", "<Name>Emerson,Molly N.</Name>"),
    ('XMLELEMENT("Para", Notes)', "<Para><![CDATA[a <note>]]></Para>"),
    ('XMLELEMENT("Para", NULL)', "<Para></Para>"),
    ("XMLELEMENT(\"Para\", Nothing, '')", "<Para></Para>"),
    ('XMLELEMENT("Para", State, XMLELEMENT("Emphasis", Name), Age)', "<Para>MA<Emphasis>Emerson,Molly N.</Emphasis>24</Para>"),
    ('XMLELEMENT("Para", Born, (SELECT XMLELEMENT("Sub", State) FROM Person))', "<Para>50053<Sub>MA</Sub></Para>"),
    ('XMLELEMENT("a", CASE WHEN Age < 21 THEN NULL ELSE XMLELEMENT("b", Age) END)', "<a>&lt;b&gt;24&lt;/b&gt;</a>"),
    ('XMLELEMENT("Para", XMLATTRIBUTES(%ID), Name)', "<Para ID='1' >Emerson,Molly N.</Para>"),
    ('XMLELEMENT("Para", XMLATTRIBUTES(%ID AS ItemKey), Name)', "<Para ItemKey='1' >Emerson,Molly N.</Para>"),
    ("XMLFOREST(State, Name AS nAme, Nothing, Void)", "<STATE>MA</STATE><nAme>Emerson,Molly N.</nAme><VOID></VOID>"),
    ('XMLFOREST(Age + 1 AS "next age", Notes)', "<next age>25</next age><NOTES><![CDATA[a <note>]]></NOTES>"),
    ('XMLCONCAT(XMLELEMENT("a", State), XMLFOREST(Age))', "<a>MA</a><AGE>24</AGE>"),
    (
        'XMLELEMENT("Item", Name, XMLCONCAT(XMLELEMENT("p", State), XMLELEMENT("p", \'is\')))',
        "<Item>Emerson,Molly N.<p>MA</p><p>is</p></Item>",
    ),
]
REFUSED = [
    "XMLELEMENT(State, Age)",
    "XMLELEMENT('p', Age)",
    'XMLELEMENT("p", XMLATTRIBUTES(Age), XMLATTRIBUTES(State))',
    'XMLELEMENT("p", XMLATTRIBUTES(Age, State))',
    'XMLELEMENT("p", XMLATTRIBUTES(Age + 1))',
    "XMLFOREST(Age + 1)",
    "XMLCONCAT(Name, State)",
    "XMLATTRIBUTES(Name)",
]


@pytest.fixture
def person(run: Any) -> None:
    run(
        "CREATE TABLE Person (Name VARCHAR(30), City VARCHAR(20), State VARCHAR(2), Age INTEGER, Born DATE, Notes LONGVARCHAR,"
        " Nothing VARCHAR(3), Void VARCHAR(3))"
    )
    run("INSERT INTO Person VALUES ('Emerson,Molly N.', ?, 'MA', 24, '1978-01-15', 'a <note>', NULL, '')", "B<&\"'>")


@pytest.mark.parametrize(("call", "expected"), CALLS, ids=[call for call, _ in CALLS])
def test_values_are_put_between_tags(run: Any, person: None, call: str, expected: str) -> None:
    assert run(f"SELECT {call} AS x FROM Person") == [(expected,)]
    written = sqlglot.parse_one(f"SELECT {call} AS x FROM Person", dialect=IRIS).sql(IRIS)
    assert run(written) == [(expected,)]


@pytest.mark.parametrize("call", REFUSED)
def test_what_the_manual_does_not_allow_is_a_syntax_error(failure: Any, person: None, call: str) -> None:
    assert sqlcode(failure(f"SELECT {call} FROM Person")) == -1


def test_xmlagg_joins_the_values_of_rows(run: Any, failure: Any, person: None) -> None:
    run("INSERT INTO Person (State, Age) VALUES ('NH', 24)")
    run("INSERT INTO Person (State) VALUES ('MA')")
    assert run('SELECT XMLAGG(XMLELEMENT("para", State)) FROM Person') == [("<para>MA</para><para>NH</para><para>MA</para>",)]
    assert run("SELECT XMLAGG(DISTINCT State), XMLAGG(Name), XMLAGG(Nothing) FROM Person") == [("MANH", "Emerson,Molly N.", None)]
    assert run('SELECT XMLELEMENT("all", XMLAGG(XMLELEMENT("s", State))) FROM Person WHERE Age = 24') == [
        ("<all><s>MA</s><s>NH</s></all>",)
    ]
    assert run("SELECT Age, XMLAGG(State %FOREACH(Age)) FROM Person ORDER BY %ID") == [(24, "MANH"), (24, "MANH"), (None, "MA")]
    assert sqlcode(failure("SELECT XMLAGG(Notes) FROM Person")) == -37
