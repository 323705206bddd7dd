"""Clients share IRIS processes: IRIS SQL that would change them for others, or reach into others' statements, is refused."""

from __future__ import annotations

import pytest

from pgiris.errors import PgError
from pgiris.sql import Options, translate


@pytest.mark.parametrize(
    "sql",
    [
        "SET OPTION LOCK_TIMEOUT = 1",
        "set  option EXACT_DISTINCT = TRUE",
        "CANCEL QUERY 1234",
        "/* well */ CANCEL QUERY 1234 TIMEOUT 5",
        "SELECT %SYSTEM_SQL.Util_SetOption('AutoCommit', 2)",
        "USE DATABASE SALES",
    ],
)
def test_what_changes_the_process_is_refused(sql: str) -> None:
    with pytest.raises(PgError) as refused:
        translate(sql, Options())
    assert refused.value.code == "0A000"


@pytest.mark.parametrize(
    "sql", ["SELECT 'CANCEL QUERY 1' AS a, %ID FROM t", "SELECT '%SYSTEM_SQL.Util_SetOption(1)', %ID FROM t"]
)
def test_strings_may_say_anything(sql: str) -> None:
    assert translate(sql, Options())
