"""Statements that are neither PostgreSQL that is known nor IRIS SQL."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from tests.support.servers import Server


@pytest.mark.parametrize("parameters", [None, (1,)], ids=["simple", "extended"])
def test_a_hint_tells_why_the_parser_of_iris_speaks(pgiris: Server, parameters: tuple[int] | None) -> None:
    marks = "" if parameters is None else " WHERE 1 = %s"
    with psycopg.connect(pgiris.dsn(), autocommit=True) as connection:
        with pytest.raises(errors.SyntaxError) as failed:
            connection.execute(f"SELECT 1 AS a{marks} WITHIN 3".encode(), parameters)
        assert failed.value.diag.message_hint is not None
        assert "does not know the statement as PostgreSQL" in failed.value.diag.message_hint


def test_iris_sql_needs_no_hint(pgiris: Server) -> None:
    with psycopg.connect(pgiris.dsn(), autocommit=True) as connection:
        with pytest.raises(errors.SyntaxError) as failed:
            connection.execute(b"SELECT TOP 5 FROM FROM t")
        assert failed.value.diag.message_hint is None
